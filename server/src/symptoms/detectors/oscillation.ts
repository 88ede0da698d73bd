import { text } from '../../text.ts';
import { lossTrack } from '../loss-track.ts';
import type { MetricSeries } from '../metric-series.ts';
import { confidenceOf, significant, smooth, swings, upwardShare } from '../statistics.ts';
import type { Detector } from '../symptom.ts';

const symptom = 'oscillation';

/** The smoothed logarithm of the loss swings up and down again and again, and climbs nearly as much as it falls. */
export const oscillation: Detector = {
  symptom,
  detect(series, { thresholds }) {
    const limits = thresholds.oscillation;
    if (series.lossFalls === false) return undefined;
    const track = lossTrack(series);
    if (!track || track.values.length < 20)
      return {
        symptom,
        cannotTell: text(
          'There are too few loss values to see a rhythm.',
          '손실 값이 너무 적어 진동 여부를 판단할 수 없습니다.',
        ),
      };
    if (!track.positive) return undefined;
    const skip = Math.floor(limits.skipShare * track.values.length);
    const smoothed = smooth(
      track.values,
      limits.smoothing ** (spacing(series, track.steps) / calibratedSpacing),
    );
    const logs = smoothed.slice(skip).map((value) => Math.log(Math.max(value, 1e-9)));
    // A log's noise must not count as a swing: its relative size raises the bar.
    const relativeNoise = track.noise / Math.max(track.end, 1e-9);
    const size = Math.max(limits.swingSize, limits.noiseMultiple * relativeNoise);
    const count = swings(logs, size);
    const up = upwardShare(smoothed);
    if (count < limits.swings || up <= limits.upwardShare) return undefined;
    return {
      symptom,
      step: firstRise(track.steps.slice(skip), logs, size),
      confidence: confidenceOf(count, limits.swings, 3 * limits.swings),
      evidence: {
        swings: count,
        threshold: limits.swings,
        swingSize: significant(size),
        upwardShare: significant(up, 2),
        upwardThreshold: limits.upwardShare,
      },
      message: text(
        `The loss swung up and down ${count} times by ${Math.round(100 * (Math.exp(size) - 1))} % or more.`,
        `손실이 ${Math.round(100 * (Math.exp(size) - 1))} % 이상 오르내리기를 ${count}번 반복했습니다.`,
      ),
    };
  },
};

/** Steps between the probes that the smoothing was calibrated on; the same span of steps is smoothed at any other. */
const calibratedSpacing = 2;

function spacing({ origin }: MetricSeries, steps: readonly number[]): number {
  const [first, second] = steps;
  return origin === 'proxy' && first !== undefined && second !== undefined
    ? second - first
    : calibratedSpacing;
}

function firstRise(steps: readonly number[], logs: readonly number[], size: number): number {
  let low = logs[0] ?? 0;
  for (let i = 0; i < logs.length; i++) {
    const value = logs[i] ?? 0;
    low = Math.min(low, value);
    if (value > low + size) return steps[i] ?? 1;
  }
  return steps[0] ?? 1;
}
