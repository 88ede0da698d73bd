import { type TrainingRun, valueOf } from '../../run/training-run.ts';

/** The rate of the first step that moves anything; `undefined` where the length of the warm-up is not known. */
export function firstRate(run: TrainingRun, rate: number): number | undefined {
  const steps = valueOf(run, 'warmupSteps');
  if (steps !== undefined && steps > 0) return rate / steps;
  const ratio = valueOf(run, 'warmupRatio') ?? valueOf(run, 'warmupEpochs');
  // At least ten steps, however short the run: enough to say that it starts lower.
  return ratio !== undefined && ratio > 0 ? rate / 10 : rate;
}
