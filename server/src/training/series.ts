import type { RunResult, StepRecord } from '@trainlint/kernels';
import { type Curve, curveOf, type MetricId, type MetricSeries } from '../symptoms/metric-series.ts';
import { median } from '../symptoms/statistics.ts';

/** Names of `StepRecord.metrics` that detectors know. */
const proxyMetrics: readonly MetricId[] = [
  'deadUnits',
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
  for (const metric of proxyMetrics) add(metric, ({ metrics }) => metrics?.[metric]);
  return { curves, unit: 'step', origin: 'proxy', plannedSteps };
}

/** The loss a run ended at: median of the last tenth of its probes; Infinity when it broke off or is not finite. */
export function endLoss(
  result: RunResult,
  plannedSteps: number,
  of: 'probeLoss' | 'valLoss' = 'probeLoss',
): number {
  const last = result.records.at(-1)?.step ?? 0;
  if (!result.finite || last < plannedSteps) return Number.POSITIVE_INFINITY;
  const values = result.records.flatMap((record) => {
    const value = record[of];
    return value === undefined ? [] : [value];
  });
  const used = values.length > 0 ? values : result.records.map(({ loss }) => loss);
  return median(used.slice(-Math.max(of === 'valLoss' ? 2 : 4, Math.floor(used.length / 10))));
}
