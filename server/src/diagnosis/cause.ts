import type { SymptomId } from '../knowledge/ids.ts';
import { usualValue } from '../knowledge/numbers.ts';
import { withParticle } from '../korean.ts';
import { show } from '../number-text.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { lastStep, type MetricSeries } from '../symptoms/metric-series.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { text } from '../text.ts';
import type { Cause } from './causes/cause.ts';
import { earlyInstability } from './causes/early-instability.ts';
import { gradientExplosion } from './causes/gradient-explosion.ts';
import { overfitting } from './causes/overfitting.ts';
import { overflow } from './causes/overflow.ts';
import { slowConvergence } from './causes/slow-convergence.ts';
import { suddenEnd } from './causes/sudden-end.ts';
import { tooLargeSteps } from './causes/too-large-steps.ts';
import { turnedWhileRising } from './causes/turned-while-rising.ts';
import { rateAt } from './rates.ts';

export type { Cause } from './causes/cause.ts';

type Explain = (run: TrainingRun, series: MetricSeries, symptom: Symptom) => Cause;

/** Reads from the log, at the place where the symptom shows, which setting of the run it is to be laid to. */
export function causeOf(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  return explain[symptom.symptom](run, series, symptom);
}

const explain: Readonly<Record<SymptomId, Explain>> = {
  'loss-divergence': (run, series, symptom) =>
    overflow(run, series, symptom) ??
    turnedWhileRising(run, series, symptom) ??
    suddenEnd(run, series, symptom) ??
    tooLargeSteps(run, series, symptom),
  'gradient-explosion': (run, series, symptom) =>
    turnedWhileRising(run, series, symptom) ?? gradientExplosion(run, series, symptom),
  'early-instability': (run, series, symptom) =>
    turnedWhileRising(run, series, symptom) ?? earlyInstability(run, series, symptom),
  'late-plateau': (run) => {
    const schedule = valueOf(run, 'schedule');
    return {
      fields: ['schedule', 'learningRate'],
      why:
        schedule === undefined || schedule === 'constant'
          ? text(
              'The learning rate never came down, and the noise of its steps keeps the loss from settling.',
              '학습률을 끝까지 낮추지 않아, 스텝의 잡음 때문에 손실이 더 내려가지 못합니다.',
            )
          : text(
              'The schedule had not brought the learning rate down by the end of this log.',
              '로그가 끝날 때까지 스케줄이 학습률을 낮추지 않았습니다.',
            ),
      changes: [],
    };
  },
  overfitting,
  oscillation: (run, series, symptom) => {
    const momentum = valueOf(run, 'momentum') ?? valueOf(run, 'beta1') ?? 0;
    const usual = usualValue('momentum')?.typical;
    return usual !== undefined && momentum > usual
      ? {
          fields: ['momentum', 'beta1', 'learningRate'],
          why: text(
            `Momentum ${momentum} averages over about ${Math.round(1 / (1 - momentum))} steps and carries the weights past the minimum and back.`,
            `모멘텀 ${withParticle(String(momentum), '은/는')} 약 ${Math.round(1 / (1 - momentum))} 스텝을 평균하므로, 가중치가 최저점을 지나쳤다가 되돌아오기를 반복합니다.`,
          ),
          changes: [],
        }
      : tooLargeSteps(run, series, symptom);
  },
  'vanishing-gradient': (_, series) => ({
    fields: ['learningRate', 'optimizer'],
    why: text(
      `The gradient died while the learning rate was still at ${show(rateAt(series, lastStep(series)) ?? 0)}; a log cannot tell a first step that was too large from an architecture that passes no gradient.`,
      `학습률이 ${withParticle(show(rateAt(series, lastStep(series)) ?? 0), '으로/로')} 남아 있는데 그래디언트가 사라졌습니다. 첫 스텝이 너무 컸는지, 구조가 그래디언트를 전달하지 못하는지는 로그만으로 알 수 없습니다.`,
    ),
    changes: [],
  }),
  'dead-units': tooLargeSteps,
  'slow-convergence': slowConvergence,
};
