import type { ConfigDocument, Span } from './types.ts';

/** Zero-based line and UTF-16 column, as the Language Server Protocol counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface PositionRange {
  readonly start: Position;
  readonly end: Position;
}

/** Offsets at which lines start; line ends are `\n`, `\r\n` and a lone `\r`. A byte-order mark is not part of line 0. */
export function lineStartsOf(text: string): number[] {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

type Lines = Pick<ConfigDocument, 'text' | 'lineStarts'>;

/** The line that holds `offset`. Offsets outside of the text are moved to its ends. */
export function positionAt(document: Lines, offset: number): Position {
  const { lineStarts, text } = document;
  const first = lineStarts[0] ?? 0;
  const at = Math.min(Math.max(offset, first), text.length);
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - (lineStarts[low] ?? 0) };
}

/** Inverse of {@link positionAt}. A column past the end of its line means the end of the line. */
export function offsetAt(document: Lines, position: Position): number {
  const { lineStarts, text } = document;
  if (position.line < 0) return lineStarts[0] ?? 0;
  const start = lineStarts[position.line];
  if (start === undefined) return text.length;
  return Math.min(start + Math.max(position.character, 0), lineEnd(document, position.line));
}

/** Offset of the end of a line, before its line break. */
export function lineEnd(document: Lines, line: number): number {
  const { lineStarts, text } = document;
  const next = lineStarts[line + 1];
  if (next === undefined) return text.length;
  return text.charCodeAt(next - 1) === 10 && text.charCodeAt(next - 2) === 13 ? next - 2 : next - 1;
}

export function rangeOf(document: Lines, span: Span): PositionRange {
  return { start: positionAt(document, span.start), end: positionAt(document, span.end) };
}
