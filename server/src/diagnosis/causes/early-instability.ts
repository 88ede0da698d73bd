import { limit } from '../../knowledge/limits.ts';
import { show } from '../../number-text.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { finite } from '../../symptoms/loss-track.ts';
import { curve, type MetricSeries, unitOf } from '../../symptoms/metric-series.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { text } from '../../text.ts';
import { peakRate } from '../rates.ts';
import type { Cause } from './cause.ts';
import { joined, warmup } from './parts.ts';
import { tooLargeSteps } from './too-large-steps.ts';

export function earlyInstability(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  const peak = peakRate(series);
  const first = finite(curve(series, 'lr')).values[0];
  const unit = unitOf(series);
  const configured = warmup.some((field) => Number(valueOf(run, field) ?? 0) > 0);
  const rose =
    peak && first !== undefined ? first < limit('log-rise-share') * peak.rate && peak.step > 1 : configured;
  if (!rose)
    return {
      fields: [...warmup, 'schedule', 'learningRate'],
      why: peak
        ? text(
            `The learning rate stood at ${show(peak.rate)} from the first entry of the log on: there was no warm-up.`,
            `로그의 첫 기록부터 학습률이 ${show(peak.rate)}였습니다. 워밍업이 없었습니다.`,
          )
        : text('No warm-up is configured.', '워밍업 설정이 없습니다.'),
      changes: [],
    };
  const cause = tooLargeSteps(run, series, symptom);
  if (!peak || symptom.step < peak.step) return cause;
  return {
    ...cause,
    fields: ['learningRate', ...warmup],
    why: joined([
      text(
        `Warm-up had ended at ${unit.en} ${peak.step} when the loss rose.`,
        `워밍업이 ${peak.step} ${unit.ko}에서 끝난 뒤 손실이 올라갔습니다.`,
      ),
      cause.why,
    ]),
  };
}
