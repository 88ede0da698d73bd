import type { ConfigDocument } from '../types.ts';

/** Offset of the start of the line that holds `offset`. */
export function lineStartAt(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at === 0 && text.charCodeAt(0) === 0xfeff ? 1 : at;
}

/** Offset of the end of the line that holds `offset`, before its line break. */
export function lineEndAt(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** Offset behind the line break that stands at `offset`, if one does. */
export function afterBreak(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return offset + 2;
  return text[offset] === '\n' || text[offset] === '\r' ? offset + 1 : offset;
}

/** Offset of the end of the line before the one that starts at `lineStart`. */
export function previousLineEnd(text: string, lineStart: number): number {
  if (text.slice(lineStart - 2, lineStart) === '\r\n') return lineStart - 2;
  return Math.max(0, lineStart - 1);
}

export function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text[at] !== ' ' && text[at] !== '\t') return false;
  return true;
}

/** The end of the line at `offset`, past comments that begin on it (block comments may end on a later line). */
export function endOfLineAndComments(document: ConfigDocument, offset: number): number {
  const { text, comments } = document;
  let end = lineEndAt(text, offset);
  for (const { span } of comments) {
    if (span.start >= offset && span.start < end && span.end > end) end = lineEndAt(text, span.end);
  }
  return end;
}

/** Skips blanks, line breaks and comments from `offset` on. */
export function skipTrivia(document: ConfigDocument, offset: number): number {
  const { text, comments } = document;
  let at = offset;
  for (;;) {
    while (at < text.length && /[\s\ufeff]/.test(text.charAt(at))) at++;
    const comment = comments.find(({ span }) => span.start === at);
    if (!comment || comment.span.end <= at) return at;
    at = comment.span.end;
  }
}

/** Whole lines from the one of `start` to the one of `end`, with one line break: what to cut to remove them. */
export function wholeLines(document: ConfigDocument, start: number, end: number): [number, number] {
  const { text } = document;
  const from = lineStartAt(text, start);
  const to = endOfLineAndComments(document, end);
  const next = afterBreak(text, to);
  // The last line of a file without a final line break takes the break before it along.
  if (next === to && from > 1) return [previousLineEnd(text, from), to];
  return [from, next];
}
