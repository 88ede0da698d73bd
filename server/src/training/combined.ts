import type { Change, Operation } from '../run/change.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { text } from '../text.ts';
import { companions } from './fixes.ts';

/** Cures of two or more faults that are trained where no single one heals. */
const most = 3;

/**
 * The change that got furthest together with what else is off in the run: each alone, then all at once. `others` are
 * changes of the run that were trained too, the furthest first; a rate among them is the first companion of a change of
 * something else.
 */
export function combinations(run: TrainingRun, furthest: Change, others: readonly Change[]): Change[] {
  const taken = new Set(fieldsOf(furthest));
  const rate = taken.has('learningRate') ? undefined : others.find((each) => isRate(each));
  const found: Change[] = [];
  for (const companion of [...(rate ? [rate] : []), ...companions(run)]) {
    const fields = fieldsOf(companion);
    if (fields.some((field) => taken.has(field))) continue;
    for (const field of fields) taken.add(field);
    found.push(companion);
  }
  const pairs = found.map((companion) => together([furthest, companion]));
  if (found.length < 2) return pairs;
  return [...pairs.slice(0, most - 1), together([furthest, ...found])];
}

function isRate(change: Change): boolean {
  return fieldsOf(change).every((field) => field === 'learningRate');
}

function fieldsOf({ operations }: Change): string[] {
  return operations.flatMap((operation) => ('field' in operation ? [operation.field] : []));
}

function together(changes: readonly Change[]): Change {
  const [first, ...rest] = changes.map(({ title }) => title);
  const operations: Operation[] = changes.flatMap((change) => change.operations);
  const en = [first?.en ?? '', ...rest.map((title) => lowerFirst(title.en))];
  return {
    title: text(
      `${en.slice(0, -1).join(', ')} and ${en.at(-1)}`,
      [first, ...rest].map((title) => title?.ko).join(', '),
    ),
    safe: false,
    operations,
  };
}

/** `β₁ 0.9` stays as it is. */
function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() === 'β' ? words : words.charAt(0).toLowerCase() + words.slice(1);
}
