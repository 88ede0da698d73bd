import { isStated, settingOf, type TrainingRun, valueOf } from '../../run/training-run.ts';
import { formatCount } from './numbers.ts';

/** `3 epochs`, `10,000 steps`, as the file says it; undefined when nothing says how long the run is. */
export function durationText(run: TrainingRun): { en: string; ko: string } | undefined {
  const epochs = valueOf(run, 'epochs');
  const maxSteps = valueOf(run, 'maxSteps');
  if (maxSteps !== undefined && maxSteps > 0)
    return { en: `${formatCount(maxSteps)} steps`, ko: `${formatCount(maxSteps)}스텝` };
  if (epochs !== undefined) return { en: epochs === 1 ? '1 epoch' : `${epochs} epochs`, ko: `${epochs}에폭` };
  const total = valueOf(run, 'totalSteps');
  return total === undefined
    ? undefined
    : { en: `${formatCount(total)} steps`, ko: `${formatCount(total)}스텝` };
}

/**
 * Whether the total number of steps is certain: the file or the user says it, or it follows from facts that all
 * stand there. A length that rests on an assumed number of devices is not.
 */
export function totalStepsAreCertain(run: TrainingRun): boolean {
  const from = settingOf(run, 'totalSteps')?.from;
  if (from === 'file' || from === 'comment' || from === 'project') return true;
  if (from !== 'derived') return false;
  if ((valueOf(run, 'maxSteps') ?? 0) > 0) return isStated(run, 'maxSteps');
  const batchIsCertain =
    (isStated(run, 'globalBatch') && !run.opaque.has('globalBatch')) ||
    (isStated(run, 'batchPerDevice') && isStated(run, 'worldSize'));
  return isStated(run, 'epochs') && isStated(run, 'datasetSize') && batchIsCertain;
}
