import { withParticle } from '../../korean.ts';
import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import {
  endRatio,
  finite,
  hasAllSteps,
  isBehind,
  type LossTrack,
  lossTrack,
  progress,
  stepSize,
} from '../loss-track.ts';
import { curve, type MetricSeries, unitOf } from '../metric-series.ts';
import { confidenceOf, largest, median, significant, smallest, smooth } from '../statistics.ts';
import type { Detector, Symptom } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'loss-divergence';

/**
 * The loss is NaN, infinite or far above where it began, or fell and came back up for good. Beside a healthy twin also
 * what stopped half-way: a loss that never left its start, or one that settled far above the twin's at a higher rate.
 */
export const lossDivergence: Detector = {
  symptom,
  detect(series, { thresholds, reference }) {
    const limits = thresholds.lossDivergence;
    const broken = nonFinite(series, limits);
    const track = lossTrack(series);
    // An infinite norm beside a loss of 1e29 is only its echo.
    if (broken && broken.evidence.metric !== 'gradNorm') return broken;
    const exploded = series.lossFalls === false ? undefined : track && huge(track, limits);
    if (exploded ?? broken) return exploded ?? broken;
    if (series.lossFalls === false) return undefined;
    if (!track)
      return {
        symptom,
        cannotTell: text(
          'There are too few loss values to see a course.',
          '손실 값이 너무 적어 추세를 판단할 수 없습니다.',
        ),
      };
    const { start, end, steps, values } = track;
    if (!track.positive) return undefined;
    const ratio = end / start;
    if (series.origin === 'log' && validationHolds(series, thresholds.overfitting.endOverMinimum))
      return undefined;
    // Of a noisy log the start is a few values only: it may have been a lucky batch.
    const certain = limits.noiseMultiple * track.noise;
    if (ratio > limits.endOverStart && end - start > certain)
      return {
        symptom,
        step: stepAbove(steps, values, start * limits.endOverStart),
        confidence: confidenceOf(ratio, limits.endOverStart, 3 * limits.endOverStart),
        evidence: {
          kind: 'above-start',
          start: significant(start),
          end: significant(end),
          ratio: significant(ratio),
          threshold: limits.endOverStart,
        },
        message: text(
          `The loss ended at ${show(end, 3)}, ${show(ratio)} times where it began.`,
          `손실이 ${withParticle(show(end, 3), '으로/로')} 끝나 시작 값의 ${show(ratio)}배가 되었습니다.`,
        ),
      };
    const smoothed = smooth(values, 0.8);
    const lowest = smallest(smoothed);
    const at = smoothed.indexOf(lowest);
    const lost = (end - lowest) / Math.max(start - lowest, 1e-9);
    if (
      end > limits.relapseOverMinimum * lowest &&
      lost > limits.relapseProgressLost &&
      end - lowest > certain
    )
      return {
        symptom,
        step: steps[at] ?? 1,
        confidence: confidenceOf(lost, limits.relapseProgressLost, 1),
        evidence: {
          kind: 'relapse',
          lowest: significant(lowest),
          end: significant(end),
          progressLost: significant(lost),
          threshold: limits.relapseProgressLost,
        },
        message: text(
          `The loss fell to ${show(lowest, 3)} and came back up to ${show(end, 3)}.`,
          `손실이 ${show(lowest, 3)}까지 내려갔다가 ${withParticle(show(end, 3), '으로/로')} 다시 올라갔습니다.`,
        ),
      };
    return reference && besideReference(series, reference, track, thresholds);
  },
};

/** Fewer evaluations say nothing about a course. */
const enoughEvaluations = 5;

/**
 * A validation loss that stays down says that the training loss rose for another reason: scheduled sampling, a
 * curriculum or augmentation that makes the task harder.
 */
function validationHolds(series: MetricSeries, endOverMinimum: number): boolean {
  const { values } = finite(curve(series, 'valLoss'));
  const end = median(values.slice(-2));
  return values.length >= enoughEvaluations && end > 0 && end <= endOverMinimum * smallest(values);
}

