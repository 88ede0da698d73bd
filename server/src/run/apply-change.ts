import type { Change } from './change.ts';
import { derive, equivalents } from './derive.ts';
import type { FieldId } from './fields.ts';
import type { MutableSettings } from './setting.ts';
import type { Place, TrainingRun } from './training-run.ts';

/**
 * The run as it would be after a change: what is trained again to see whether a fix heals.
 * Operations about spelling (`respell`, `rename`, `delete`) leave the run as it is: they change text, not intent.
 */
export function applyChange(run: TrainingRun, change: Change): TrainingRun {
  const settings: MutableSettings = {};
  for (const [field, setting] of Object.entries(run.settings))
    if (setting.from !== 'derived') (settings as Record<string, unknown>)[field] = setting;
  const opaque = new Map<FieldId, Place>(run.opaque);
  for (const operation of change.operations) {
    if (operation.op !== 'set' && operation.op !== 'unset') continue;
    const { field } = operation;
    for (const other of equivalents.find((group) => group.includes(field)) ?? [field]) {
      delete settings[other];
      opaque.delete(other);
    }
    if (operation.op === 'set')
      (settings as Record<string, unknown>)[field] = { value: operation.value, from: 'file' };
  }
  return derive({ ...run, settings, opaque });
}
