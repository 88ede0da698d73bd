import data from '../../../schemas/knowledge/limits.json' with { type: 'json' };
import type { LimitsRow, LimitsTable } from '../generated/knowledge-types.d.ts';
import { byId, rowOf, table } from './table.ts';

export type LimitId =
  | 'learning-rate-strong-factor'
  | 'learning-rate-weak-factor'
  | 'long-run-epochs'
  | 'smoke-run-steps'
  | 'cooldown-share'
  | 'cooldown-share-least'
  | 'far-rate'
  | 'usual-dropout'
  | 'strong-dropout'
  | 'early-stopping-share'
  | 'switching-epochs'
  | 'switch-stall-window'
  | 'switch-stall-gain'
  | 'switch-resolution'
  | 'multiplier-rate-low'
  | 'long-run-steps'
  | 'layerwise-batch'
  | 'layerwise-batch-low'
  | 'linear-scaling-batch'
  | 'reference-rate-slack'
  | 'scaling-statement-factor'
  | 'log-rate-tolerance'
  | 'log-peak-share'
  | 'log-turn-divisor'
  | 'log-rise-share'
  | 'log-norm-growth'
  | 'log-loss-growth'
  | 'devices-of-a-node'
  | 'weight-scale-usual'
  | 'weight-decay-low-divisor'
  | 'rounding-margin'
  | 'early-decay-share'
  | 'late-decay-factor'
  | 'horizon-share'
  | 'warmup-large-batch'
  | 'warmup-enough-epochs'
  | 'warmup-enough-steps'
  | 'warmup-pretraining-fraction'
  | 'critical-rate-margin'
  | 'update-ratio-usual'
  | 'update-ratio-factor'
  | 'clip-quantile'
  | 'clip-share-high';

/** Single numbers that rules compare with. */
export const limitTable: readonly LimitsRow[] = table<LimitsTable>(data).rows;
const rows = byId<LimitId, LimitsRow & { id: LimitId }>(
  limitTable as readonly (LimitsRow & { id: LimitId })[],
);

export function limitRow(id: LimitId): LimitsRow {
  return rowOf(rows, id);
}

export function limit(id: LimitId): number {
  return limitRow(id).value;
}
