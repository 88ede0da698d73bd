import type { RunResult, RunSpec } from '@trainlint/kernels';
import { show } from '../number-text.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { largest, median, significant } from '../symptoms/statistics.ts';
import { type Text, text } from '../text.ts';
import { planRun } from './plan.ts';
import { endLoss } from './series.ts';
import type { NoPlan, Runner, RunPlan } from './types.ts';

export interface SweepOptions {
  readonly runner: Runner;
  /** Learning rates in the user's own units; default: 1e-5 to 1e-1, widened so that the configured rate lies well inside. */
  readonly rates?: readonly number[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly proxy?: string;
  readonly steps?: number;
  /** The I-th of N shares of the rates, I from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

export interface SweepPoint {
  /** In the user's units and in the proxy's. */
  readonly learningRate: number;
  readonly proxyRate: number;
  /** End loss per seed; Infinity = diverged. */
  readonly losses: readonly number[];
  /** Median of `losses`. */
  readonly loss: number;
}

export interface SweepReport {
  readonly plan: RunPlan;
  readonly points: readonly SweepPoint[];
  readonly configured: number | undefined;
  /** Loss before training: what a rate that learns nothing ends at. */
  readonly startLoss: number;
  readonly suggestion: Suggestion | { readonly none: Text };
}

export interface Suggestion {
  readonly learningRate: number;
  /** Rates that end within a tenth of the best. */
  readonly low: number;
  readonly high: number;
  /** The smallest rate above the best at which most seeds diverge or learn little; absent = none was reached. */
  readonly limit?: number;
  readonly why: Text;
}

/** Range of the source's learning-rate test and the number of rates in it: three a decade. */
const usualRange = { low: 1e-5, high: 1e-1 };
const perDecade = 3;
/** The configured rate should have this much room on either side. */
const room = 30;

/**
 * Learning-rate range test: the whole run at each rate of a logarithmic grid, several seeds each. Unlike a single run
 * with a rising rate, every point has the config's own schedule, warm-up and clipping.
 */
export async function sweepRates(run: TrainingRun, options: SweepOptions): Promise<SweepReport | NoPlan> {
  const { runner, signal, onProgress } = options;
  const { proxies } = await runner.info();
  const plan = planRun(run, proxies, options);
  if ('impossible' in plan) return plan;
  const configured = valueOf(run, 'learningRate');
  if (!configured)
    return {
      impossible: text(
        'A range test needs a learning rate in the config to relate the proxy to.',
        '대리 모델과 대응시킬 학습률이 설정에 없어 범위 시험을 할 수 없습니다.',
      ),
    };
  const all = options.rates ?? defaultRates(configured);
  const { index, count } = options.shard ?? { index: 1, count: 1 };
  const rates = all.filter((_, each) => each % count === index - 1);
  const seeds = Array.from({ length: options.seeds ?? 3 }, (_, each) => plan.spec.seed + each);
  const peak = largest(plan.spec.learningRates);
  let done = 0;
  let start: number | undefined;
  const train = async (spec: RunSpec): Promise<RunResult> => {
    const result = await runner.run(spec, signal ? { signal } : {});
    signal?.throwIfAborted();
    start ??= result.initial.probeLoss;
    onProgress?.(++done / (rates.length * seeds.length));
    return result;
  };
  const points = await Promise.all(
    rates.map(async (learningRate): Promise<SweepPoint> => {
      const factor = learningRate / configured;
      const spec = { ...plan.spec, learningRates: plan.spec.learningRates.map((rate) => rate * factor) };
      const results = await Promise.all(seeds.map((seed) => train({ ...spec, seed, validateEvery: 0 })));
      const losses = results.map((result) => endLoss(result, spec.steps));
      return { learningRate, proxyRate: peak * factor, losses, loss: median(losses) };
    }),
  );
  const startLoss = start ?? Number.NaN;
  return { plan, points, configured, startLoss, suggestion: suggest(points, startLoss) };
}

export function defaultRates(configured: number): number[] {
  return rateGrid(Math.min(usualRange.low, configured / room), Math.max(usualRange.high, configured * room));
}

/** A logarithmic grid from `low` to `high`, both included. */
export function rateGrid(low: number, high: number, points?: number): number[] {
  const number = points ?? Math.max(2, Math.round(Math.log10(high / low) * perDecade) + 1);
  if (number === 1) return [low];
  return Array.from({ length: number }, (_, index) =>
    significant(low * (high / low) ** (index / (number - 1)), 3),
  );
}

/** Share of the way from the start to the best end that a rate has to cover to count as learning. */
const learns = 0.3;

export function suggest(points: readonly SweepPoint[], startLoss: number): SweepReport['suggestion'] {
  const sorted = [...points].sort((a, b) => a.learningRate - b.learningRate);
  const best = sorted.reduce((a, b) => (b.loss < a.loss ? b : a), sorted[0] ?? emptyPoint);
  if (!Number.isFinite(best.loss) || best.loss > 0.95 * startLoss)
    return {
      none: text('No rate in this range learns anything.', '이 범위의 어떤 학습률로도 학습되지 않습니다.'),
    };
  const at = sorted.indexOf(best);
  if (at === 0 || at === sorted.length - 1)
    return {
      none: text(
        `The best rate lies at the edge of the range (${show(best.learningRate, 3)}); widen it with --lr.`,
        `가장 나은 학습률이 범위의 끝(${show(best.learningRate, 3)})에 있습니다. --lr로 범위를 넓히세요.`,
      ),
    };
  const good = sorted.filter(({ loss }) => loss <= 1.1 * best.loss);
  const low = good[0]?.learningRate ?? best.learningRate;
  const high = good.at(-1)?.learningRate ?? best.learningRate;
  const limit = sorted.slice(at).find(({ loss }) => !(startLoss - loss > learns * (startLoss - best.loss)));
  const wanted = Math.sqrt(low * high);
  // As far below the limit as the proxy can resolve.
  const rate = limit ? Math.min(wanted, limit.learningRate / 3) : wanted;
  return {
    learningRate: significant(rate, 2),
    low,
    high,
    ...(limit && { limit: limit.learningRate }),
    why: text(
      `the middle of the rates that end within a tenth of the best${limit ? ', and no nearer than a factor of three to where training breaks' : ''}`,
      `가장 나은 손실의 10 % 이내로 끝난 학습률들의 가운데${limit ? '이며, 학습이 무너지는 값의 1/3 이하' : ''}`,
    ),
  };
}

const emptyPoint: SweepPoint = { learningRate: 0, proxyRate: 0, losses: [], loss: Number.POSITIVE_INFINITY };
