import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { finite, stepSize } from '../loss-track.ts';
import { curve, type MetricId, type MetricSeries } from '../metric-series.ts';
import { confidenceOf, median, quantile, significant } from '../statistics.ts';
import type { Detector, Symptom } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'loss-divergence';

/**
 * Divergence where the loss does not tell: a policy that jumps (PPO), Q values beyond a healthy twin's (DQN), a return
 * that never comes or is lost, a generator that drops modes (GAN). Silent for series without these numbers.
 */
export const objectiveDivergence: Detector = {
  symptom,
  detect(series, { thresholds, reference }) {
    const limits = thresholds.objectiveDivergence;
    if (reference)
      return (
        lostObjective(series, reference, limits, thresholds.slowConvergence.rateFactor) ??
        runawayValues(series, reference, limits) ??
        policyJumps(series, limits)
      );
    return policyJumps(series, limits);
  },
};

type Limits = Thresholds['objectiveDivergence'];

/** Median of the last tenth. */
function end(series: MetricSeries, metric: MetricId): number {
  const { values } = finite(curve(series, metric));
  return median(values.slice(-Math.max(3, Math.floor(values.length / 10))));
}

/** What a rate that is too low has not reached yet is slow, which is another symptom. */
function lostObjective(
  series: MetricSeries,
  reference: MetricSeries,
  limits: Limits,
  rateFactor: number,
): Symptom | undefined {
  if (stepSize(series, reference, rateFactor) === 'too-small-steps') return undefined;
  return lostReturn(series, reference, limits) ?? lostModes(series, reference, limits);
}

function lostReturn(series: MetricSeries, reference: MetricSeries, limits: Limits): Symptom | undefined {
  const own = end(series, 'return');
  const twin = end(reference, 'return');
  if (!(twin > 0) || own >= limits.returnShare * twin) return undefined;
  return {
    symptom,
    step: curve(series, 'return').steps.at(-1) ?? 1,
    confidence: confidenceOf(twin / Math.max(own, 1e-9), 1 / limits.returnShare, 4),
    evidence: {
      kind: 'no-return',
      return: significant(own),
      referenceReturn: significant(twin),
      threshold: limits.returnShare,
    },
    message: text(
      `The return ended at ${show(own, 3)}; the reference run reached ${show(twin, 3)}.`,
      `리턴이 ${show(own, 3)}에 그쳤습니다. 기준 실행은 ${show(twin, 3)}에 도달했습니다.`,
    ),
  };
}

function lostModes(series: MetricSeries, reference: MetricSeries, limits: Limits): Symptom | undefined {
  const own = end(series, 'modes');
  const twin = end(reference, 'modes');
  if (!(twin - own >= limits.modesLost)) return undefined;
  return {
    symptom,
    step: curve(series, 'modes').steps.at(-1) ?? 1,
    confidence: confidenceOf(1 + twin - own, 1 + limits.modesLost, 8),
    evidence: { kind: 'mode-collapse', modes: own, referenceModes: twin, threshold: limits.modesLost },
    message: text(
      `The generator reaches ${own} of the modes; the reference run reached ${twin}.`,
      `생성자가 모드를 ${own}개만 만듭니다. 기준 실행은 ${twin}개를 만들었습니다.`,
    ),
  };
}

function runawayValues(series: MetricSeries, reference: MetricSeries, limits: Limits): Symptom | undefined {
  const own = end(series, 'qMax');
  const twin = end(reference, 'qMax');
  if (!(own > limits.qOverReference * twin && twin > 0)) return undefined;
  return {
    symptom,
    step: curve(series, 'qMax').steps.at(-1) ?? 1,
    confidence: confidenceOf(own / twin, limits.qOverReference, 3 * limits.qOverReference),
    evidence: {
      kind: 'runaway-values',
      qMax: significant(own),
      referenceQMax: significant(twin),
      threshold: limits.qOverReference,
    },
    message: text(
      `The largest Q value is ${show(own, 3)}; in the reference run it is ${show(twin, 3)}.`,
      `가장 큰 Q 값이 ${show(own, 3)}입니다. 기준 실행에서는 ${show(twin, 3)}입니다.`,
    ),
  };
}

function policyJumps(series: MetricSeries, limits: Limits): Symptom | undefined {
  const kl = finite(curve(series, 'approxKl'));
  if (kl.values.length < 10) return undefined;
  const high = quantile(kl.values, 0.9);
  const clipped = median(finite(curve(series, 'clipFraction')).values);
  if (!(high > limits.approxKl)) return undefined;
  return {
    symptom,
    step: kl.steps[kl.values.findIndex((value) => value > limits.approxKl)] ?? 1,
    confidence: confidenceOf(high, limits.approxKl, 4 * limits.approxKl),
    evidence: {
      kind: 'policy-jumps',
      approxKl: significant(high),
      threshold: limits.approxKl,
      ...(Number.isFinite(clipped) && { clipFraction: significant(clipped) }),
    },
    message: text(
      `The policy moves by a KL divergence of ${show(high)} per update in a tenth of the updates.`,
      `업데이트의 10 %에서 정책이 KL 발산 ${show(high)} 이상 움직입니다.`,
    ),
  };
}