function huge(
  { start, steps, values }: LossTrack,
  limits: Thresholds['lossDivergence'],
): Symptom | undefined {
  const highest = largest(values);
  if (!(highest > limits.hugeLoss && start < limits.hugeLoss)) return undefined;
  return {
    symptom,
    step: steps[values.findIndex((value) => value > limits.hugeLoss)] ?? 1,
    confidence: 0.95,
    evidence: {
      kind: 'huge',
      start: significant(start),
      highest: significant(highest),
      threshold: limits.hugeLoss,
    },
    message: text(
      `The loss rose to ${show(highest, 3)} (it began at ${show(start, 3)}).`,
      `손실이 ${show(highest, 3)}까지 치솟았습니다(시작 값 ${show(start, 3)}).`,
    ),
  };
}

function besideReference(
  series: MetricSeries,
  reference: MetricSeries,
  track: LossTrack,
  { lossDivergence: limits, slowConvergence: slow }: Thresholds,
): Symptom | undefined {
  const twin = lossTrack(reference);
  const size = stepSize(series, reference, slow.rateFactor);
  if (!twin || twin.end >= twin.start || size === 'too-small-steps' || !hasAllSteps(series)) return undefined;
  const { start, end, steps } = track;
  const covered = progress(track, twin);
  const ratio = endRatio(track, twin);
  const shared = {
    progress: significant(covered, 2),
    end: significant(end),
    referenceEnd: significant(twin.end),
  };
  if (covered < limits.collapsedProgress)
    return {
      symptom,
      step: steps[1] ?? 1,
      confidence: 0.85,
      evidence: { kind: 'collapsed', threshold: limits.collapsedProgress, ...shared },
      message: text(
        `The loss stayed at ${show(end, 3)} while the reference run went from ${show(start, 3)} to ${show(twin.end, 3)}.`,
        `기준 실행은 손실이 ${show(start, 3)}에서 ${show(twin.end, 3)}까지 내려갔지만 이 실행은 ${show(end, 3)}에 머물렀습니다.`,
      ),
    };
  if (size !== 'too-large-steps' || !isBehind(ratio, covered, slow)) return undefined;
  return {
    symptom,
    step: steps[1] ?? 1,
    confidence: confidenceOf(ratio, slow.endOverReference, 1.5 * slow.endOverReference),
    evidence: { kind: 'excess', ratio: significant(ratio), threshold: slow.endOverReference, ...shared },
    message: text(
      `The loss settled at ${show(end, 3)}; the reference run, at a lower learning rate, reached ${show(twin.end, 3)}.`,
      `손실이 ${show(end, 3)}에서 더 내려가지 않았습니다. 학습률이 더 낮은 기준 실행은 ${show(twin.end, 3)}까지 내려갔습니다.`,
    ),
  };
}

function stepAbove(steps: readonly number[], values: readonly number[], level: number): number {
  // The step from which the loss no longer came back below the level.
  let last = values.length - 1;
  while (last > 0 && (values[last - 1] ?? 0) > level) last--;
  return steps[last] ?? 1;
}

function nonFinite(series: MetricSeries, limits: Thresholds['lossDivergence']): Symptom | undefined {
  for (const metric of ['loss', 'probeLoss', 'valLoss'] as const) {
    const { steps, values } = curve(series, metric);
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return notFinite(series, steps[at] ?? 1, metric, String(values[at]));
  }
  // A scaler of fp16 training skips single steps with an infinite norm; one that never comes back is the end.
  const { steps, values } = curve(series, 'gradNorm');
  let tail = 0;
  while (tail < values.length && !Number.isFinite(values[values.length - 1 - tail])) tail++;
  const enough = series.origin === 'proxy' ? 1 : limits.nonFiniteTail;
  if (tail >= enough)
    return notFinite(series, steps[values.length - tail] ?? 1, 'gradNorm', String(values.at(-1)));
  return undefined;
}

function notFinite(series: MetricSeries, step: number, metric: string, value: string): Symptom {
  const unit = unitOf(series);
  const name =
    metric === 'gradNorm' ? { en: 'gradient norm', ko: '그래디언트 노름이' } : { en: 'loss', ko: '손실이' };
  return {
    symptom,
    step,
    confidence: 1,
    evidence: { kind: 'non-finite', metric, value },
    message: text(
      `The ${name.en} became ${value} at ${unit.en} ${step}.`,
      `${step} ${unit.ko}에서 ${name.ko} ${value} 값이 되었습니다.`,
    ),
  };
}
