import { limit } from '../../knowledge/limits.ts';
import { show } from '../../number-text.ts';
import { set } from '../../run/change.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { finite } from '../../symptoms/loss-track.ts';
import { curve, type MetricSeries, unitOf } from '../../symptoms/metric-series.ts';
import { significant } from '../../symptoms/statistics.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { text } from '../../text.ts';
import { peakRate, rateAt } from '../rates.ts';
import type { Cause } from './cause.ts';

/** A loss that fell until the rate of a warm-up grew too high: the log is a range test by itself. */
export function turnedWhileRising(
  run: TrainingRun,
  series: MetricSeries,
  symptom: Symptom,
): Cause | undefined {
  const turn = turningPoint(series, symptom.step);
  const peak = peakRate(series);
  const rate = valueOf(run, 'learningRate');
  if (turn === undefined || !peak || !rate || turn >= peak.step) return undefined;
  const still = rateAt(series, turn);
  const start = finite(curve(series, 'lr')).values[0] ?? 0;
  const rises = limit('log-rise-share');
  if (!still || still > rises * rate || start > rises * still) return undefined;
  const unit = unitOf(series);
  const to = significant(still / limit('log-turn-divisor'), 2);
  return {
    fields: ['learningRate', 'clipNorm'],
    why: text(
      `The loss fell until ${unit.en} ${turn}, where the rising learning rate had reached ${show(still)}; what comes above that is too much for this model.`,
      `손실은 ${turn} ${unit.ko}까지 내려갔고, 그때 올라가던 학습률은 ${show(still)}였습니다. 그보다 높은 학습률은 이 모델에 너무 큽니다.`,
    ),
    changes: [
      {
        title: text(
          `Learning rate ${show(to)}: a third of where your loss stopped falling`,
          `학습률 ${show(to)}: 손실이 더 줄지 않게 된 지점의 1/3`,
        ),
        safe: false,
        operations: [set('learningRate', to)],
      },
    ],
  };
}

/** Where the loss was lowest before `step`. */
function turningPoint(series: MetricSeries, step: number): number | undefined {
  const { steps, values } = finite(curve(series, 'loss'));
  let at: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  steps.forEach((each, index) => {
    const value = values[index] ?? Number.NaN;
    if (each > step || value >= lowest) return;
    lowest = value;
    at = each;
  });
  return at;
}
