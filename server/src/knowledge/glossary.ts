import data from '../../../schemas/knowledge/glossary.json' with { type: 'json' };
import type { GlossaryRow, GlossaryTable } from '../generated/knowledge-types.d.ts';
import { byId, table } from './table.ts';

export type GlossaryTerm = GlossaryRow;

export const glossaryTable: readonly GlossaryTerm[] = table<GlossaryTable>(data).rows;
const rows = byId<string, GlossaryTerm>(glossaryTable);

export function glossaryTerm(id: string): GlossaryTerm | undefined {
  return rows.get(id);
}

/** Terms that explain a setting of a run, e.g. `learningRate`; the most telling first. */
export function termsForSetting(setting: string): GlossaryTerm[] {
  return glossaryTable.filter((row) => row.keys.includes(setting));
}
