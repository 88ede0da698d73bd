import type { OptimizerId } from '../../knowledge/ids.ts';
import type { Situation } from '../../knowledge/situations.ts';
import { batchFactor, likelySituations, situationsOf } from '../../run/situation.ts';
import type { TrainingRun } from '../../run/training-run.ts';

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
  return rateOf(run, optimizer, situationsOf(run));
}

/** The rates of the likeliest situation where the file leaves some open. Good for a mild word, not for a strong one. */
export function likelyRate(run: TrainingRun, optimizer: OptimizerId): UsualRate | undefined {
  const rows = likelySituations(run);
  return rows && rateOf(run, optimizer, rows);
}

function rateOf(run: TrainingRun, optimizer: OptimizerId, rows: readonly Situation[]): UsualRate | undefined {
  const situations = rows.filter((row) => row.optimizers.includes(optimizer));
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
