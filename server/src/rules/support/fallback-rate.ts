import { tuningOrderTable } from '../../knowledge/choosing.ts';
import type { OptimizerId } from '../../knowledge/ids.ts';
import { situationById, situationTable } from '../../knowledge/situations.ts';
import { goalPreference } from '../../knowledge/traits-and-goals.ts';
import { settingOf, type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Text, text } from '../../text.ts';
import { isAdamLike, isSgdLike } from './optimizers.ts';

/** Learning rates where no situation of the tables fits, and which row says so. */
export interface FallbackRange {
  readonly low: number;
  readonly high: number;
  readonly of: Text;
  readonly row: string;
}

/** The range of the goal the user stated. */
export function goalRange(run: TrainingRun, optimizer: OptimizerId): FallbackRange | undefined {
  const goal = settingOf(run, 'goal');
  const method = valueOf(run, 'method');
  if (!goal || goal.from === 'inferred' || !isAdamLike(optimizer)) return undefined;
  if (method !== undefined && method !== 'full') return undefined;
  const row = goalPreference(goal.value);
  const { learningRate } = row.facts;
  if (!learningRate) return undefined;
  const of = text(`${row.name.en}; preference tables 2.5`, `${row.name.ko}, 선호도 표 2.5`);
  return { ...learningRate, of, row: `goal-preferences/${row.id}` };
}

/** The range the tables tell to search in; SGD's upper end grows with the batch. */
export function searchRange(run: TrainingRun, optimizer: OptimizerId): FallbackRange | undefined {
  const range = tuningOrderTable.find(({ id }) => id === 'learning-rate')?.search?.range;
  const sgd = isSgdLike(optimizer);
  if (!range || !(sgd || isAdamLike(optimizer) || optimizer === 'rmsprop')) return undefined;
  const reference = situationById('cnn-scratch-sgd')?.referenceBatch ?? 1;
  const scale = sgd ? Math.max(1, (valueOf(run, 'globalBatch') ?? 0) / reference) : 1;
  const of = text('the range to search, preference tables 6.3', '탐색 범위, 선호도 표 6.3');
  return { low: range.low, high: range.high * scale, of, row: 'tuning-order/learning-rate' };
}

/** The highest rate any published run of the tables trains with, whatever it trains. */
export function highestPublished(
  optimizer: OptimizerId,
): { readonly rate: number; readonly row: string } | undefined {
  const [top] = situationTable
    .filter((row) => row.usedByRules && row.optimizers.includes(optimizer))
    .sort((a, b) => b.learningRate.extremes.high - a.learningRate.extremes.high);
  return top && { rate: top.learningRate.extremes.high, row: `situations/${top.id}` };
}
