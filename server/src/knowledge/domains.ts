import data from '../../../schemas/knowledge/domain-preferences.json' with { type: 'json' };
import type { DomainPreferencesRow, DomainPreferencesTable } from '../generated/knowledge-types.d.ts';
import type { DomainId, OptimizerId } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type DomainPreference = DomainPreferencesRow;

export const domainPreferenceTable: readonly DomainPreference[] = table<DomainPreferencesTable>(data).rows;
const rows = byId<DomainId, DomainPreference>(domainPreferenceTable);

export function domainPreference(id: DomainId): DomainPreference {
  return rowOf(rows, id);
}

/** Rank 1 to 3 of an optimizer in a domain; `also-used` where published work uses it; else undefined. */
export function optimizerStanding(
  domain: DomainId,
  optimizer: OptimizerId,
): 1 | 2 | 3 | 'also-used' | undefined {
  const row = domainPreference(domain);
  const preference = row.preferences.find((entry) => entry.optimizer === optimizer);
  if (preference !== undefined) return preference.rank;
  return row.alsoUsed.some((entry) => entry.optimizer === optimizer) ? 'also-used' : undefined;
}
