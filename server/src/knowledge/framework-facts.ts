import conflicts from '../../../schemas/knowledge/setting-conflicts.json' with { type: 'json' };
import type {
  SettingCondition,
  SettingConflictsRow,
  SettingConflictsTable,
  SettingFix,
} from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

export type SettingConflict = SettingConflictsRow;
export type { SettingCondition, SettingFix };

/** Settings of one framework that exclude each other, or that it accepts and ignores. */
export const settingConflictTable: readonly SettingConflict[] = table<SettingConflictsTable>(conflicts).rows;
