import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { finite, lossTrack, progress } from '../loss-track.ts';
import { curve } from '../metric-series.ts';
import { median, significant } from '../statistics.ts';
import type { Detector } from '../symptom.ts';

const symptom = 'vanishing-gradient';

/** The gradient norm falls to a thousandth of its first values while the loss has hardly come down. */
export const vanishingGradient: Detector = {
  symptom,
  detect(series, { thresholds, reference }) {
    const limits = thresholds.vanishingGradient;
    const norms = finite(curve(series, 'gradNorm'));
    if (series.lossFalls === false) return undefined;
    const track = lossTrack(series);
    if (norms.values.length < 10 || !track)
      return {
        symptom,
        cannotTell: text(
          'The gradient norm was not recorded, or too rarely.',
          '그래디언트 노름이 기록되지 않았거나 너무 드물게 기록되었습니다.',
        ),
      };
    const start = median(norms.values.slice(0, 5));
    const end = median(norms.values.slice(-Math.max(3, Math.floor(norms.values.length / 10))));
    const ratio = end / start;
    if (!(start > 0) || ratio >= limits.overStart) return undefined;
    const twin = reference && lossTrack(reference);
    const covered = twin ? progress(track, twin) : (track.start - track.end) / Math.abs(track.start);
    if (covered >= limits.progress) return undefined;
    const at = norms.values.findIndex((value) => value < limits.overStart * start);
    return {
      symptom,
      step: norms.steps[at] ?? norms.steps.at(-1) ?? 1,
      confidence: 0.8,
      evidence: {
        start: significant(start),
        end: significant(end),
        ratio: significant(ratio),
        threshold: limits.overStart,
        progress: significant(covered, 2),
      },
      message: text(
        `The gradient norm fell from ${show(start)} to ${show(end)} while the loss had hardly come down.`,
        `손실이 거의 줄지 않았는데 그래디언트 노름이 ${show(start)}에서 ${show(end)}까지 작아졌습니다.`,
      ),
    };
  },
};
