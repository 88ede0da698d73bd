import { type UsualValue, usualValueTable } from '../../knowledge/numbers.ts';
import { methodOf, stageOf } from '../../run/situation.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { knownOptimizer } from './optimizers.ts';

/** A usual value with its numbers complete: where the table gives no range, the typical value is the range. */
export interface Usual {
  readonly row: UsualValue;
  readonly typical: number;
  readonly low: number;
  readonly high: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The usual value of a setting for what the run is known to be, from the row that says most about it. A row that
 * asks for something unknown about the run does not apply.
 */
export function usualFor(
  run: TrainingRun,
  setting: UsualValue['setting'],
  dialect?: string,
): Usual | undefined {
  let best: UsualValue | undefined;
  let bestScore = -1;
  for (const row of usualValueTable) {
    const score = row.setting === setting && row.usedByRules ? scoreOf(row, run, dialect) : -1;
    if (score > bestScore) [best, bestScore] = [row, score];
  }
  return best && complete(best);
}

/** A usual value by its id. Throws for an id the table does not hold: the rules' own tests see to that. */
export function usualById(id: string): Usual {
  const row = usualValueTable.find((one) => one.id === id);
  const usual = row && complete(row);
  if (!usual) throw new Error(`no usual value with the id ${id}`);
  return usual;
}

/** How many of the row's conditions the run meets; -1 when it fails one. */
function scoreOf(row: UsualValue, run: TrainingRun, dialect: string | undefined): number {
  let score = 0;
  const ask = (list: readonly string[] | undefined, value: string | undefined, weight = 1) => {
    if (list === undefined || score < 0) return;
    score = value !== undefined && list.includes(value) ? score + weight : -1;
  };
  // What a framework means by a setting outweighs everything else.
  ask(row.dialects, dialect, 10);
  ask(row.optimizers, knownOptimizer(run));
  ask(row.conditions?.stages, stageOf(run));
  ask(row.conditions?.methods, methodOf(run));
  if (score < 0 || (row.architectures === undefined && row.domains === undefined)) return score;
  const architecture = valueOf(run, 'architecture');
  const domain = valueOf(run, 'domain');
  if (architecture && row.architectures) return row.architectures.includes(architecture) ? score + 2 : -1;
  return domain && row.domains?.includes(domain) ? score + 1 : -1;
}

function complete(row: UsualValue): Usual | undefined {
  const typical = row.typical ?? row.limit;
  if (typical === undefined) return undefined;
  const { low, high } = row.usual ?? { low: typical, high: typical };
  const ends = row.extremes ?? { low, high };
  return { row, typical, low, high, lowest: ends.low, highest: ends.high };
}
