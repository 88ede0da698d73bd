/**
 * Takes an imported JSON table as the type generated from its schema. TypeScript widens the literals of
 * JSON to `string`, so the types cannot meet; the tests hold each file against its schema instead.
 */
export function table<T>(data: unknown): T {
  return data as T;
}

/** Rows by id. */
export function byId<Id extends string, Row extends { id: Id }>(rows: readonly Row[]): ReadonlyMap<Id, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** The row that every id of a closed list has; the tests hold the tables complete. */
export function rowOf<Id extends string, Row>(rows: ReadonlyMap<Id, Row>, id: Id): Row {
  const row = rows.get(id);
  if (row === undefined) throw new Error(`no row with the id ${id}`);
  return row;
}
