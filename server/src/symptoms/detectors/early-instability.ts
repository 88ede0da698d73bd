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
import { confidenceOf, largest, significant } from '../statistics.ts';
import type { Detector, Symptom } from '../symptom.ts';
import type { Thresholds } from '../thresholds.ts';

const symptom = 'early-instability';

/**
 * In the first quarter of the run, of a log in its warm-up too, the loss climbs clearly above where it began (a
 * "catapult"). Beside a twin that warms up also a run that does not and ends clearly above it at the same peak rate: the
 * first steps left a scar.
 */
export const earlyInstability: Detector = {
  symptom,
  detect(series, { thresholds, reference }) {
    const limits = thresholds.earlyInstability;
    if (series.lossFalls === false) return undefined;
    const track = lossTrack(series);
    if (!track || track.values.length < 12)
      return {
        symptom,
        cannotTell: text(
          'There are too few loss values in the first quarter of the run.',
          '학습 초반(처음 1/4)의 손실 값이 너무 적습니다.',
        ),
      };
    if (!track.positive || !(track.start > 0)) return undefined;
    const planned = series.plannedSteps ?? track.steps.at(-1) ?? 1;
    const until = Math.max(
      limits.earlyShare * planned,
      track.steps[Math.min(5, track.steps.length - 1)] ?? 1,
      series.origin === 'log' ? warmupEnd(series) : 0,
    );
    let peak = 0;
    let at = 1;
    track.values.forEach((value, index) => {
      const step = track.steps[index] ?? 0;
      if (index > 0 && step <= until && value > peak) {
        peak = value;
        at = step;
      }
    });
    const ratio = peak / track.start;
    const level = Math.max(
      limits.peakOverStart * track.start,
      track.start + limits.noiseMultiple * track.noise,
      track.start * Math.exp(limits.noiseMultiple * track.factorNoise),
    );
    if (peak <= level) return reference && scar(series, reference, track, thresholds);
    const unit = unitOf(series);
    return {
      symptom,
      step: at,
      confidence: confidenceOf(ratio, limits.peakOverStart, 2 * limits.peakOverStart),
      evidence: {
        kind: 'peak',
        start: significant(track.start),
        peak: significant(peak),
        ratio: significant(ratio),
        threshold: limits.peakOverStart,
      },
      message: text(
        `The loss rose from ${show(track.start, 3)} to ${show(peak, 3)} at ${unit.en} ${at} before it could fall.`,
        `손실이 내려가기 전 ${at} ${unit.ko}째에 ${show(track.start, 3)}에서 ${show(peak, 3)}까지 올라갔습니다.`,
      ),
    };
  },
};

/** Where a rate that rose from below half of its peak got there; just after it a loss is still "early". 0 without one. */
function warmupEnd(series: MetricSeries): number {
  const { steps, values } = finite(curve(series, 'lr'));
  const peak = largest(values);
  if (!(peak > 0) || (values[0] ?? peak) > 0.5 * peak) return 0;
  return 1.05 * (steps[values.indexOf(peak)] ?? 0);
}

/** Share of its peak at which a rate may begin and still count as warmed up. */
const coldStart = 0.5;

function scar(
  series: MetricSeries,
  reference: MetricSeries,
  track: LossTrack,
  { earlyInstability: limits, slowConvergence: slow }: Thresholds,
): Symptom | undefined {
  const twin = lossTrack(reference);
  const warms = (of: MetricSeries) => {
    const rates = finite(curve(of, 'lr')).values;
    return (rates[0] ?? 0) < coldStart * largest(rates);
  };
  if (!twin || warms(series) || !warms(reference) || !hasAllSteps(series)) return undefined;
  if (stepSize(series, reference, slow.rateFactor) !== 'unclear') return undefined;
  const ratio = endRatio(track, twin);
  if (!isBehind(ratio, progress(track, twin), { ...slow, endOverReference: limits.scarRatio }))
    return undefined;
  return {
    symptom,
    step: track.steps[1] ?? 1,
    confidence: confidenceOf(ratio, limits.scarRatio, 1.5 * limits.scarRatio),
    evidence: {
      kind: 'scar',
      end: significant(track.end),
      referenceEnd: significant(twin.end),
      ratio: significant(ratio),
      threshold: limits.scarRatio,
    },
    message: text(
      `Training began at the full learning rate and ended at a loss of ${show(track.end, 3)}; the reference run, which warms up to the same rate, reached ${show(twin.end, 3)}.`,
      `처음부터 최고 학습률로 시작해 손실이 ${withParticle(show(track.end, 3), '으로/로')} 끝났습니다. 같은 학습률까지 워밍업한 기준 실행은 ${show(twin.end, 3)}까지 내려갔습니다.`,
    ),
  };
}
