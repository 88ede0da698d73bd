import type { RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import { limit } from '../knowledge/limits.ts';
import { optimizerById } from '../knowledge/optimizers.ts';
import { show } from '../number-text.ts';
import { applyChange } from '../run/apply-change.ts';
import { type Change, type Operation, set } from '../run/change.ts';
import { factorAt, scheduleShape } from '../run/schedule.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { largest, median, significant } from '../symptoms/statistics.ts';
import { validationStall } from '../symptoms/validation-stall.ts';
import { type Text, text } from '../text.ts';
import { withoutRate } from './fixes.ts';
import { splitWrapper } from './optimizer-spec.ts';
import { planRun } from './plan.ts';
import { type ReferenceRate, referenceRate, usualRate } from './reference-rate.ts';
import { endLoss, seriesOf } from './series.ts';
import { stagesOf, switchVerdict } from './switching-words.ts';
import type { NoPlan, Runner, RunPlan } from './types.ts';

export interface SwitchOptions {
  readonly runner: Runner;
  /** Switch here, as a share of the run in (0, 1), instead of where the validation loss stalls. */
  readonly at?: number;
  readonly seeds?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly proxy?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

export type ArmId = 'adam' | 'switch' | 'sgd';

/** One of the three ways to train, over all seeds. */
export interface Arm {
  readonly id: ArmId;
  /** End validation loss by seed; Infinity = diverged. */
  readonly losses: readonly number[];
  /** Median of `losses`. */
  readonly loss: number;
  /** Median over seeds of the loss over Adam's on the same seed; 1 for Adam. */
  readonly ratio: number;
  /** Seeds on which it ended below Adam. */
  readonly better: number;
  /** The curve on the first seed. */
  readonly records: readonly StepRecord[];
}

/** Where one seed switched; shares of the run. */
export interface SwitchPoint {
  readonly seed: number;
  /** Where the validation loss stopped gaining; absent when the point was given. */
  readonly begins?: number;
  readonly at: number;
}

/** Learning rates of SGD after the switch, in the user's units. */
export interface SwitchRates {
  /** The config's own, for Adam. */
  readonly adam: number | undefined;
  /** SGD's peak: what the schedule's factor multiplies. */
  readonly peak: number;
  /** SGD's rate at the switch, by what the schedule has left there; absent without a switch or a schedule to draw. */
  readonly atSwitch?: number;
  /** SGD's peak on the proxy. */
  readonly proxyPeak: number;
  readonly momentum: number;
  /** Decay that shrinks the weights by as much a step as before; absent when the config says none. */
  readonly weightDecay?: number;
  readonly what: Text;
  readonly source: string;
}

export type SwitchOutcome = 'better' | 'worse' | 'unresolved' | 'no-stall';

export interface SwitchReport {
  readonly plan: RunPlan;
  /** The config's optimizer. */
  readonly from: string;
  /** What makes the config's run one of SGD: the second stage's settings. */
  readonly change: Change;
  readonly points: readonly SwitchPoint[];
  /** Median of the points; absent when most seeds never stalled. */
  readonly at?: number;
  readonly rates: SwitchRates;
  /** Without `switch` when there was no point to switch at. */
  readonly arms: readonly Arm[];
  readonly seeds: number;
  readonly outcome: SwitchOutcome;
  /** One or two sentences: proxy evidence. */
  readonly verdict: Text;
  /** How one does it with a real model. */
  readonly stages: readonly Text[];
}

/** The optimizers a switch leads away from (Keskar and Socher 2017 switch from Adam; AdamW differs in its decay only). */
const adams = ['adam', 'adamw'];

/** Validations of a run: fine enough to place a switch within a few per cent. */
const validations = 40;

/** Whether a switch to SGD means anything for this run. */
export function canSwitch(run: TrainingRun): boolean {
  return adams.includes(valueOf(run, 'optimizer') ?? '');
}

/**
 * Adam to SGD with momentum in mid-run (source document 6.4.2): trains the proxy as configured, with a switch where the
 * validation loss begins to stall, and with SGD all the way; the schedule is the config's in all three.
 */
export async function trySwitching(run: TrainingRun, options: SwitchOptions): Promise<SwitchReport | NoPlan> {
  const { runner, signal, onProgress } = options;
  const refusal = whyNot(run, options);
  if (refusal) return { impossible: refusal };
  const { proxies } = await runner.info();
  const plan = planRun(run, proxies, options);
  if ('impossible' in plan) return plan;
  const info = proxies.find(({ id }) => id === plan.proxy);
  if (!info || info.metrics.length > 0) return { impossible: noLoss };
  const reference = referenceRate(withoutRate(run), sgd);
  const change = toSgd(run);
  const second = planRun(applyChange(run, change), proxies, { ...options, proxy: plan.proxy });
  if ('impossible' in second) return second;

  const { steps } = plan.spec;
  const validateEvery = Math.max(1, Math.floor(steps / validations));
  const seeds = Array.from({ length: Math.max(1, options.seeds ?? 3) }, (_, k) => plan.spec.seed + k);
  let done = 0;
  const train = async (spec: RunSpec, seed: number): Promise<RunResult> => {
    const result = await runner.run({ ...spec, seed, validateEvery }, signal ? { signal } : {});
    signal?.throwIfAborted();
    onProgress?.(++done / (3 * seeds.length));
    return result;
  };
  const tried = await Promise.all(
    seeds.map(async (seed) => {
      const throughout = train(second.spec, seed);
      // A failure of the other arm is told by the `await` below; until then it must not count as unhandled.
      throughout.catch(() => {});
      const adam = await train(plan.spec, seed);
      const stall = options.at === undefined ? validationStall(seriesOf(adam, steps)) : undefined;
      const after = options.at === undefined ? stall?.noticed : Math.round(options.at * steps);
      const at = after !== undefined && after >= 1 && after < steps ? after + 1 : undefined;
      const switched = at === undefined ? undefined : await train(joined(plan.spec, second.spec, at), seed);
      const point: SwitchPoint | undefined =
        at === undefined
          ? undefined
          : { seed, ...(stall && { begins: stall.begins / steps }), at: (at - 1) / steps };
      return { adam, switched, sgd: await throughout, point };
    }),
  );
  const points = tried.flatMap(({ point }) => point ?? []);
  const stalls = points.length * 2 > seeds.length;
  const end = (result: RunResult) => endLoss(result, steps, 'valLoss');
  const adamLosses = tried.map(({ adam }) => end(adam));
  const arm = (id: ArmId, results: readonly (RunResult | undefined)[]): Arm => {
    const paired = results.flatMap((result, seed) =>
      result ? [{ loss: end(result), adam: adamLosses[seed] ?? Number.NaN }] : [],
    );
    return {
      id,
      losses: paired.map(({ loss }) => loss),
      loss: median(paired.map(({ loss }) => loss)),
      ratio: id === 'adam' ? 1 : median(paired.map(({ loss, adam }) => loss / adam)),
      better: paired.filter(({ loss, adam }) => loss < adam).length,
      records: results.find((result) => result !== undefined)?.records ?? [],
    };
  };
  const switchArm = stalls
    ? arm(
        'switch',
        tried.map(({ switched }) => switched),
      )
    : undefined;
  const arms = [
    arm(
      'adam',
      tried.map(({ adam }) => adam),
    ),
    ...(switchArm ? [switchArm] : []),
    arm(
      'sgd',
      tried.map(({ sgd: result }) => result),
    ),
  ];
  const at = stalls ? median(points.map((point) => point.at)) : undefined;
  const rates = ratesOf(run, change, second, reference, at);
  const outcome = outcomeOf(switchArm);
  return {
    plan,
    from: valueOf(run, 'optimizer') ?? '',
    change,
    points,
    ...(at !== undefined && { at }),
    rates,
    arms,
    seeds: seeds.length,
    outcome,
    verdict: switchVerdict(outcome, { at, arm: switchArm, stalled: points.length, seeds: seeds.length }),
    stages: stagesOf(rates, at),
  };
}

const sgd = 'sgd-momentum';

const noLoss = text(
  'This proxy has no validation loss to watch: in reinforcement learning and adversarial training a falling loss is no sign of progress.',
  '이 대리 모델에는 지켜볼 검증 손실이 없습니다. 강화학습과 적대적 학습에서는 손실이 줄어도 학습이 잘된다는 뜻이 아닙니다.',
);

function whyNot(run: TrainingRun, { at }: SwitchOptions): Text | undefined {
  const name = valueOf(run, 'optimizer');
  if (at !== undefined && !(at > 0 && at < 1))
    return text(
      'The switch must lie between 0 and 1, as a share of the run.',
      '전환 시점은 전체 학습에 대한 비율로 0과 1 사이여야 합니다.',
    );
  if (canSwitch(run)) return undefined;
  if (name === undefined)
    return text(
      'The config does not say its optimizer, so there is no Adam to switch from.',
      '설정에 옵티마이저가 없어 Adam에서 전환할 수 없습니다.',
    );
  return text(
    `The config trains with ${name}; the switch to SGD is one from Adam or AdamW.`,
    `이 설정의 옵티마이저는 ${name}입니다. SGD 전환은 Adam이나 AdamW에서 시작합니다.`,
  );
}

/**
 * The same run under SGD with momentum at its usual rate. AdamW's decay is carried over by how much it shrinks the
 * weights a step, lr · wd (Wang and Aitchison 2024), which momentum multiplies by 1 / (1 − μ).
 */
function toSgd(run: TrainingRun): Change {
  const { base } = splitWrapper(valueOf(run, 'optimizer') ?? '');
  const momentum = optimizerById(sgd).defaults.momentum ?? 0.9;
  const rate = significant(usualRate(withoutRate(run), sgd), 2);
  const adamRate = valueOf(run, 'learningRate');
  const decay = valueOf(run, 'weightDecay');
  const kept: Operation[] =
    base === 'adamw' && adamRate && decay
      ? [set('weightDecay', significant((adamRate * decay * (1 - momentum)) / rate, 2))]
      : [];
  return {
    title: text(
      `SGD with momentum ${momentum} at ${show(rate)}`,
      `SGD + Momentum ${momentum}, 학습률 ${show(rate)}`,
    ),
    safe: false,
    operations: [set('optimizer', sgd), set('momentum', momentum), set('learningRate', rate), ...kept],
  };
}

/** Adam's run up to step `at`, SGD's from there: its optimizer with fresh state, and its rates. */
function joined(adam: RunSpec, second: RunSpec, at: number): RunSpec {
  return {
    ...adam,
    switch: { at, optimizer: second.optimizer },
    learningRates: [...adam.learningRates.slice(0, at - 1), ...second.learningRates.slice(at - 1)],
  };
}

function ratesOf(
  run: TrainingRun,
  change: Change,
  second: RunPlan,
  { what, source }: ReferenceRate,
  at: number | undefined,
): SwitchRates {
  const after = applyChange(run, change);
  const peak = valueOf(after, 'learningRate') ?? Number.NaN;
  const shape = scheduleShape(after);
  const weightDecay = valueOf(after, 'weightDecay');
  return {
    adam: valueOf(run, 'learningRate'),
    peak,
    ...(shape && at !== undefined && { atSwitch: significant(peak * factorAt(shape, at), 2) }),
    proxyPeak: significant(largest(second.spec.learningRates), 2),
    momentum: valueOf(after, 'momentum') ?? 0,
    ...(weightDecay !== undefined && { weightDecay }),
    what,
    source,
  };
}

/** A difference counts when the median passes what few seeds resolve and every seed points the same way. */
function outcomeOf(arm: Arm | undefined): SwitchOutcome {
  if (!arm) return 'no-stall';
  const least = limit('switch-resolution');
  const all = arm.losses.length;
  if (arm.ratio < 1 - least && arm.better === all) return 'better';
  if (!(arm.ratio <= 1 + least) && arm.better === 0) return 'worse';
  return 'unresolved';
}
