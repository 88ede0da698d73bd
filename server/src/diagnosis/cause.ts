import type { SymptomId } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import { type Change, type Operation, set } from '../run/change.ts';
import type { FieldId } from '../run/fields.ts';
import { isStated, type TrainingRun, valueOf } from '../run/training-run.ts';
import { finite } from '../symptoms/loss-track.ts';
import { curve, lastStep, type MetricSeries, unitOf } from '../symptoms/metric-series.ts';
import { median, quantile, significant } from '../symptoms/statistics.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { type Text, text } from '../text.ts';
import { show } from '../training/number-text.ts';
import { usualRate } from '../training/reference-rate.ts';
import { peakRate, rateAt, stillRising } from './rates.ts';

/** What a symptom in a log is laid to. */
export interface Cause {
  /** The settings that cause it, likeliest first. */
  readonly fields: readonly FieldId[];
  /** What in the log and the config speaks for it. */
  readonly why: Text;
  /** Ways out that this log itself suggests; they come before the table's. */
  readonly changes: readonly Change[];
  /** The rate is known to be too low: the ways out go up. */
  readonly tooSmallSteps?: boolean;
}

type Explain = (run: TrainingRun, series: MetricSeries, symptom: Symptom) => Cause;

/** Reads from the log, at the place where the symptom shows, which setting of the run it is to be laid to. */
export function causeOf(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
  return explain[symptom.symptom](run, series, symptom);
}

const warmup: readonly FieldId[] = ['warmupRatio', 'warmupSteps', 'warmupEpochs'];

const explain: Readonly<Record<SymptomId, Explain>> = {
  'loss-divergence': (run, series, symptom) =>
    overflow(run, series, symptom) ??
    turnedWhileRising(run, series, symptom) ??
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
    return momentum > usualMomentum
      ? {
          fields: ['momentum', 'beta1', 'learningRate'],
          why: text(
            `Momentum ${momentum} averages over about ${Math.round(1 / (1 - momentum))} steps and carries the weights past the minimum and back.`,
            `모멘텀 ${momentum}은 약 ${Math.round(1 / (1 - momentum))} 스텝을 평균하므로, 가중치가 최저점을 지나쳤다가 되돌아오기를 반복합니다.`,
          ),
          changes: [],
        }
      : tooLargeSteps(run, series, symptom);
  },
  'vanishing-gradient': (_, series) => ({
    fields: ['learningRate', 'optimizer'],
    why: text(
      `The gradient died while the learning rate was still at ${show(rateAt(series, lastStep(series)) ?? 0)}; a log cannot tell a first step that was too large from an architecture that passes no gradient.`,
      `학습률이 ${show(rateAt(series, lastStep(series)) ?? 0)}로 남아 있는데 그래디언트가 사라졌습니다. 첫 스텝이 너무 컸는지, 구조가 그래디언트를 전달하지 못하는지는 로그만으로 알 수 없습니다.`,
    ),
    changes: [],
  }),
  'dead-units': tooLargeSteps,
  'slow-convergence': slowConvergence,
};

/** Above it a plain momentum is more than the usual one (PyTorch's examples and the papers of the tables use 0.9). */
const usualMomentum = 0.9;

/** fp16 holds numbers up to 65504: what was calm until the step before did not diverge, it overflowed. */
function overflow(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause | undefined {
  const precision = valueOf(run, 'precision');
  if (symptom.evidence.kind !== 'non-finite' || (precision !== 'fp16' && precision !== 'fp16-mixed'))
    return undefined;
  const before = (metric: 'loss' | 'gradNorm') => {
    const { steps, values } = finite(curve(series, metric));
    return values.filter((_, index) => (steps[index] ?? 0) < symptom.step);
  };
  const losses = before('loss');
  if (
    losses.length < 4 ||
    grown(losses, limit('log-loss-growth')) ||
    grown(before('gradNorm'), limit('log-norm-growth'))
  )
    return undefined;
  const last = significant(losses.at(-1) ?? Number.NaN);
  return {
    fields: ['precision', 'learningRate'],
    why: text(
      `The loss was calm at ${last} until then and was gone from one entry to the next. In fp16 that is usually an overflow (nothing above 65504 exists there), not too high a learning rate.`,
      `그 전까지 손실은 ${last}로 안정적이었는데 바로 다음 기록에서 사라졌습니다. fp16에서는 대개 학습률 문제가 아니라 오버플로입니다(65504보다 큰 수를 표현하지 못합니다).`,
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

/** The last values lie above the usual ones by `factor`. */
function grown(values: readonly number[], factor: number): boolean {
  return values.length >= 4 && median(values.slice(-2)) > factor * median(values.slice(0, -2));
}

/** A loss that fell until the rate of a warm-up grew too high: the log is a range test by itself. */
function turnedWhileRising(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause | undefined {
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

function tooLargeSteps(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
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
        `The gradient norm had grown from ${significant(norm.usual, 2)} to ${significant(norm.last, 2)}.`,
        `그래디언트 노름은 ${significant(norm.usual, 2)}에서 ${significant(norm.last, 2)}까지 커져 있었습니다.`,
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
    `; the config says ${show(rate)}, ${significant(times, 2)} times the usual ${show(usual)}`,
    `(설정값 ${show(rate)}은 일반적인 ${show(usual)}의 ${significant(times, 2)}배)`,
  );
}

function gradientExplosion(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
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

function earlyInstability(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
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

function overfitting(run: TrainingRun, series: MetricSeries, symptom: Symptom): Cause {
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

function slowConvergence(run: TrainingRun, series: MetricSeries): Cause {
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
          `The highest rate was ${show(rate)}; usual here is ${show(usual)}, ${significant(usual / rate, 2)} times as much.`,
          `최고 학습률이 ${show(rate)}입니다. 일반적인 값은 그 ${significant(usual / rate, 2)}배인 ${show(usual)}입니다.`,
        ),
        changes: [],
        tooSmallSteps: true,
      };
  }
  return {
    fields: ['learningRate', 'optimizer'],
    why: text(
      'One log cannot tell whether the rate is too low or too high, or the data and loss do not belong together; `trainlint sweep` shows which way to go.',
      '로그 하나로는 학습률이 낮은지 높은지, 데이터와 손실이 맞지 않는지 알 수 없습니다. `trainlint sweep`으로 방향을 확인하세요.',
    ),
    changes: [],
  };
}

/** How many times the usual rate of its situation is configured; 1 where either is not known. */
export function timesUsual(run: TrainingRun): number {
  const rate = valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  return rate && optimizer !== undefined ? rate / usualRate(run, optimizer) : 1;
}

function joined(parts: readonly Text[]): Text {
  return text(parts.map(({ en }) => en).join(' '), parts.map(({ ko }) => ko).join(' '));
}
