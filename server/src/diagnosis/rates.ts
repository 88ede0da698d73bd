import { limit } from '../knowledge/limits.ts';
import { show } from '../number-text.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { finite } from '../symptoms/loss-track.ts';
import { curve, type MetricSeries } from '../symptoms/metric-series.ts';
import { largest } from '../symptoms/statistics.ts';
import { type Text, text } from '../text.ts';
import { usualRate } from '../training/reference-rate.ts';

/** The last rate logged up to `step`; undefined where the log has none. */
export function rateAt(series: MetricSeries, step: number): number | undefined {
  const { steps, values } = finite(curve(series, 'lr'));
  let rate: number | undefined;
  steps.forEach((at, index) => {
    if (at <= step) rate = values[index];
  });
  return rate ?? values[0];
}

/** The highest logged rate and the step it was first reached at. */
export function peakRate(series: MetricSeries): { readonly rate: number; readonly step: number } | undefined {
  const { steps, values } = finite(curve(series, 'lr'));
  const rate = largest(values);
  if (!(rate > 0)) return undefined;
  return { rate, step: steps[values.findIndex((value) => value >= 0.999 * rate)] ?? 1 };
}

/** The rate still rises at the last value: its peak is not in the log. */
export function stillRising(series: MetricSeries): boolean {
  const { values } = finite(curve(series, 'lr'));
  const last = values.at(-1) ?? 0;
  return values.length > 2 && last > (values.at(-2) ?? 0) && last >= largest(values);
}

/**
 * Why the log is not of this config: its rates are others. Undefined when nothing speaks against it; then what the
 * log shows may be laid to the config's lines.
 */
export function otherConfig(run: TrainingRun, series: MetricSeries): Text | undefined {
  const peak = peakRate(series);
  const rate = valueOf(run, 'learningRate');
  if (!peak || !rate) return undefined;
  const tooHigh = peak.rate > limit('log-rate-tolerance') * rate;
  const tooLow = peak.rate < limit('log-peak-share') * rate && !stillRising(series);
  if (!tooHigh && !tooLow) return undefined;
  return text(
    `This log is of another run: its learning rate goes up to ${show(peak.rate, 3)}, this config says ${show(rate, 3)}. Nothing is laid to the config's lines.`,
    `이 설정으로 학습한 로그가 아닙니다. 로그의 학습률은 최고 ${show(peak.rate, 3)}인데 설정은 ${show(rate, 3)}입니다. 그래서 설정의 줄과 연결하지 않았습니다.`,
  );
}

/** How many times the usual rate of its situation is configured; 1 where either is not known. */
export function timesUsual(run: TrainingRun): number {
  const rate = valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  return rate && optimizer !== undefined ? rate / usualRate(run, optimizer) : 1;
}
