import data from '../../../schemas/knowledge/limits.json' with { type: 'json' };
import type { LimitsRow, LimitsTable } from '../generated/knowledge-types.d.ts';
import { byId, rowOf, table } from './table.ts';

export type LimitId =
  | 'learning-rate-strong-factor'
  | 'learning-rate-weak-factor'
  | 'learning-rate-low-factor'
  | 'warmup-share-high'
  | 'long-run-epochs'
  | 'long-run-steps'
  | 'adam-beta1-high'
  | 'gan-beta1-usual'
  | 'gan-beta1-high'
  | 'gan-rate-ratio-high'
  | 'layerwise-batch'
  | 'layerwise-batch-low'
  | 'linear-scaling-batch'
  | 'scaling-statement-factor'
  | 'weight-decay-decoupled-high'
  | 'weight-decay-coupled-high'
  | 'weight-decay-coupled-low'
  | 'weight-decay-coupled-usual'
  | 'weight-decay-sign-high'
  | 'sign-learning-rate-divisor'
  | 'fp16-smallest-subnormal'
  | 'bf16-relative-spacing'
  | 'weight-scale-usual'
  | 'early-decay-share'
  | 'late-decay-factor'
  | 'horizon-share'
  | 'warmup-large-batch'
  | 'warmup-pretraining-fraction'
  | 'warmup-fraction'
  | 'clip-norm'
  | 'momentum-high'
  | 'momentum-usual';

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
