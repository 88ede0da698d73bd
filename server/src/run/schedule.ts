import { limit } from '../knowledge/limits.ts';
import { type Text, text } from '../text.ts';
import type { ScheduleKind } from './fields.ts';
import type { TrainingRun } from './training-run.ts';
import { valueOf } from './training-run.ts';

/**
 * A learning-rate schedule over a run of length 1: what the field calls a schedule, independent of how many steps
 * there are, so that the same shape drives the real run's curve and a proxy of three hundred steps.
 */
export interface ScheduleShape {
  readonly kind: ScheduleKind;
  /** Fraction of the run spent warming up, in [0, 1]; above 1 warm-up outlasts training. */
  readonly warmup: number;
  /** Fraction of the run at which decay has ended; above 1 decay is cut off by the end of training. */
  readonly decayEnd: number;
  /** Rate at the end of decay as a fraction of the peak. */
  readonly floor: number;
  /** Fractions of the run at which a step schedule multiplies by `decayFactor`. */
  readonly milestones: readonly number[];
  readonly decayFactor: number;
  /** True where the file does not say when a step schedule drops. */
  readonly guessed: boolean;
  /** Last fraction of the run, in (0, 1], over which a warmup-stable-decay schedule comes down. */
  readonly cooldown: number;
  /** What the config does not say and we took as usual; shown beside every curve. */
  readonly assumed: readonly Text[];
}

/** `torch.optim.lr_scheduler.OneCycleLR` defaults: pct_start, div_factor, final_div_factor. */
const oneCycle = { rise: 0.3, startDivisor: 25, endDivisor: 1e4 };
/** Where step schedules of vision recipes drop when the file does not say: He et al. 2016 (1512.03385), 30 and 60 of 90 epochs. */
const usualMilestones = [1 / 3, 2 / 3];

/**
 * The schedule of a run, or undefined when its kind is unknown, metric-driven in a way that cannot be drawn, or its
 * warm-up is given in steps of a run whose length nobody knows.
 */
export function scheduleShape(run: TrainingRun): ScheduleShape | undefined {
  const kind = valueOf(run, 'schedule');
  if (kind === undefined || kind === 'other') return undefined;
  const assumed: Text[] = [];
  const total = valueOf(run, 'totalSteps');
  const unknownLength = valueOf(run, 'warmupSteps') || valueOf(run, 'warmupEpochs');
  const warmup = valueOf(run, 'warmupRatio') ?? (unknownLength ? undefined : 0);
  if (warmup === undefined) return undefined;
  const decaySteps = valueOf(run, 'decaySteps');
  const decayEnd = decaySteps !== undefined && total ? decaySteps / total : 1;
  const stepped = kind === 'step' || kind === 'multi-step';
  const stated = stepped ? milestoneFractions(run, kind, total) : [];
  if (!stated) assumed.push(guessedDrops);
  return {
    kind,
    warmup,
    decayEnd,
    floor: valueOf(run, 'minLearningRateRatio') ?? 0,
    milestones: stated ?? usualMilestones,
    guessed: !stated,
    decayFactor: decayFactor(run, kind),
    cooldown: cooldownShare(run, kind, assumed),
    assumed,
  };
}

/** Per milestone; of an exponential schedule, which decays every epoch, over the whole run. */
function decayFactor(run: TrainingRun, kind: ScheduleKind): number {
  const factor = valueOf(run, 'decayFactor') ?? 0.1;
  const epochs = valueOf(run, 'epochs');
  return kind === 'exponential' && valueOf(run, 'decayFactor') !== undefined && epochs
    ? factor ** epochs
    : factor;
}

function cooldownShare(run: TrainingRun, kind: ScheduleKind, assumed: Text[]): number {
  const usual = limit('cooldown-share-least');
  if (kind !== 'warmup-stable-decay') return usual;
  const stated = valueOf(run, 'cooldownRatio');
  if (stated !== undefined && stated > 0) return Math.min(1, stated);
  const percent = Math.round(100 * usual);
  assumed.push(
    text(
      `How long the final decay is cannot be told from the file; the last ${percent} % of the run are drawn.`,
      `마지막에 학습률을 줄이는 구간의 길이를 파일에서 알 수 없어 마지막 ${percent} %로 가정했습니다.`,
    ),
  );
  return usual;
}

const guessedDrops = text(
  'When the rate drops cannot be told from the file; drops at one third and two thirds are drawn.',
  '학습률이 떨어지는 시점을 파일에서 알 수 없어 전체의 1/3과 2/3 지점에서 떨어진다고 가정했습니다.',
);

/** Undefined where nobody says when the rate drops. */
function milestoneFractions(
  run: TrainingRun,
  kind: 'step' | 'multi-step',
  total: number | undefined,
): readonly number[] | undefined {
  const steps = valueOf(run, 'decayMilestones');
  if (steps && total) return steps.map((step) => step / total);
  const every = valueOf(run, 'decayEpochs');
  const epochs = valueOf(run, 'epochs');
  if (kind !== 'step' || !every || !epochs) return undefined;
  return Array.from({ length: Math.ceil(epochs / every) - 1 }, (_, index) => ((index + 1) * every) / epochs);
}

/**
 * Rate at fraction `x` in [0, 1] of the run, as a fraction of the peak.
 * Step k of T has x = k / T, counted from 0 as Hugging Face and PyTorch schedulers do: the first step of a warm-up is 0.
 */
export function factorAt(shape: ScheduleShape, x: number): number {
  if (shape.kind === 'one-cycle') return oneCycleFactor(x);
  if (x < shape.warmup) return x / shape.warmup;
  const span = Math.max(shape.decayEnd - shape.warmup, 0);
  const progress = span > 0 ? Math.min((x - shape.warmup) / span, 1) : 1;
  const between = (share: number) => shape.floor + (1 - shape.floor) * share;
  switch (shape.kind) {
    case 'linear':
    case 'polynomial':
      return between(1 - progress);
    case 'cosine':
    case 'cosine-restarts':
      return between(0.5 * (1 + Math.cos(Math.PI * progress)));
    case 'inverse-sqrt':
    case 'noam':
      return shape.warmup > 0 ? Math.sqrt(shape.warmup / Math.max(x, shape.warmup)) : 1 / Math.sqrt(1 + x);
    case 'exponential':
      return Math.max(shape.floor, shape.decayFactor ** progress);
    case 'step':
    case 'multi-step':
      return shape.decayFactor ** shape.milestones.filter((milestone) => x >= milestone).length;
    case 'warmup-stable-decay': {
      const start = 1 - shape.cooldown;
      return x < start ? 1 : between((1 - x) / shape.cooldown);
    }
    default:
      return 1;
  }
}

function oneCycleFactor(x: number): number {
  const cosine = (from: number, to: number, p: number) =>
    to + ((from - to) * (1 + Math.cos(Math.PI * p))) / 2;
  const start = 1 / oneCycle.startDivisor;
  return x < oneCycle.rise
    ? cosine(start, 1, x / oneCycle.rise)
    : cosine(1, start / oneCycle.endDivisor, (x - oneCycle.rise) / (1 - oneCycle.rise));
}

/**
 * The learning rate of each of `steps` steps, the run's schedule stretched or squeezed to that length.
 * Undefined when the peak or the shape is unknown.
 */
export function learningRates(run: TrainingRun, steps: number): Float64Array | undefined {
  const peak = valueOf(run, 'learningRate');
  const shape = scheduleShape(run);
  if (peak === undefined || !shape) return undefined;
  return Float64Array.from({ length: steps }, (_, k) => peak * factorAt(shape, k / steps));
}
