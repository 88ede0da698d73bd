import { text } from '../../text.ts';
import { finite, lossTrack } from '../loss-track.ts';
import { curve, type MetricSeries, unitOf } from '../metric-series.ts';
import { confidenceOf, largest, significant } from '../statistics.ts';
import type { Detector } from '../symptom.ts';

const symptom = 'early-instability';

/** In the first quarter of the run, of a log in its warm-up too, the loss climbs clearly above where it began (a "catapult"). */
export const earlyInstability: Detector = {
  symptom,
  detect(series, { thresholds }) {
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
    );
    if (peak <= level) return undefined;
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
        `The loss rose from ${significant(track.start)} to ${significant(peak)} at ${unit.en} ${at} before it could fall.`,
        `손실이 내려가기 전에 ${at} ${unit.ko}에서 ${significant(track.start)}에서 ${significant(peak)}까지 올라갔습니다.`,
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
