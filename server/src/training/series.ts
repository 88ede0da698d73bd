import type { RunResult, StepRecord } from '@trainlint/kernels';
import { type Curve, curveOf, type MetricId, type MetricSeries } from '../symptoms/metric-series.ts';
import { median } from '../symptoms/statistics.ts';

/** Names of `StepRecord.metrics` that detectors know. */
const proxyMetrics: readonly MetricId[] = [
  'approxKl',
  'clipFraction',
  'qMax',
  'return',
  'discriminatorAccuracy',
  'modes',
];

/** What detectors see of a mini-run; `plannedSteps` is what it was asked to do. */
export function seriesOf({ records, initial }: RunResult, plannedSteps: number): MetricSeries {
  const curves: { [M in MetricId]?: Curve } = {};
  const add = (metric: MetricId, value: (record: StepRecord) => number | undefined, start?: number) => {
    const points: [number, number][] = start === undefined ? [] : [[0, start]];
    for (const record of records) {
      const each = value(record);
      if (each !== undefined) points.push([record.step, each]);
    }
    if (points.length > 0) curves[metric] = curveOf(points);
  };
  add('loss', ({ loss }) => loss);
  add('gradNorm', ({ gradNorm }) => gradNorm);
  add('lr', ({ lr }) => lr);
  add('updateRatio', ({ updateRatio }) => updateRatio);
  add('probeLoss', ({ probeLoss }) => probeLoss, initial.probeLoss);
  add('valLoss', ({ valLoss }) => valLoss, initial.valLoss);
  add('deadUnits', ({ deadUnits }) => deadUnits);
  for (const metric of proxyMetrics) add(metric, ({ metrics }) => metrics?.[metric]);
  const plays = curves.return !== undefined || curves.modes !== undefined;
  return { curves, unit: 'step', origin: 'proxy', plannedSteps, ...(plays && { lossFalls: false }) };
}

/**
 * What a run ended at, lower is better: the median of the last tenth of its probe or validation losses; where the loss
 * is no measure, one over the return or over the modes reached. Infinity when it broke off or is not finite.
 */
export function endLoss(
  result: RunResult,
  plannedSteps: number,
  of: 'probeLoss' | 'valLoss' = 'probeLoss',
): number {
  const { records } = result;
  if (!result.finite || (records.at(-1)?.step ?? 0) < plannedSteps) return Number.POSITIVE_INFINITY;
  const tail = (value: (record: StepRecord) => number | undefined, least: number) => {
    const values = records.flatMap((record) => value(record) ?? []);
    return values.slice(-Math.max(least, Math.floor(values.length / 10)));
  };
  for (const objective of ['return', 'modes'] as const) {
    const values = tail(({ metrics }) => metrics?.[objective], 4);
    if (values.length > 0) return 1 / Math.max(median(values), 1e-3);
  }
  const measured = tail((record) => record[of], of === 'valLoss' ? 2 : 4);
  return median(measured.length > 0 ? measured : tail(({ loss }) => loss, 4));
}
