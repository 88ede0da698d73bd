import type { TextEdit } from '../../document/types.ts';

/**
 * Edits that turn `before` into `after` and leave equal lines alone, so that cursors, folds and marks elsewhere
 * stay where they are. Line by line where the number of lines is the same, else one edit for what differs.
 */
export function minimalEdits(before: string, after: string): TextEdit[] {
  const old = splitLines(before);
  const now = splitLines(after);
  if (old.length !== now.length) {
    const one = trimmed(before, after, 0);
    return one ? [one] : [];
  }
  const edits: TextEdit[] = [];
  let offset = 0;
  for (const [index, line] of old.entries()) {
    const edit = trimmed(line, now[index] ?? '', offset);
    if (edit) edits.push(edit);
    offset += line.length;
  }
  return edits;
}

/** Lines with their ends; joined again they are the text. */
function splitLines(source: string): string[] {
  return source.split(/(?<=\n)/);
}

function trimmed(before: string, after: string, offset: number): TextEdit | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return {
    span: { start: offset + head, end: offset + before.length - tail },
    newText: after.slice(head, after.length - tail),
  };
}
