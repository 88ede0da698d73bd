import { limit } from '../../knowledge/limits.ts';
import type { FieldId } from '../../run/fields.ts';
import { finite } from '../../symptoms/loss-track.ts';
import { curve, type MetricSeries } from '../../symptoms/metric-series.ts';
import { median } from '../../symptoms/statistics.ts';
import { type Text, text } from '../../text.ts';

/** Fields a warm-up may be written in. */
export const warmup: readonly FieldId[] = ['warmupRatio', 'warmupSteps', 'warmupEpochs'];

/** The last values lie above the usual ones by `factor`. */
export function grown(values: readonly number[], factor: number): boolean {
  return values.length >= 4 && median(values.slice(-2)) > factor * median(values.slice(0, -2));
}

/**
 * The last loss before the symptom, where loss and gradient norm were calm until then; undefined where they were not, or
 * where there is too little to see it.
 */
export function calmUntil(series: MetricSeries, step: number): number | undefined {
  const before = (metric: 'loss' | 'gradNorm') => {
    const { steps, values } = finite(curve(series, metric));
    return values.filter((_, index) => (steps[index] ?? 0) < step);
  };
  const losses = before('loss');
  const unsteady =
    grown(losses, limit('log-loss-growth')) || grown(before('gradNorm'), limit('log-norm-growth'));
  return losses.length < 4 || unsteady ? undefined : losses.at(-1);
}

export function joined(parts: readonly Text[]): Text {
  return text(parts.map(({ en }) => en).join(' '), parts.map(({ ko }) => ko).join(' '));
}
