import { type Change, type Operation, set } from '../../run/change.ts';
import { isStated, type TrainingRun, valueOf } from '../../run/training-run.ts';
import { lastStep, type MetricSeries, unitOf } from '../../symptoms/metric-series.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { type Text, text } from '../../text.ts';
import type { Cause } from './cause.ts';

export function overfitting(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  const share = symptom.step / lastStep(series);
  const epochs = valueOf(run, 'epochs');
  const steps = valueOf(run, 'maxSteps');
  const unit = unitOf(series);
  const stop = stopThere(run, share, epochs, steps);
  return {
    fields: ['epochs', 'maxSteps', 'weightDecay'],
    why: text(
      `After ${unit.en} ${symptom.step}, ${Math.round(100 * share)} % of the run, training fits the training set and nothing else.`,
      `전체의 ${Math.round(100 * share)} %인 ${symptom.step} ${unit.ko} 이후로는 학습 데이터에만 맞춰집니다.`,
    ),
    changes: stop ? [stop] : [],
  };
}

function stopThere(
  run: TrainingRun,
  share: number,
  epochs: number | undefined,
  steps: number | undefined,
): Change | undefined {
  const operations: Operation[] = [];
  let title: Text | undefined;
  if (epochs !== undefined && isStated(run, 'epochs') && Math.ceil(share * epochs) < epochs) {
    const to = Math.max(1, Math.ceil(share * epochs));
    operations.push(set('epochs', to));
    title = text(
      `Stop after ${to} epoch${to === 1 ? '' : 's'}, where your validation loss was lowest`,
      `검증 손실이 가장 낮았던 ${to} 에폭까지만 학습`,
    );
  } else if (steps !== undefined && isStated(run, 'maxSteps') && Math.ceil(share * steps) < steps) {
    const to = Math.ceil(share * steps);
    operations.push(set('maxSteps', to));
    title = text(
      `Stop after ${to} steps, where your validation loss was lowest`,
      `검증 손실이 가장 낮았던 ${to} 스텝까지만 학습`,
    );
  }
  return title && { title, safe: false, operations };
}
