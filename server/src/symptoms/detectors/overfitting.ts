import { show } from '../../number-text.ts';
import { text } from '../../text.ts';
import { finite } from '../loss-track.ts';
import { curve, type MetricSeries, unitOf } from '../metric-series.ts';
import { confidenceOf, median, noiseOf, significant, smallest, withoutSpikes } from '../statistics.ts';
import type { Detector } from '../symptom.ts';

const symptom = 'overfitting';

/** With fewer evaluations than this a single odd one could make the picture; then every one after the minimum must rise. */
const enoughEvaluations = 5;

/** The validation loss passed its minimum well before the end and rose, while the training loss lies below it. */
export const overfitting: Detector = {
  symptom,
  detect(series, { thresholds }) {
    const limits = thresholds.overfitting;
    if (series.lossFalls === false) return undefined;
    const { steps, values } = finite(curve(series, 'valLoss'));
    if (values.length < 3)
      return {
        symptom,
        cannotTell: text(
          'The validation loss was measured fewer than three times.',
          '검증 손실이 세 번 미만으로 측정되었습니다.',
        ),
      };
    // A real evaluation is noisy: a single lucky one is no minimum.
    const calm =
      series.origin === 'log' && values.length >= enoughEvaluations ? withoutSpikes(values) : values;
    const lowest = smallest(calm);
    const at = calm.indexOf(lowest);
    // Of few evaluations the last but one may be the minimum only when there are more after it.
    const end = values.length < enoughEvaluations ? (values.at(-1) ?? lowest) : median(values.slice(-2));
    if (!(lowest > 0)) return undefined;
    const ratio = end / lowest;
    if (ratio <= limits.endOverMinimum || at >= limits.minimumBefore * values.length) return undefined;
    const rise = end - lowest;
    if (series.origin === 'log' && rise < limits.noiseMultiple * noiseOf(values)) return undefined;
    if (series.origin === 'log' && rise < limits.riseShare * ((values[0] ?? lowest) - lowest))
      return undefined;
    const rises = values
      .slice(at)
      .every((value, index, tail) => index === 0 || value > (tail[index - 1] ?? value));
    if (values.length < enoughEvaluations && !(rises && values.length - at >= 3)) return undefined;
    const train = finite(curve(series, 'loss')).values;
    if (train.length === 0)
      return {
        symptom,
        cannotTell: text(
          'The validation loss rose, but the training loss that it should be held against is not there.',
          '검증 손실은 올라갔지만 비교할 학습 손실이 기록에 없습니다.',
        ),
      };
    const tail = median(train.slice(-Math.max(1, Math.floor(train.length / 10))));
    if (tail >= limits.trainBelowValidation * end) return undefined;
    const step = steps[at] ?? 1;
    if (series.origin === 'log' && tail > limits.endOverMinimum * trainingAround(series, step))
      return undefined;
    const unit = unitOf(series);
    return {
      symptom,
      step,
      confidence: confidenceOf(ratio, limits.endOverMinimum, 1.5 * limits.endOverMinimum),
      evidence: {
        lowest: significant(lowest),
        end: significant(end),
        ratio: significant(ratio),
        threshold: limits.endOverMinimum,
        trainLoss: significant(tail),
      },
      message: text(
        `The validation loss was lowest (${show(lowest, 3)}) at ${unit.en} ${step} and ended at ${show(end, 3)}, with the training loss at ${show(tail, 3)}.`,
        `검증 손실은 ${step} ${unit.ko}에서 가장 낮았고(${show(lowest, 3)}), 학습 손실이 ${show(tail, 3)}인 끝에서는 ${show(end, 3)}까지 올라갔습니다.`,
      ),
    };
  },
};

/** The training loss where the validation loss was lowest. One that rose from there too left its course: no overfitting. */
function trainingAround(series: MetricSeries, step: number): number {
  const { steps, values } = finite(curve(series, 'loss'));
  const later = steps.findIndex((each) => each >= step);
  const at = later < 0 ? steps.length - 1 : later;
  const reach = Math.max(1, Math.floor(values.length / 20));
  return median(values.slice(Math.max(0, at - reach), at + reach + 1));
}
