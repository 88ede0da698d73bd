import { withParticle } from '../../korean.ts';
import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { endRatio, finite, hasAllSteps, isBehind, lossTrack, progress, stepSize } from '../loss-track.ts';
import { curve, type MetricSeries, unitOf } from '../metric-series.ts';
import { confidenceOf, median, noiseOf, significant, smallest } from '../statistics.ts';
import type { Detection, Detector } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'slow-convergence';

/**
 * Same steps, clearly less far: the loss ends more than a tenth above a healthy twin's. Too large a rate does
 * that too; that is reported as a divergence that stopped half-way. Without a twin only a loss that does not move
 * at all, or not after its first tenth, is reported, and weakly: nobody can know from one curve how fast it should have
 * been.
 */
export const slowConvergence: Detector = {
  symptom,
  detect(series, { thresholds, reference }) {
    const limits = thresholds.slowConvergence;
    if (series.lossFalls === false) return reference && behindInPlay(series, reference, thresholds);
    const track = lossTrack(series);
    if (!track)
      return {
        symptom,
        cannotTell: text(
          'There are too few loss values to see a course.',
          '손실 값이 너무 적어 추세를 판단할 수 없습니다.',
        ),
      };
    if (!track.positive) return undefined;
    const twin = reference && lossTrack(reference);
    if (!reference || !twin) return flat(series, limits);
    const ratio = endRatio(track, twin);
    const covered = progress(track, twin);
    if (!isBehind(ratio, covered, limits) || !hasAllSteps(series)) return undefined;
    const cause = stepSize(series, reference, limits.rateFactor);
    // Too large a rate is a trouble of its own.
    if (cause === 'too-large-steps') return undefined;
    return {
      symptom,
      step: lagStep(track, twin, limits.endOverReference),
      confidence: confidenceOf(ratio, limits.endOverReference, 1.5 * limits.endOverReference),
      evidence: {
        end: significant(track.end),
        referenceEnd: significant(twin.end),
        ratio: significant(ratio),
        threshold: limits.endOverReference,
        progress: significant(covered, 2),
        cause,
      },
      message: text(
        `After the same number of steps the loss is ${show(track.end, 3)}; the reference run is at ${show(twin.end, 3)}${causeText[cause].en}.`,
        `같은 스텝 수에서 손실이 ${show(track.end, 3)}인 반면 기준 실행은 ${show(twin.end, 3)}까지 내려갔습니다${causeText[cause].ko}.`,
      ),
    };
  },
};

/** Where the loss does not tell: less return or fewer modes than the twin, at a lower rate. */
function behindInPlay(series: MetricSeries, reference: MetricSeries, limits: Thresholds): Detection {
  const { modesLost } = limits.objectiveDivergence;
  const { returnShare, rateFactor } = limits.slowConvergence;
  if (stepSize(series, reference, rateFactor) !== 'too-small-steps') return undefined;
  for (const metric of ['return', 'modes'] as const) {
    const own = median(finite(curve(series, metric)).values.slice(-20));
    const twin = median(finite(curve(reference, metric)).values.slice(-20));
    const behind = metric === 'return' ? own < returnShare * twin : twin - own >= modesLost;
    if (!behind) continue;
    const name = metric === 'return' ? text('return', '리턴은') : text('number of modes', '모드 수는');
    return {
      symptom,
      step: curve(series, metric).steps.at(-1) ?? 1,
      confidence: 0.8,
      evidence: { metric, end: significant(own), referenceEnd: significant(twin), cause: 'too-small-steps' },
      message: text(
        `After the same number of steps the ${name.en} is ${show(own, 3)}; the reference run, at a higher learning rate, is at ${show(twin, 3)}.`,
        `같은 스텝 수에서 ${name.ko} ${show(own, 3)}입니다. 학습률이 더 높은 기준 실행은 ${show(twin, 3)}입니다.`,
      ),
    };
  }
  return undefined;
}

const causeText = {
  'too-small-steps': text(', at a higher learning rate', '(학습률이 더 높음)'),
  unclear: text('', ''),
};

