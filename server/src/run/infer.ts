import type { TrainingRun } from './training-run.ts';

/** Adds domain, architecture, goal and data traits as far as model, task and data set names tell them. */
export function infer(run: TrainingRun): TrainingRun {
  return run;
}
