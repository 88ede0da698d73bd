import { withParticle } from '../../korean.ts';
import { show } from '../../number-text.ts';
import { set } from '../../run/change.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import type { MetricSeries } from '../../symptoms/metric-series.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { text } from '../../text.ts';
import type { Cause } from './cause.ts';
import { calmUntil } from './parts.ts';

/** fp16 holds numbers up to 65504: what was calm until the step before did not diverge, it overflowed. */
export function overflow(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause | undefined {
  const precision = valueOf(run, 'precision');
  if (symptom.evidence.kind !== 'non-finite' || (precision !== 'fp16' && precision !== 'fp16-mixed'))
    return undefined;
  const calm = calmUntil(series, symptom.step);
  if (calm === undefined) return undefined;
  const last = show(calm, 3);
  return {
    fields: ['precision', 'learningRate'],
    why: text(
      `The loss was calm at ${last} until then and was gone from one entry to the next. In fp16 that is usually an overflow (nothing above 65504 exists there), not too high a learning rate.`,
      `그 전까지 손실은 ${withParticle(last, '으로/로')} 안정적이었는데 바로 다음 기록에서 사라졌습니다. fp16에서는 대개 학습률 문제가 아니라 오버플로입니다(65504보다 큰 수를 표현하지 못합니다).`,
    ),
    changes: [
      {
        title: text('Train in bf16, which has the range of fp32', '범위가 fp32와 같은 bf16으로 학습'),
        safe: false,
        operations: [set('precision', precision === 'fp16' ? 'bf16' : 'bf16-mixed')],
      },
    ],
  };
}
