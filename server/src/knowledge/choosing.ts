import tree from '../../../schemas/knowledge/decision-tree.json' with { type: 'json' };
import switching from '../../../schemas/knowledge/optimizer-switching.json' with { type: 'json' };
import principles from '../../../schemas/knowledge/principles.json' with { type: 'json' };
import reasons from '../../../schemas/knowledge/reasons.json' with { type: 'json' };
import trends from '../../../schemas/knowledge/trends.json' with { type: 'json' };
import order from '../../../schemas/knowledge/tuning-order.json' with { type: 'json' };
import type {
  DecisionChoice,
  DecisionQuestion,
  DecisionTreeTable,
  OptimizerSwitchingRow,
  OptimizerSwitchingTable,
  PrinciplesRow,
  PrinciplesTable,
  ReasonsRow,
  ReasonsTable,
  TrendsRow,
  TrendsTable,
  TuningOrderRow,
  TuningOrderTable,
} from '../generated/knowledge-types.d.ts';
import { byId, rowOf, table } from './table.ts';

export type { DecisionChoice, DecisionQuestion };

/** How to choose an optimizer: `root` is the first question; answers lead to questions or choices. */
export const decisionTree: DecisionTreeTable = table<DecisionTreeTable>(tree);
export const principleTable: readonly PrinciplesRow[] = table<PrinciplesTable>(principles).rows;
export const reasonTable: readonly ReasonsRow[] = table<ReasonsTable>(reasons).rows;
export const trendTable: readonly TrendsRow[] = table<TrendsTable>(trends).rows;
/** What to tune first, and over which range. */
export const tuningOrderTable: readonly TuningOrderRow[] = table<TuningOrderTable>(order).rows;
export const optimizerSwitchingTable: readonly OptimizerSwitchingRow[] =
  table<OptimizerSwitchingTable>(switching).rows;

const tuningRows = byId<TuningOrderRow['id'], TuningOrderRow>(tuningOrderTable);
const reasonRows = byId<string, ReasonsRow>(reasonTable);

export function reasonById(id: string): ReasonsRow | undefined {
  return reasonRows.get(id);
}

/** What an answer leads to. Throws for an id the tree does not hold. */
export function decisionNode(
  id: string,
): { kind: 'question'; question: DecisionQuestion } | { kind: 'choice'; choice: DecisionChoice } {
  const question = decisionTree.questions.find((entry) => entry.id === id);
  if (question) return { kind: 'question', question };
  const choice = decisionTree.choices.find((entry) => entry.id === id);
  if (choice) return { kind: 'choice', choice };
  throw new Error(`the decision tree has no node ${id}`);
}

export function tuningStep(id: TuningOrderRow['id']): TuningOrderRow {
  return rowOf(tuningRows, id);
}
