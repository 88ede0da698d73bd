import { show } from '../../number-text.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { finite } from '../../symptoms/loss-track.ts';
import { curve, type MetricSeries } from '../../symptoms/metric-series.ts';
import { quantile, significant } from '../../symptoms/statistics.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { text } from '../../text.ts';
import { rateAt } from '../rates.ts';
import type { Cause } from './cause.ts';

export function gradientExplosion(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  const { values } = finite(curve(series, 'gradNorm'));
  const high = significant(quantile(values, 0.9), 2);
  const clip = valueOf(run, 'clipNorm') ?? 0;
  if (clip > 0)
    return {
      fields: ['learningRate', 'clipNorm'],
      why: text(
        `Gradients are clipped at ${clip}, so a single spike does little; that it comes at all says that the steps (learning rate ${show(rateAt(series, symptom.step) ?? valueOf(run, 'learningRate') ?? 0)}) lead into steep regions, or that a batch holds broken data.`,
        `그래디언트를 ${clip}에서 클리핑하므로 한 번 튀는 것은 큰 문제가 아닙니다. 다만 이렇게 튄다는 것은 스텝이 커서(학습률 ${show(rateAt(series, symptom.step) ?? valueOf(run, 'learningRate') ?? 0)}) 가파른 곳에 들어섰거나 배치에 잘못된 데이터가 있다는 뜻입니다.`,
      ),
      changes: [],
    };
  return {
    fields: ['clipNorm', 'learningRate'],
    why: text(
      `Nothing limits the gradient: nine tenths of the logged norms lie below ${high}, and this one went into the weights as it was.`,
      `그래디언트를 제한하는 설정이 없습니다. 기록된 노름의 90 %는 ${high}보다 작은데 이 값은 그대로 가중치에 반영되었습니다.`,
    ),
    changes: [],
  };
}
