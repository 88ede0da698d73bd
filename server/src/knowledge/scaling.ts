import data from '../../../schemas/knowledge/scaling-rules.json' with { type: 'json' };
import type { ScalingRulesRow, ScalingRulesTable } from '../generated/knowledge-types.d.ts';
import type { OptimizerId } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type ScalingRule = ScalingRulesRow;

export const scalingRuleTable: readonly ScalingRule[] = table<ScalingRulesTable>(data).rows;

const rows = byId<ScalingRule['id'], ScalingRule>(scalingRuleTable);

export function scalingRule(id: ScalingRule['id']): ScalingRule {
  return rowOf(rows, id);
}

/** How an optimizer's learning rate follows the batch; undefined for second-order methods and wrappers. */
export function scalingRuleFor(optimizer: OptimizerId): ScalingRule | undefined {
  return scalingRuleTable.find((rule) => rule.optimizers.includes(optimizer));
}
