import bf16Models from '../../../schemas/knowledge/bf16-models.json' with { type: 'json' };
import strictness from '../../../schemas/knowledge/loader-strictness.json' with { type: 'json' };
import renamed from '../../../schemas/knowledge/renamed-keys.json' with { type: 'json' };
import conflicts from '../../../schemas/knowledge/setting-conflicts.json' with { type: 'json' };
import words from '../../../schemas/knowledge/word-settings.json' with { type: 'json' };
import type {
  Bf16ModelsRow,
  Bf16ModelsTable,
  LoaderStrictnessRow,
  LoaderStrictnessTable,
  RenamedKeysRow,
  RenamedKeysTable,
  SettingCondition,
  SettingConflictsRow,
  SettingConflictsTable,
  SettingFix,
  WordSettingsRow,
  WordSettingsTable,
} from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

export type SettingConflict = SettingConflictsRow;
export type RenamedKey = RenamedKeysRow;
export type WordSetting = WordSettingsRow;
export type LoaderStrictness = LoaderStrictnessRow;
export type Bf16Model = Bf16ModelsRow;
export type { SettingCondition, SettingFix };

/** Settings of one framework that exclude each other, or that it accepts and ignores. */
export const settingConflictTable: readonly SettingConflict[] = table<SettingConflictsTable>(conflicts).rows;
/** Keys that a framework has renamed or dropped. */
export const renamedKeyTable: readonly RenamedKey[] = table<RenamedKeysTable>(renamed).rows;
/** Settings whose value is a word that YAML 1.1 reads as a boolean. */
export const wordSettingTable: readonly WordSetting[] = table<WordSettingsTable>(words).rows;
/** How strictly loaders and config classes take a file. */
export const loaderStrictnessTable: readonly LoaderStrictness[] =
  table<LoaderStrictnessTable>(strictness).rows;
/** Pretrained models whose activations leave the range of fp16. */
export const bf16ModelTable: readonly Bf16Model[] = table<Bf16ModelsTable>(bf16Models).rows;

/** The row about one property of a dialect or its loader, if there is one. */
export function strictnessOf(
  property: 'refusesDuplicateKeys' | 'refusesIntegerForFloat',
  dialect: string,
  loader: string,
): LoaderStrictness | undefined {
  return loaderStrictnessTable.find(
    (row) => row[property] && (row.dialects?.includes(dialect) || row.loaders?.includes(loader)),
  );
}
