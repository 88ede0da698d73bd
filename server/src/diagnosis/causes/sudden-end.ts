import { limit } from '../../knowledge/limits.ts';
import { show } from '../../number-text.ts';
import type { TrainingRun } from '../../run/training-run.ts';
import type { MetricSeries } from '../../symptoms/metric-series.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { text } from '../../text.ts';
import { rateAt, timesUsual } from '../rates.ts';
import type { Cause } from './cause.ts';
import { calmUntil } from './parts.ts';

/** A calm loss that is no number from one entry to the next, at no unusual rate: seldom the rate's doing. */
export function suddenEnd(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause | undefined {
  if (symptom.evidence.kind !== 'non-finite' || timesUsual(run) >= limit('learning-rate-weak-factor'))
    return undefined;
  const calm = calmUntil(series, symptom.step);
  if (calm === undefined) return undefined;
  const rate = rateAt(series, symptom.step);
  const last = show(calm, 3);
  return {
    fields: ['learningRate'],
    why: text(
      `The loss was calm at ${last} until then${rate === undefined ? '' : ` (learning rate ${show(rate)})`} and was gone from one entry to the next. Look at the batch first: values that are no number, or the logarithm, root or division of a zero. A lower rate comes second.`,
      `그 전까지 손실이 ${last} 부근에서 안정적이다가${rate === undefined ? '' : `(학습률 ${show(rate)})`} 바로 다음 기록에서 사라졌습니다. 먼저 배치를 확인하세요. 데이터의 NaN이나 무한대, 0의 로그·제곱근·나눗셈이 흔한 원인이고, 학습률을 낮추는 것은 그다음입니다.`,
    ),
    changes: [],
  };
}
