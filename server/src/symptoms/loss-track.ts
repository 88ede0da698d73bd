import { type Curve, curve, type MetricSeries } from './metric-series.ts';
import { largest, median, noiseOf } from './statistics.ts';

/**
 * The loss a detector looks at, at one granularity for every origin: the noise-free probe loss of a mini-run, or a
 * log's training loss in at most {@link maxBins} medians.
 */
export interface LossTrack {
  /** Where each value was taken (the first step of its bin). */
  readonly steps: readonly number[];
  /** All finite. */
  readonly values: readonly number[];
  /** The loss training started from. */
  readonly start: number;
  /** Median of the last tenth. */
  readonly end: number;
  /** Standard deviation of what is not trend; 0 for a probe. */
  readonly noise: number;
  /** The same of the logarithm: losses of single batches scatter by factors. 0 for a probe, or where a value is not above zero. */
  readonly factorNoise: number;
  /** Ratios of losses mean something: every value is above zero. */
  readonly positive: boolean;
}

/** The probes the thresholds were calibrated on have 60 to 200 points. */
const maxBins = 120;
/** Fewer than this many values say nothing about a course. */
const minPoints = 8;

/** Undefined when there are too few finite values or the loss is no measure of progress. */
export function lossTrack(series: MetricSeries): LossTrack | undefined {
  if (series.lossFalls === false) return undefined;
  const probe = finite(curve(series, 'probeLoss'));
  if (probe.values.length >= minPoints) return track(probe, 0, 0);
  const loss = finite(curve(series, 'loss'));
  if (loss.values.length < minPoints) return undefined;
  const size = Math.ceil(loss.values.length / maxBins);
  // The median of n normal values scatters √(π/2n) as much as one of them.
  const shrink = size === 1 ? 1 : Math.sqrt(Math.PI / 2 / size);
  const factors = loss.values.every((value) => value > 0) ? noiseOf(loss.values.map(Math.log)) : 0;
  return track(bins(loss, size), noiseOf(loss.values) * shrink, factors * shrink);
}

function track(points: Curve, noise: number, factorNoise: number): LossTrack {
  const { steps, values } = points;
  // A log's first value can be one odd batch, unless it stands out of the noise; a probe's is exact.
  const first = values[0] ?? Number.NaN;
  const usual = median(values.slice(0, 3));
  const start = Math.abs(first - usual) > 4 * noise ? first : usual;
  const tail = values.slice(-Math.max(3, Math.floor(values.length / 10)));
  return {
    steps,
    values,
    start,
    end: median(tail),
    noise,
    factorNoise,
    positive: values.every((value) => value > 0),
  };
}

export function finite({ steps, values }: Curve): Curve {
  const keep = values.map((value, index) => (Number.isFinite(value) ? index : -1)).filter((i) => i >= 0);
  if (keep.length === values.length) return { steps, values };
  return { steps: keep.map((i) => steps[i] ?? 0), values: keep.map((i) => values[i] ?? 0) };
}

function bins(points: Curve, size: number): Curve {
  if (size === 1) return points;
  const steps: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < points.values.length; i += size) {
    steps.push(points.steps[i] ?? 0);
    values.push(median(points.values.slice(i, i + size)));
  }
  return { steps, values };
}

/** Share of the way from the start to the reference's end that a run covered; 1 = as far, below 0 = worse than at the start. */
export function progress(track: LossTrack, reference: LossTrack): number {
  return (track.start - track.end) / (track.start - reference.end);
}

/** End loss over the reference's; the reference's is held away from zero so that two perfect fits compare as equal. */
export function endRatio(track: LossTrack, reference: LossTrack): number {
  const floor = 1e-3 * Math.abs(track.start);
  return Math.max(track.end, floor) / Math.max(reference.end, floor);
}

/** Whether a run ended clearly above its twin, given `ratio` of {@link endRatio} and `covered` of {@link progress}. */
export function isBehind(
  ratio: number,
  covered: number,
  limits: { readonly endOverReference: number; readonly progress: number; readonly clearlyBehind: number },
): boolean {
  return ratio > limits.endOverReference && (covered < limits.progress || ratio > limits.clearlyBehind);
}

/** Why a run that ended behind its twin did so, as far as their peak learning rates tell. */
export type StepSize = 'too-small-steps' | 'too-large-steps' | 'unclear';

/** Compares the peak rates of two runs with the same optimizer; differences within `factor` are unclear. */
export function stepSize(series: MetricSeries, reference: MetricSeries, factor: number): StepSize {
  const ratio = peakRate(series) / peakRate(reference);
  if (ratio > factor) return 'too-large-steps';
  return ratio < 1 / factor ? 'too-small-steps' : 'unclear';
}

function peakRate(series: MetricSeries): number {
  return largest(finite(curve(series, 'lr')).values);
}

/** A run that was cut short cannot be held against a whole one. */
export function hasAllSteps(series: MetricSeries): boolean {
  const last = curve(series, 'loss').steps.at(-1) ?? 0;
  return series.plannedSteps === undefined || last >= 0.95 * series.plannedSteps;
}
