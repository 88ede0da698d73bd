import data from '../../../schemas/knowledge/architecture-preferences.json' with { type: 'json' };
import type {
  ArchitecturePreferencesRow,
  ArchitecturePreferencesTable,
  NumberOrRange,
} from '../generated/knowledge-types.d.ts';
import type { ArchitectureId, OptimizerId } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type ArchitecturePreference = ArchitecturePreferencesRow;

export const architecturePreferenceTable: readonly ArchitecturePreference[] =
  table<ArchitecturePreferencesTable>(data).rows;
const rows = byId<ArchitectureId, ArchitecturePreference>(architecturePreferenceTable);

export function architecturePreference(id: ArchitectureId): ArchitecturePreference {
  return rowOf(rows, id);
}

/** Whether an optimizer is the row's own choice, or as usual in circumstances the row does not speak of. */
export function isStandardOptimizer(architecture: ArchitectureId, optimizer: OptimizerId): boolean {
  const row = architecturePreference(architecture);
  return (
    row.optimizer === optimizer ||
    row.alsoUsed.some((entry) => entry.standard && entry.optimizer === optimizer)
  );
}

/** A value that may be a range, as a closed range. */
export function asRange(value: NumberOrRange): { low: number; high: number } {
  return typeof value === 'number' ? { low: value, high: value } : { low: value.low, high: value.high };
}
