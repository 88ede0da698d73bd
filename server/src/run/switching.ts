import { optimizerSwitchingTable } from '../knowledge/choosing.ts';
import { type TrainingRun, valueOf } from './training-run.ts';

/** The row of the table that says to finish a run like this one with SGD; undefined where it says nothing. */
export function switchingAdvice(run: TrainingRun): (typeof optimizerSwitchingTable)[number] | undefined {
  const domain = valueOf(run, 'domain');
  const architecture = valueOf(run, 'architecture');
  return optimizerSwitchingTable.find(
    (row) =>
      row.domains.some((each) => each === domain) && row.architectures.some((each) => each === architecture),
  );
}
