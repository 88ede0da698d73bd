import { limit } from '../knowledge/limits.ts';
import { finite } from './loss-track.ts';
import { curve, lastStep, type MetricSeries } from './metric-series.ts';
import { median, smallest } from './statistics.ts';

/** Where a validation loss stopped gaining, in the series' own unit. */
export interface Stall {
  /** The last step before which the loss still fell. */
  readonly begins: number;
  /** The first step at which one who watches knows it: a window later. */
  readonly noticed: number;
}

export interface StallLimits {
  /** Share of the run, in (0, 1), over which the loss has to gain something. */
  readonly window: number;
  /** What it has to gain, as a share of all progress before. */
  readonly gain: number;
}

/** Fewer values say nothing about a course. */
const leastPoints = 8;
/** Before a loss has come down by this share of where it started, it has not begun to fall. */
const leastProgress = 0.2;

/**
 * The first stall of the validation loss: smoothed by a running median of three, its best value improves over the next
 * window by less than `gain` times the progress made so far. Undefined when it falls until the last window, never fell,
 * or was measured too rarely.
 */
export function validationStall(
  series: MetricSeries,
  limits: StallLimits = { window: limit('switch-stall-window'), gain: limit('switch-stall-gain') },
): Stall | undefined {
  const { steps, values } = finite(curve(series, 'valLoss'));
  const start = values[0];
  if (start === undefined || values.length < leastPoints) return undefined;
  const smoothed = values.map((_, index) => median(values.slice(Math.max(0, index - 1), index + 2)));
  const length = series.plannedSteps ?? lastStep(series);
  const window = limits.window * length;
  let best = Number.POSITIVE_INFINITY;
  for (const [index, value] of smoothed.entries()) {
    best = Math.min(best, value);
    const begins = steps[index] ?? 0;
    const end = steps.findIndex((step) => step >= begins + window);
    if (end < 0) return undefined;
    const progress = start - best;
    if (progress < leastProgress * Math.abs(start)) continue;
    const gained = best - smallest(smoothed.slice(index + 1, end + 1));
    if (gained < limits.gain * progress) return { begins, noticed: steps[end] ?? begins };
  }
  return undefined;
}