interface Track {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The first step from which the run stays behind its twin. */
function lagStep(track: Track, twin: Track, factor: number): number {
  let at = Math.min(track.values.length, twin.values.length) - 1;
  while (at > 0 && (track.values[at - 1] ?? 0) > factor * (twin.values[at - 1] ?? 0)) at--;
  return track.steps[at] ?? 1;
}

function flat(series: MetricSeries, limits: Thresholds['slowConvergence']): Detection {
  const reason = text(
    'Without a reference run nobody can say how fast this loss should have fallen.',
    '기준 실행이 없으면 손실이 얼마나 빨리 줄어야 하는지 알 수 없습니다.',
  );
  const track = lossTrack(series);
  if (!track || track.values.length < 30) return { symptom, cannotTell: reason };
  const { steps, values, start, end } = track;
  const threshold = limits.flatProgress;
  const begin = steps[0] ?? 1;
  // A log that begins far into a training is its tail, which may well have arrived.
  if (begin > (steps.at(-1) ?? begin) - begin) return { symptom, cannotTell: reason };
  const whole = fallOf(values, start, track.noise);
  if (stands(whole, limits) && !validationFell(series, limits, begin))
    return {
      symptom,
      step: begin,
      confidence: 0.4,
      evidence: {
        kind: 'unmoved',
        progress: significant(whole.share, 2),
        threshold,
        start: significant(start),
        end: significant(end),
      },
      message: text(
        `The loss did not move: ${show(whole.first, 3)} over the first third, ${show(whole.last, 3)} over the last.`,
        `손실이 움직이지 않았습니다. 처음 1/3 구간은 ${show(whole.first, 3)}, 마지막 1/3 구간은 ${show(whole.last, 3)}입니다.`,
      ),
    };
  // Steps that are far too large move the loss once, in the first of them, and never again.
  const skip = Math.ceil(values.length / 10);
  const tail = values.slice(skip);
  const level = median(tail);
  const rest = fallOf(tail, level, track.noise);
  const from = steps[skip] ?? 1;
  if (start < limits.stuckFrom * level || !stands(rest, limits) || validationFell(series, limits, from))
    return { symptom, cannotTell: reason };
  const unit = unitOf(series);
  return {
    symptom,
    step: from,
    confidence: 0.4,
    evidence: {
      kind: 'stuck',
      progress: significant(rest.share, 2),
      threshold,
      start: significant(start),
      end: significant(end),
    },
    message: text(
      `The loss fell from ${show(start, 3)} to ${show(level, 3)} in the first tenth of the run and has not moved since ${unit.en} ${from}.`,
      `손실이 처음 10 % 구간에서 ${show(start, 3)}에서 ${withParticle(show(level, 3), '으로/로')} 내려간 뒤 ${from} ${unit.ko}부터 움직이지 않았습니다.`,
    ),
  };
}

interface Fall {
  /** Medians of the first and the last third. */
  readonly first: number;
  readonly last: number;
  /** What the last third lies below the first, as a share of `start`. */
  readonly share: number;
  /** Standard error of that. */
  readonly error: number;
  /** The lowest value as a share of `start`. */
  readonly lowest: number;
}

function fallOf(values: readonly number[], start: number, noise: number): Fall {
  const third = Math.floor(values.length / 3);
  const first = median(values.slice(0, third));
  const last = median(values.slice(-third));
  return {
    first,
    last,
    share: (first - last) / start,
    // The median of n normal values scatters by √(π/2n) of one of them, the difference of two by √2 more.
    error: (noise * Math.sqrt(Math.PI / third)) / start,
    lowest: smallest(values) / start,
  };
}

/** Whether a loss stands where it was, as far as its noise lets anybody see. */
function stands(
  { share, error, lowest }: Fall,
  { flatProgress, flatResolved }: Thresholds['slowConvergence'],
): boolean {
  return (
    Math.abs(share) <= flatProgress + 2 * error &&
    share + 2 * error <= flatResolved &&
    lowest >= 1 - 5 * flatProgress
  );
}

/** From `begin` on and beyond its own noise; a validation loss that wiggles about one level has not fallen. */
function validationFell(
  series: MetricSeries,
  { flatProgress }: Thresholds['slowConvergence'],
  begin: number,
): boolean {
  const { steps, values } = finite(curve(series, 'valLoss'));
  const seen = values.filter((_, index) => (steps[index] ?? 0) >= begin);
  const first = seen[0];
  if (first === undefined || seen.length < 2) return false;
  const last = seen.slice(1);
  return first - median(last.slice(-Math.ceil(last.length / 3))) > flatProgress * first + 2 * noiseOf(seen);
}
