/**
 * AutoTrainer's thresholds on the same series, for comparison (Zhang et al., "AUTOTRAINER: An Automatic DNN Training
 * Problem Detection and Repair System", ICSE 2021; values of its published defaults).
 *
 * It watches the accuracy of classifiers by epoch, and the gradients layer by layer. The proxies record a loss, so
 * accuracy is replaced by progress, 1 − loss / first loss; an epoch is a twentieth of a run, where they measure the
 * validation loss. Layers' gradients are not recorded: its ratios between first and last layer (70 and 1e-3) and its
 * share of zero gradients cannot be tried, nor can its least accuracy of 0.7, which progress does not have.
 * Its gap of overfitting is computed but not reported by its published code; it is counted here.
 */
import type { RunResult } from '@trainlint/kernels';
import type { SymptomId } from '../../src/knowledge/ids.ts';

const defaults = {
  hugeLoss: 1e3,
  swing: 0.03,
  swingRate: 0.2,
  /** Largest rise between epochs below which training is slow. */
  leastRise: 0.01,
  /** Gap between training and validation accuracy, up to and above a training accuracy of 0.9. */
  gap: 0.1,
  gapWhenHigh: 0.07,
  high: 0.9,
};

export type Issue = 'explode' | 'unstable' | 'not converging' | 'overfit';

/** What each of its problems is called here. */
export const issueSymptoms: Readonly<Record<Issue, readonly SymptomId[]>> = {
  explode: ['loss-divergence', 'gradient-explosion'],
  unstable: ['oscillation', 'early-instability'],
  'not converging': ['slow-convergence', 'loss-divergence', 'vanishing-gradient'],
  overfit: ['overfitting'],
};

export function autoTrainer({ records, initial, finite }: RunResult): Issue[] {
  const validated = records.filter(({ valLoss }) => valLoss !== undefined);
  const highest = Math.max(...records.map(({ loss, valLoss }) => Math.max(loss, valLoss ?? loss)));
  if (!finite || !(highest < defaults.hugeLoss)) return ['explode'];
  const start = initial.valLoss;
  if (start === undefined || start <= 0 || validated.length < 4) return [];
  const validation = validated.map(({ valLoss }) => 1 - (valLoss ?? start) / start);
  const training = validated.map(({ step }, index) => {
    const from = validated[index - 1]?.step ?? 0;
    const losses = records.slice(from, step).map(({ loss }) => loss);
    return 1 - losses.reduce((sum, loss) => sum + loss, 0) / losses.length / start;
  });
  const issues: Issue[] = [];
  if (Math.max(rise(validation), rise(training)) < defaults.leastRise) issues.push('not converging');
  if (swings(training) >= defaults.swingRate * training.length) issues.push('unstable');
  const end = training.at(-1) ?? 0;
  const limit = end > defaults.high ? defaults.gapWhenHigh : defaults.gap;
  if (end - (validation.at(-1) ?? 0) >= limit) issues.push('overfit');
  return issues;
}

function rise(values: readonly number[]): number {
  return Math.max(...values.slice(1).map((value, index) => value - (values[index] ?? value)));
}

/** Pairs of a local maximum and a local minimum, in order, that lie at least a swing apart. */
function swings(values: readonly number[]): number {
  const highs: number[] = [];
  const lows: number[] = [];
  for (let i = 1; i + 1 < values.length; i++) {
    const [before, now, after] = [values[i - 1] ?? 0, values[i] ?? 0, values[i + 1] ?? 0];
    if (now >= before && now >= after) highs.push(now);
    if (now <= before && now <= after) lows.push(now);
  }
  return highs.slice(0, lows.length).filter((high, index) => high - (lows[index] ?? high) >= defaults.swing)
    .length;
}
