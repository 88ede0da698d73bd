import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { endRatio, finite, hasAllSteps, isBehind, lossTrack, progress, stepSize } from '../loss-track.ts';
import { curve, type MetricSeries } from '../metric-series.ts';
import { confidenceOf, median, significant, smallest } from '../statistics.ts';
import type { Detection, Detector } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'slow-convergence';

/**
 * Same steps, clearly less far: the loss ends more than a tenth above a healthy twin's. Too large a rate does
 * that too; that is reported as a divergence that stopped half-way. Without a twin only a loss that does not move
 * at all is reported, and weakly: nobody can know from one curve how fast it should have been.
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
    if (!reference || !twin) return flat(series, limits.flatProgress);
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

function flat(series: MetricSeries, threshold: number): Detection {
  const reason = text(
    'Without a reference run nobody can say how fast this loss should have fallen.',
    '기준 실행이 없으면 손실이 얼마나 빨리 줄어야 하는지 알 수 없습니다.',
  );
  const track = lossTrack(series);
  if (!track || track.values.length < 30) return { symptom, cannotTell: reason };
  const third = Math.floor(track.values.length / 3);
  const share = (median(track.values.slice(0, third)) - median(track.values.slice(-third))) / track.start;
  const val = finite(curve(series, 'valLoss')).values;
  const valMoves = val.length > 1 && Math.abs((val.at(-1) ?? 0) - (val[0] ?? 0)) > threshold * (val[0] ?? 0);
  const moved = Math.abs(share) > threshold || smallest(track.values) < (1 - 5 * threshold) * track.start;
  if (moved || valMoves) return { symptom, cannotTell: reason };
  return {
    symptom,
    step: track.steps[0] ?? 1,
    confidence: 0.4,
    evidence: {
      progress: significant(share, 2),
      threshold,
      start: significant(track.start),
      end: significant(track.end),
    },
    message: text(
      `The loss did not move: ${show(track.start, 3)} at the start, ${show(track.end, 3)} at the end.`,
      `손실이 움직이지 않았습니다. 시작 ${show(track.start, 3)}, 끝 ${show(track.end, 3)}입니다.`,
    ),
  };
}
