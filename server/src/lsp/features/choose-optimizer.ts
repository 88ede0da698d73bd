import { writeChange } from '../../dialects/write.ts';
import type { TextEdit } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { type DecisionChoice, decisionNode, decisionTree } from '../../knowledge/choosing.ts';
import { isOptimizerId, type OptimizerId } from '../../knowledge/ids.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import { switchOptimizer } from '../../rules/support/changes.ts';
import type { Change } from '../../run/change.ts';
import { valueOf } from '../../run/training-run.ts';
import type { Language } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import type { OptimizerChoices } from '../protocol.ts';

/**
 * The decision tree after `answers`: its next question, or the optimizers it ends in. An answer's id is the node it
 * leads to; answers the tree does not hold are passed over, so that a stale client gets a question and no fault.
 */
export function chooseOptimizer(
  analysis: Analysis,
  answers: readonly string[],
  offset: number,
  language: Language,
): OptimizerChoices {
  let node = decisionNode(decisionTree.root);
  for (const answer of answers)
    if (node.kind === 'question' && node.question.answers.some(({ next }) => next === answer))
      node = decisionNode(answer);
  if (node.kind === 'question')
    return {
      kind: 'question',
      question: node.question.question[language],
      options: node.question.answers.map(({ answer, next }) => ({ id: next, label: answer[language] })),
    };
  const { choice } = node;
  return {
    kind: 'advice',
    optimizers: choice.optimizers.map((id) => ({
      id,
      name: optimizerById(id).name,
      why: reason(choice, id, language),
      applicable: switchEdits(analysis.opened.file, id, offset) !== undefined,
    })),
  };
}

function reason(choice: DecisionChoice, id: OptimizerId, language: Language): string {
  const { note } = optimizerById(id);
  return [choice.note?.[language], note?.[language]].filter(Boolean).join(' ');
}

/** The edits that make the run at `offset` use an optimizer; undefined where its framework cannot, or it already does. */
export function switchEdits(
  file: ConfigFile | undefined,
  optimizer: string,
  offset: number,
): { change: Change; edits: readonly TextEdit[] } | undefined {
  if (!file || !isOptimizerId(optimizer)) return undefined;
  const index = runAt(file, offset);
  const run = file.runs[index];
  if (!run || valueOf(run, 'optimizer') === optimizer) return undefined;
  for (const change of switchOptimizer(run, optimizer)) {
    const edits = writeChange(file, index, change);
    if (edits?.length) return { change, edits };
  }
  return undefined;
}

/** Of several runs the last that begins before the cursor. */
function runAt(file: ConfigFile, offset: number): number {
  let found = 0;
  for (const [index, run] of file.runs.entries()) if (run.anchor.start <= offset) found = index;
  return found;
}
