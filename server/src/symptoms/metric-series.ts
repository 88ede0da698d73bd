import { type Text, text } from '../text.ts';

/** What training curves hold, wherever they come from: a mini-run of a proxy or a framework's log. */

/** `deadUnits`: fraction of units whose output is always zero, in [0, 1]. The last four are specific to RL and GAN proxies. */
export type MetricId =
  | 'loss'
  | 'gradNorm'
  | 'lr'
  | 'probeLoss'
  | 'valLoss'
  | 'updateRatio'
  | 'deadUnits'
  | 'approxKl'
  | 'clipFraction'
  | 'qMax'
  | 'return'
  | 'discriminatorAccuracy'
  | 'modes';

/** One metric over time: `steps` strictly increasing, `values` of equal length; NaN and Infinity are real numbers here. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface MetricSeries {
  /** Curves that were measured; each has points at its own steps. */
  readonly curves: { readonly [M in MetricId]?: Curve };
  /** What a step is: an optimizer step, or an epoch where the log has nothing finer. */
  readonly unit: 'step' | 'epoch';
  /** False where a falling loss is no sign of learning: reinforcement learning and adversarial training. Default true. */
  readonly lossFalls?: boolean;
  /** Steps the run was meant to have; absent = as many as there are. */
  readonly plannedSteps?: number;
  /**
   * `proxy`: every step is recorded and `probeLoss` is noise-free, which the thresholds were calibrated on.
   * `log`: loss is noisy, possibly averaged over several steps, and often nothing else is there.
   */
  readonly origin: 'proxy' | 'log';
}

export const emptyCurve: Curve = { steps: [], values: [] };

/** Builds a curve from points in any order; of several values for one step the last one counts. */
export function curveOf(points: Iterable<readonly [step: number, value: number]>): Curve {
  const byStep = new Map<number, number>();
  for (const [step, value] of points) byStep.set(step, value);
  const sorted = [...byStep].sort((a, b) => a[0] - b[0]);
  return { steps: sorted.map(([step]) => step), values: sorted.map(([, value]) => value) };
}

/** The curve of `metric`, empty when it was not measured. */
export function curve(series: MetricSeries, metric: MetricId): Curve {
  return series.curves[metric] ?? emptyCurve;
}

/** The word for a step of this series. */
export function unitOf({ unit }: MetricSeries): Text {
  return unit === 'step' ? text('step', '스텝') : text('epoch', '에폭');
}

/** The last step anything was recorded at, at least 1. */
export function lastStep(series: MetricSeries): number {
  let last = 1;
  for (const { steps } of Object.values(series.curves)) last = Math.max(last, steps.at(-1) ?? 1);
  return last;
}
