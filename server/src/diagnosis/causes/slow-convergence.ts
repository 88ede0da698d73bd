import { limit } from '../../knowledge/limits.ts';
import { show } from '../../number-text.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { finite } from '../../symptoms/loss-track.ts';
import { curve, type MetricSeries } from '../../symptoms/metric-series.ts';
import { largest } from '../../symptoms/statistics.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { text } from '../../text.ts';
import { usualRate } from '../../training/reference-rate.ts';
import { peakRate, stillRising, timesUsual } from '../rates.ts';
import type { Cause } from './cause.ts';
import { warmup } from './parts.ts';
import { tooLargeSteps } from './too-large-steps.ts';

export function slowConvergence(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  const rate = peakRate(series)?.rate ?? valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  if (stillRising(series) && finite(curve(series, 'lr')).values.length > 8)
    return {
      fields: [...warmup, 'learningRate'],
      why: text(
        `The learning rate was still rising at the last entry (${show(rate ?? 0)}): the run was over before warm-up was.`,
        `마지막 기록(${show(rate ?? 0)})까지 학습률이 계속 올라가고 있었습니다. 워밍업이 끝나기 전에 학습이 끝났습니다.`,
      ),
      changes: [],
    };
  if (rate && optimizer !== undefined) {
    const usual = usualRate(run, optimizer);
    if (rate < usual / limit('learning-rate-weak-factor'))
      return {
        fields: ['learningRate'],
        why: text(
          `The highest rate was ${show(rate)}; usual here is ${show(usual)}, ${show(usual / rate)} times as much.`,
          `최고 학습률이 ${show(rate)}입니다. 일반적인 값은 그 ${show(usual / rate)}배인 ${show(usual)}입니다.`,
        ),
        changes: [],
        steps: 'too-small-steps',
      };
  }
  const peak = largest(finite(curve(series, 'lr')).values);
  if (peak === 0)
    return {
      fields: ['learningRate', 'schedule'],
      why: text(
        'The learning rate was 0 in every entry of this log: no step changed the weights.',
        '로그의 모든 기록에서 학습률이 0이었습니다. 어떤 스텝도 가중치를 바꾸지 못했습니다.',
      ),
      changes: [],
    };
  // A loss that stands after one leap: steps of that size threw the weights to where they learn nothing more.
  if (rate && timesUsual(run) >= limit('learning-rate-weak-factor'))
    return { ...tooLargeSteps(run, series, symptom), steps: 'too-large-steps' };
  return {
    fields: ['learningRate', 'optimizer'],
    why: text(
      'One log cannot tell whether the rate is too low or too high, or the data and loss do not belong together; `trainlint sweep` shows which way to go.',
      '로그 하나로는 학습률이 낮은지 높은지, 데이터와 손실이 맞지 않는지 알 수 없습니다. `trainlint sweep`으로 방향을 확인하세요.',
    ),
    changes: [],
  };
}
