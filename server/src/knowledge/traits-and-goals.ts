import traits from '../../../schemas/knowledge/data-trait-preferences.json' with { type: 'json' };
import goals from '../../../schemas/knowledge/goal-preferences.json' with { type: 'json' };
import type {
  DataTraitPreferencesRow,
  DataTraitPreferencesTable,
  GoalPreferencesRow,
  GoalPreferencesTable,
} from '../generated/knowledge-types.d.ts';
import type { GoalId, TraitId } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type DataTraitPreference = DataTraitPreferencesRow;
export type GoalPreference = GoalPreferencesRow;

export const dataTraitPreferenceTable: readonly DataTraitPreference[] =
  table<DataTraitPreferencesTable>(traits).rows;
export const goalPreferenceTable: readonly GoalPreference[] = table<GoalPreferencesTable>(goals).rows;

const traitRows = byId<TraitId, DataTraitPreference>(dataTraitPreferenceTable);
const goalRows = byId<GoalId, GoalPreference>(goalPreferenceTable);

export function dataTraitPreference(id: TraitId): DataTraitPreference {
  return rowOf(traitRows, id);
}

export function goalPreference(id: GoalId): GoalPreference {
  return rowOf(goalRows, id);
}
