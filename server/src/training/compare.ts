import type { RunResult } from '@trainlint/kernels';
import type { TrainingRun } from '../run/training-run.ts';
import { median } from '../symptoms/statistics.ts';
import { type Text, text } from '../text.ts';
import { hasMultiple } from './exchange.ts';
import { planRun, referenceSpec } from './plan.ts';
import { namedProxy, tunedRate } from './proxy-table.ts';
import { endLoss } from './series.ts';
import type { NoPlan, Runner } from './types.ts';

export interface CompareOptions {
  readonly runner: Runner;
  readonly optimizers: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly proxy?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** Three marks on the way down, as the source's comparison of convergence speed has them. */
export const phases = ['early', 'middle', 'final'] as const;
export type Phase = (typeof phases)[number];

/** Share of the way from the start to the target at which a phase is measured; the whole way would be a matter of noise. */
const phaseShare: Readonly<Record<Phase, number>> = { early: 0.5, middle: 0.8, final: 0.97 };

export interface Contestant {
  readonly optimizer: string;
  /** Peak rate in the proxy, and whether it was tuned there. */
  readonly learningRate: number;
  readonly tuned: boolean;
  /** Median end loss over the seeds; Infinity = diverged. */
  readonly endLoss: number;
  /** Steps to reach each phase's loss, median over seeds; absent where it was not reached. */
  readonly steps: { readonly [P in Phase]?: number };
  /** Seconds of computing to the target. */
  readonly seconds?: number;
  /** How many times fewer steps than the first optimizer of the list needed. */
  readonly speed: { readonly [P in Phase]?: number };
  /** Seconds to the target as a percentage of the first optimizer's. */
  readonly timePercent?: number;
}

export interface Comparison {
  readonly proxy: string;
  readonly why: Text;
  readonly steps: number;
  readonly seeds: number;
  /** The loss everyone who trained at all reached: the worst end loss among them. */
  readonly target: number;
  readonly startLoss: number;
  readonly contestants: readonly Contestant[];
}

/**
 * Trains the run's proxy under several optimizers, each at its own tuned rate with the reference schedule, and counts
 * the steps to one loss that all of them reach. The first of the list is the measure of the others.
 */
export async function compareOptimizers(
  run: TrainingRun,
  options: CompareOptions,
): Promise<Comparison | NoPlan> {
  const { runner, optimizers, signal, onProgress } = options;
  const unknown = optimizers.find((name) => !hasMultiple(name));
  if (unknown !== undefined)
    return {
      impossible: text(
        `The kernels have no optimizer "${unknown}".`,
        `커널에 "${unknown}" 옵티마이저가 없습니다.`,
      ),
    };
  const { proxies } = await runner.info();
  const plan = planRun(run, proxies, options);
  if ('impossible' in plan) return plan;
  const choice = namedProxy(plan.proxy, proxies);
  if (!choice) return { impossible: plan.why };
  const steps = plan.spec.steps;
  const seeds = Array.from({ length: options.seeds ?? 3 }, (_, index) => plan.spec.seed + index);
  let done = 0;
  const trained = await Promise.all(
    optimizers.map(async (optimizer) => {
      const { rate, measured } = tunedRate(choice.info, choice.row, optimizer);
      const results = await Promise.all(
        seeds.map(async (seed) => {
          const spec = referenceSpec(choice.info, optimizer, rate, { proxy: plan.proxy, steps, seed });
          const result = await runner.run(
            { ...spec, probeEvery: 1, validateEvery: 0 },
            signal ? { signal } : {},
          );
          signal?.throwIfAborted();
          onProgress?.(++done / (optimizers.length * seeds.length));
          return result;
        }),
      );
      return {
        optimizer,
        rate,
        measured,
        results,
        end: median(results.map((result) => endLoss(result, steps))),
      };
    }),
  );
  const startLoss = trained[0]?.results[0]?.initial.probeLoss ?? Number.NaN;
  // Whoever stayed near the start would make the target meaningless.
  const ends = trained.map(({ end }) => end).filter((end) => Number.isFinite(end) && end < 0.8 * startLoss);
  const target = Math.max(...ends);
  const rows = trained.map(({ optimizer, rate, measured, results, end }) => {
    const reached = (phase: Phase) => {
      const level = startLoss - phaseShare[phase] * (startLoss - target);
      const each = results.map((result) => stepsTo(result, level));
      const value = median(each);
      return Number.isFinite(value) ? value : undefined;
    };
    const counts = { early: reached('early'), middle: reached('middle'), final: reached('final') };
    const perStep = median(results.map((result) => result.seconds / Math.max(1, result.records.length)));
    return { optimizer, learningRate: rate, tuned: measured, endLoss: end, counts, perStep };
  });
  const first = rows[0];
  const contestants = rows.map(({ counts, perStep, ...row }): Contestant => {
    const speed: { [P in Phase]?: number } = {};
    const known: { [P in Phase]?: number } = {};
    for (const phase of phases) {
      const own = counts[phase];
      const measure = first?.counts[phase];
      if (own !== undefined) known[phase] = own;
      if (own !== undefined && measure !== undefined) speed[phase] = measure / own;
    }
    const seconds = counts.final === undefined ? undefined : counts.final * perStep;
    const measure = first?.counts.final === undefined ? undefined : first.counts.final * first.perStep;
    return {
      ...row,
      steps: known,
      speed,
      ...(seconds !== undefined && { seconds }),
      ...(seconds !== undefined && measure !== undefined && { timePercent: (100 * seconds) / measure }),
    };
  });
  return { proxy: plan.proxy, why: plan.why, steps, seeds: seeds.length, target, startLoss, contestants };
}

/** The first step from which the smoothed probe loss is at or below `level`; Infinity when never. */
function stepsTo({ records }: RunResult, level: number): number {
  const window: number[] = [];
  for (const { step, probeLoss } of records) {
    if (probeLoss === undefined) continue;
    window.push(probeLoss);
    if (window.length > 3) window.shift();
    if (median(window) <= level) return step;
  }
  return Number.POSITIVE_INFINITY;
}
