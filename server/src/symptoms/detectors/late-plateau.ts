import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { finite, hasAllSteps, lossTrack } from '../loss-track.ts';
import { curve, type MetricSeries } from '../metric-series.ts';
import { largest, mean, median, round, significant, smallest } from '../statistics.ts';
import type { Detector } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'late-plateau';

/**
 * The learning rate stays up and the loss stops falling. Beside a reference whose rate decays: the validation loss
 * ends above the reference's although it had kept up until the rate came down there. In a log: the loss is flat over
 * the last part at an undecayed rate, which is weaker.
 */
export const latePlateau: Detector = {
  symptom,
  detect(series, { thresholds, reference }) {
    const limits = thresholds.latePlateau;
    if (series.lossFalls === false) return undefined;
    const rates = finite(curve(series, 'lr')).values;
    if (rates.length < 4)
      return {
        symptom,
        cannotTell: text('The learning rate was not recorded.', '학습률이 기록되지 않았습니다.'),
      };
    const peak = largest(rates);
    const last = median(rates.slice(-Math.max(1, Math.floor(rates.length / 50))));
    if (peak <= 0 || last < limits.undecayedShare * peak) return undefined;
    const evidence = { finalRateShare: significant(last / peak, 2) };
    if (reference) return besideReference(series, reference, limits.validationOverReference, evidence);
    const track = lossTrack(series);
    if (!track?.positive || track.values.length < 20) return undefined;
    // Half-way through a schedule a flat loss says nothing: the decay that helps is still to come.
    if (!hasAllSteps(series)) return { symptom, cannotTell: unfinished };
    const from = Math.floor((1 - limits.stallShare) * track.values.length);
    const lateRates = rates.slice(Math.floor((1 - limits.stallShare) * rates.length));
    if (last < limits.steadyShare * (lateRates[0] ?? last)) return undefined;
    const late = track.values.slice(from);
    const half = Math.floor(late.length / 2);
    const lowest = smallest(track.values);
    const total = track.start - lowest;
    const gain = mean(late.slice(0, half)) - mean(late.slice(half));
    const share = gain / Math.max(total, 1e-12);
    // What two means of noisy values can tell apart.
    const error = (track.noise * Math.sqrt(2 / half)) / Math.max(total, 1e-12);
    if (share + 2 * error > limits.stallResolved || validationFalls(series, limits)) return undefined;
    // A run that learned nothing has no plateau to speak of, and one near zero has arrived.
    if (
      total < 0.2 * track.start ||
      track.end < 0.02 * track.start ||
      Math.abs(share) >= limits.stallProgress
    )
      return undefined;
    return {
      symptom,
      step: track.steps[from] ?? 1,
      confidence: 0.5,
      evidence: { ...evidence, lateGain: significant(share, 2), threshold: limits.stallProgress },
      message: text(
        `Over the last ${Math.round(100 * limits.stallShare)} % of the run the loss hardly moved (${round(100 * share, 1)} % of all progress) while the learning rate stayed at ${Math.round((100 * last) / peak)} % of its peak.`,
        `마지막 ${Math.round(100 * limits.stallShare)} % 구간에서 손실이 거의 줄지 않았고(전체 감소량의 ${round(100 * share, 1)} %), 학습률은 최고값의 ${Math.round((100 * last) / peak)} %를 유지했습니다.`,
      ),
    };
  },
};

const unfinished = text(
  'The run ends before its planned number of steps.',
  '계획한 스텝을 다 채우지 않고 끝난 실행입니다.',
);

/** Whether the validation loss still came down over the last part: then training was not over. */
function validationFalls(series: MetricSeries, limits: Thresholds['latePlateau']): boolean {
  const { values } = finite(curve(series, 'valLoss'));
  const late = values.slice(Math.floor((1 - limits.stallShare) * values.length));
  const half = Math.floor(late.length / 2);
  if (half < 1) return false;
  const gain = mean(late.slice(0, half)) - mean(late.slice(-half));
  return gain > limits.stallResolved * ((values[0] ?? 0) - smallest(values));
}

function besideReference(
  series: MetricSeries,
  reference: MetricSeries,
  threshold: number,
  evidence: Readonly<Record<string, number>>,
) {
  const twinRates = finite(curve(reference, 'lr')).values;
  if ((twinRates.at(-1) ?? 0) > 0.5 * largest(twinRates)) return undefined;
  const own = finite(curve(series, 'valLoss'));
  const twin = finite(curve(reference, 'valLoss'));
  if (own.values.length < 5 || twin.values.length < 5)
    return {
      symptom,
      cannotTell: text('The validation loss was not measured.', '검증 손실이 측정되지 않았습니다.'),
    } as const;
  // At an undecayed rate single values scatter; the twin's have settled.
  const end = median(own.values.slice(-Math.max(2, Math.floor(own.values.length / 4))));
  const twinEnd = median(twin.values.slice(-2));
  const ratio = end / twinEnd;
  // Half-way the reference's rate is still high: who lags there has another trouble than a rate that never decays.
  const half = Math.floor(own.values.length / 2);
  const middle = median(own.values.slice(half - 1, half + 2)) / median(twin.values.slice(half - 1, half + 2));
  if (!(twinEnd > 0) || ratio <= threshold || middle > Math.max(1.1, (1 + ratio) / 2)) return undefined;
  return {
    symptom,
    step: own.steps[half] ?? 1,
    confidence: ratio > 1.2 ? 0.8 : 0.6,
    evidence: {
      ...evidence,
      valLoss: significant(end),
      referenceValLoss: significant(twinEnd),
      ratio: significant(ratio),
      halfwayRatio: significant(middle),
      threshold,
    },
    message: text(
      `The validation loss stalled at ${show(end, 3)}; the same run with a decaying learning rate reached ${show(twinEnd, 3)}.`,
      `검증 손실이 ${show(end, 3)}에서 멈췄습니다. 학습률을 줄여 간 같은 실행은 ${show(twinEnd, 3)}까지 내려갔습니다.`,
    ),
  } as const;
}
