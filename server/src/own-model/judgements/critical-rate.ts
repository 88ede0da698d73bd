import { limit } from '../../knowledge/limits.ts';
import { symptomById } from '../../knowledge/symptoms.ts';
import { show } from '../../number-text.ts';
import { type Change, set } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { significant } from '../../symptoms/statistics.ts';
import { text } from '../../text.ts';
import type { Measured, Spread } from '../measured.ts';
import { firstRate } from './first-rate.ts';
import type { Judgement } from './judgement.ts';
import { change } from './judgement.ts';

export function criticalRate(run: TrainingRun, measured: Measured): Judgement | undefined {
  const rate = valueOf(run, 'learningRate');
  const { criticalRate: critical } = measured;
  if (rate === undefined || !rate || critical?.median === undefined) return undefined;
  const margin = limit('critical-rate-margin');
  const ratio = critical.median / rate;
  const evidence = { learningRate: rate, criticalRate: critical.median, ratio: significant(ratio) };
  const fields: FieldId[] = ['learningRate'];
  const range = rangeOf(critical);
  const times = show(ratio < 1 ? 1 / ratio : ratio);
  if (ratio >= margin)
    return {
      id: 'critical-rate',
      level: 'fine',
      fields,
      evidence,
      changes: [],
      message: text(
        `The learning rate ${show(rate)} is ${times} times below the critical one (${range}): the first step lowers the loss. It does not say that a higher rate would train better; curvature grows while training.`,
        `설정한 학습률(${show(rate)})은 임계 학습률(${range})보다 ${times}배 작아 첫 스텝에서 손실이 줄어듭니다. 더 높은 학습률이 낫다는 뜻은 아닙니다. 학습이 진행되면 곡률이 커집니다.`,
      ),
    };
  const first = firstRate(run, rate);
  const warms = first !== undefined && first < rate;
  // Warm-up starts below the limit and gives the curvature time to fall; only the peak is in question.
  const level = ratio < 1 && !(warms && first < critical.median / margin) ? 'warning' : 'information';
  const what =
    ratio < 1
      ? text(
          `The learning rate ${show(rate)} is ${times} times the critical one (${range}): a first step of that size raises the loss on the very batch it was computed from.`,
          `설정한 학습률(${show(rate)})은 임계 학습률(${range})의 ${times}배입니다. 이 크기로 첫 스텝을 밟으면 그 스텝을 계산한 바로 그 배치의 손실이 높아집니다.`,
        )
      : text(
          `The learning rate ${show(rate)} is only ${times} times below the critical one (${range}): a first step of that size goes past the lowest point of the loss in its own direction.`,
          `설정한 학습률(${show(rate)})은 임계 학습률(${range})보다 ${times}배 작을 뿐입니다. 이 크기의 첫 스텝은 그 방향에서 손실이 가장 낮은 지점을 지나칩니다.`,
        );
  const then = warms
    ? text(
        `Warm-up starts lower, at ${show(first)}. Measure again from a checkpoint taken at the end of warm-up; until then nobody knows whether the full rate holds.`,
        `워밍업 덕분에 ${show(first)}에서 시작합니다. 최고 학습률을 견딜지는 워밍업이 끝난 체크포인트에서 다시 측정해야 알 수 있습니다.`,
      )
    : text(
        `At ${show(safeRate(critical.median))}, half the critical rate, it would not.`,
        `임계 학습률의 절반(${show(safeRate(critical.median))})이면 그렇지 않습니다.`,
      );
  return {
    id: 'critical-rate',
    level,
    fields,
    evidence,
    message: text(`${what.en} ${then.en}`, `${what.ko} ${then.ko}`),
    changes: level === 'warning' || !warms ? ratesBelow(run, critical.median) : [],
  };
}

function safeRate(critical: number): number {
  // Rounded down, so that the rate that is written keeps the margin.
  const rate = critical / limit('critical-rate-margin');
  const scale = 10 ** (1 - Math.floor(Math.log10(rate)));
  return significant(Math.floor(rate * scale) / scale, 2);
}

function ratesBelow(run: TrainingRun, critical: number): Change[] {
  const rate = safeRate(critical);
  const lower = change(
    text(
      `Learning rate ${show(rate)}: half the critical rate of your model`,
      `학습률 ${show(rate)}: 측정한 임계 학습률의 절반`,
    ),
    set('learningRate', rate),
  );
  const warm = warmUp(run, critical);
  return warm ? [lower, warm] : [lower];
}

/** The warm-up of the symptom's table row, where there is none. */
function warmUp(run: TrainingRun, critical: number): Change | undefined {
  const now = valueOf(run, 'warmupRatio') ?? valueOf(run, 'warmupSteps');
  if (now !== undefined && now > 0) return undefined;
  const { change: cure } = symptomById('early-instability');
  if (cure?.kind !== 'warmup') return undefined;
  const ratio = cure.fraction;
  const percent = Math.round(100 * ratio);
  const steps = valueOf(run, 'totalSteps');
  const rate = valueOf(run, 'learningRate') ?? 0;
  // A warm-up so short that its first step is past the limit anyway is none.
  if (steps !== undefined && rate / Math.max(1, ratio * steps) > critical) return undefined;
  return change(
    text(
      `Linear warm-up over ${percent} % of the steps, then measure again`,
      `전체 스텝의 ${percent} % 동안 선형 워밍업 후 다시 측정`,
    ),
    set('warmupRatio', ratio),
  );
}

function rangeOf({ median, low, high }: Spread): string {
  if (median === undefined) return '∞';
  return low === undefined || high === undefined || high / low < 1.05
    ? show(median, 3)
    : `${show(median, 3)}, ${show(low, 3)}–${show(high, 3)}`;
}
