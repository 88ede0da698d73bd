import type { OptimizerId, TrainingMethod, TrainingStage } from '../../knowledge/ids.ts';
import { type Situation, situationTable } from '../../knowledge/situations.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';

/** Learning rates in use for what a run is known to be. */
export interface UsualRate {
  /** Where most published runs of the matching situations lie, moved to the run's batch where they scale with it. */
  readonly low: number;
  readonly high: number;
  /** The furthest published ones. */
  readonly lowest: number;
  readonly highest: number;
  /** A rate to begin with. */
  readonly typical: number;
  /** The situations that fit, most fitting first. */
  readonly situations: readonly Situation[];
}

/**
 * The rates that `optimizer` is used with in the situations the run may be in. What is not known about the run
 * (method, stage, size, number of devices) widens the range, so that an unknown never makes an alarm.
 */
export function usualRate(run: TrainingRun, optimizer: OptimizerId): UsualRate | undefined {
  const situations = situationsOf(run).filter((row) => row.optimizers.includes(optimizer));
  const [first] = situations;
  if (!first) return undefined;
  const rates = situations.map((row) => {
    const factor = batchFactor(run, row);
    const up = Math.max(1, factor);
    const down = Math.min(1, factor);
    const { usual, extremes, typical } = row.learningRate;
    return {
      low: usual.low * down,
      high: usual.high * up,
      lowest: extremes.low * down,
      highest: extremes.high * up,
      typical: typical * factor,
    };
  });
  return {
    low: Math.min(...rates.map(({ low }) => low)),
    high: Math.max(...rates.map(({ high }) => high)),
    lowest: Math.min(...rates.map(({ lowest }) => lowest)),
    highest: Math.max(...rates.map(({ highest }) => highest)),
    typical: rates[0]?.typical ?? first.learningRate.typical,
    situations,
  };
}

/** Situations that nothing known about the run excludes, whatever the optimizer. */
export function situationsOf(run: TrainingRun): readonly Situation[] {
  const architecture = valueOf(run, 'architecture');
  const domain = valueOf(run, 'domain');
  const method = methodOf(run);
  const stages = stagesOf(run);
  const size = valueOf(run, 'parameterCount');
  if (method === 'none') return [];
  return situationTable.filter((row) => {
    if (!row.usedByRules) return false;
    const fits = architecture
      ? row.architectures.includes(architecture)
      : domain !== undefined && row.domains.includes(domain);
    return (
      fits &&
      (method === undefined || row.methods.includes(method)) &&
      (stages === undefined || stages.some((stage) => row.stages.includes(stage))) &&
      (size === undefined ||
        (size >= (row.parameters?.low ?? 0) && size <= (row.parameters?.high ?? Number.POSITIVE_INFINITY)))
    );
  });
}

/** `none`: prompt tuning, for which the tables hold no rates. */
function methodOf(run: TrainingRun): TrainingMethod | 'none' | undefined {
  const method = valueOf(run, 'method');
  if (run.opaque.has('method')) return undefined;
  if (method === 'freeze') return 'frozen-backbone';
  return method === 'prompt' ? 'none' : method;
}

function stagesOf(run: TrainingRun): readonly TrainingStage[] | undefined {
  const objective = valueOf(run, 'objective');
  const architecture = valueOf(run, 'architecture');
  const goal = valueOf(run, 'goal');
  if (objective === 'preference' || objective === 'reward-model') return ['preference-tuning'];
  if (objective === 'online-rl' || architecture === 'ppo' || architecture === 'dqn') return ['reinforcement'];
  const scratch = valueOf(run, 'fromScratch');
  if (scratch === true) return ['pretraining'];
  // Continued pretraining starts from weights and goes by rates of its own, listed under pretraining.
  if (objective === 'pretraining') return ['pretraining'];
  if (scratch === false || goal === 'fine-tuning' || goal === 'transfer-learning') return ['fine-tuning'];
  return undefined;
}

/** What the batch does to a rate of the row: 1 where it is not known or practice does not scale. */
export function batchFactor(run: TrainingRun, row: Situation): number {
  const batch = valueOf(run, 'globalBatch');
  if (row.scaling === 'none' || row.referenceBatch === undefined || !batch) return 1;
  const ratio = batch / row.referenceBatch;
  return row.scaling === 'linear' ? ratio : Math.sqrt(ratio);
}
