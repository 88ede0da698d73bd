import { limit } from '../../knowledge/limits.ts';
import { withParticle } from '../../korean.ts';
import { show } from '../../number-text.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { finite } from '../../symptoms/loss-track.ts';
import { curve, type MetricSeries } from '../../symptoms/metric-series.ts';
import { median } from '../../symptoms/statistics.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { type Text, text } from '../../text.ts';
import { usualRate } from '../../training/reference-rate.ts';
import { rateAt } from '../rates.ts';
import type { Cause } from './cause.ts';
import { grown, joined } from './parts.ts';

export function tooLargeSteps(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  const logged = rateAt(series, symptom.step);
  const rate = logged ?? valueOf(run, 'learningRate');
  const norm = normBefore(series, symptom.step);
  const compared = againstUsual(run);
  const parts = [
    rate === undefined
      ? undefined
      : text(
          `${logged === undefined ? 'The learning rate is' : 'The learning rate was'} ${show(rate)} there${compared.en}.`,
          `그때 학습률은 ${show(rate)}${compared.ko}입니다.`,
        ),
    norm &&
      text(
        `The gradient norm had grown from ${show(norm.usual)} to ${show(norm.last)}.`,
        `그래디언트 노름은 ${show(norm.usual)}에서 ${show(norm.last)}까지 커져 있었습니다.`,
      ),
  ].filter((part) => part !== undefined);
  return {
    fields: ['learningRate', 'optimizer'],
    why:
      parts.length > 0
        ? joined(parts)
        : text(
            'The file states no learning rate; it is the first thing to lower.',
            '파일에 학습률이 없습니다. 가장 먼저 낮춰 볼 값입니다.',
          ),
    changes: [],
  };
}

/** The norm of the last entries before `step` beside the usual one, where it had grown. */
function normBefore(series: MetricSeries, step: number) {
  const { steps, values } = finite(curve(series, 'gradNorm'));
  const before = values.filter((_, index) => (steps[index] ?? 0) <= step);
  if (!grown(before, limit('log-norm-growth'))) return undefined;
  return { usual: median(before.slice(0, -2)), last: median(before.slice(-2)) };
}

/** "; the config says 2e-3, 40 times the usual 5e-5" where the configured rate is above it by a factor that counts. */
function againstUsual(run: TrainingRun): Text {
  const rate = valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  if (!rate || optimizer === undefined) return text('', '');
  const usual = usualRate(run, optimizer);
  const times = rate / usual;
  if (!(times >= limit('learning-rate-weak-factor'))) return text('', '');
  return text(
    `; the config says ${show(rate)}, ${show(times)} times the usual ${show(usual)}`,
    `(설정값 ${withParticle(show(rate), '은/는')} 일반적인 ${show(usual)}의 ${show(times)}배)`,
  );
}
