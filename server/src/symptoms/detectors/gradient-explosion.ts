import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { type Curve, curve, unitOf } from '../metric-series.ts';
import { deviation, largest, mean, median, significant } from '../statistics.ts';
import type { Detector } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'gradient-explosion';

/** The norm of a step with no finite norm, so that it counts as a spike of any size. */
const infiniteNorm = 1e12;

/**
 * The gradient norm jumps far above its own recent course: more than ten times the median of the window before it and
 * beyond three standard deviations of its logarithm; or it grows to a thousand times its first values. One or two
 * that the loss did not feel have to stand out of a log's first norms too.
 */
export const gradientExplosion: Detector = {
  symptom,
  detect(series, { thresholds }) {
    const limits = thresholds.gradientExplosion;
    const norms = curve(series, 'gradNorm');
    if (norms.values.length < limits.skipSteps + 3)
      return {
        symptom,
        cannotTell: text(
          'The gradient norm was not recorded, or too rarely.',
          '그래디언트 노름이 기록되지 않았거나 너무 드물게 기록되었습니다.',
        ),
      };
    const spikes = spikesOf(norms, limits);
    const first = spikes[0];
    const worst = spikes.reduce(
      (a, b) => (b.ratio > a.ratio ? b : a),
      first ?? { step: 0, norm: 0, ratio: 0, z: 0 },
    );
    if (first) {
      const unit = unitOf(series);
      const hurt = lossHurt(curve(series, 'loss'), worst.step);
      // One or two spikes in a mini-run or a long log that the loss did not feel are no trouble.
      const usualAtStart = median(norms.values.slice(0, limits.skipSteps).filter(Number.isFinite));
      const rare =
        series.origin === 'proxy' ||
        spikes.length < limits.rareShare * norms.values.length ||
        worst.norm < limits.aboveStart * usualAtStart;
      if (rare && !hurt && spikes.length <= 2) return undefined;
      return {
        symptom,
        step: worst.step,
        // An adaptive optimizer absorbs a single spike: without damage to the loss it is a weak sign.
        confidence: hurt ? 0.9 : spikes.length > 2 ? 0.7 : 0.5,
        evidence: {
          kind: 'spike',
          ratio: significant(worst.ratio),
          threshold: limits.spikeRatio,
          z: significant(worst.z),
          zThreshold: limits.spikeZ,
          spikes: spikes.length,
          firstStep: first.step,
          lossRose: hurt,
        },
        message: text(
          `The gradient norm jumped to ${show(worst.ratio)} times its recent median at ${unit.en} ${worst.step}${spikes.length > 1 ? ` (${spikes.length} times)` : ''}.`,
          `${worst.step} ${unit.ko}에서 그래디언트 노름이 직전 중앙값의 ${show(worst.ratio)}배로 치솟았습니다${spikes.length > 1 ? `(모두 ${spikes.length}번)` : ''}.`,
        ),
      };
    }
    const finite = norms.values.filter(Number.isFinite);
    const start = median(finite.slice(0, limits.skipSteps));
    const highest = largest(finite);
    if (!(start > 0) || highest <= limits.overStart * start) return undefined;
    return {
      symptom,
      step: norms.steps[norms.values.indexOf(highest)] ?? 1,
      confidence: 0.85,
      evidence: {
        kind: 'growth',
        start: significant(start),
        highest: significant(highest),
        threshold: limits.overStart,
      },
      message: text(
        `The gradient norm grew from ${show(start)} to ${show(highest)}.`,
        `그래디언트 노름이 ${show(start)}에서 ${show(highest)}까지 커졌습니다.`,
      ),
    };
  },
};

interface Spike {
  readonly step: number;
  readonly norm: number;
  readonly ratio: number;
  readonly z: number;
}

function spikesOf({ steps, values }: Curve, limits: Thresholds['gradientExplosion']): Spike[] {
  const spikes: Spike[] = [];
  for (let t = limits.skipSteps; t < values.length; t++) {
    const value = values[t] ?? 0;
    // Ten times the median is more than ten times the least: most steps of a long log are done here.
    if (Number.isFinite(value) && value <= limits.spikeRatio * leastBefore(values, t, limits.window))
      continue;
    const window = values.slice(Math.max(0, t - limits.window), t).filter(Number.isFinite);
    if (window.length < limits.skipSteps) continue;
    const norm = Number.isFinite(value) ? value : infiniteNorm;
    // NaN is the loss's end, not a size. A scaler of fp16 training skips a step with an infinite norm; a finite one follows.
    if (Number.isNaN(value) || (value === Number.POSITIVE_INFINITY && Number.isFinite(values[t + 1])))
      continue;
    const ratio = norm / (median(window) + 1e-12);
    if (ratio <= limits.spikeRatio) continue;
    const logs = window.map((each) => Math.log(each + 1e-12));
    const z = (Math.log(norm + 1e-12) - mean(logs)) / Math.max(deviation(logs), limits.spikeSigmaFloor);
    if (z > limits.spikeZ) spikes.push({ step: steps[t] ?? t, norm, ratio, z });
  }
  return spikes;
}

function leastBefore(values: readonly number[], t: number, window: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = Math.max(0, t - window); i < t; i++) least = Math.min(least, values[i] ?? least);
  return least;
}

/** Whether the loss of the ten steps after the spike is a tenth above that of the ten before it. */
function lossHurt({ steps, values }: Curve, step: number): boolean {
  const at = steps.findIndex((each) => each >= step);
  if (at < 0) return false;
  const before = values.slice(Math.max(0, at - 10), at).filter(Number.isFinite);
  const after = values.slice(at + 1, at + 11);
  if (after.some((value) => !Number.isFinite(value))) return true;
  return before.length > 2 && after.length > 2 && median(after) > 1.1 * median(before);
}
