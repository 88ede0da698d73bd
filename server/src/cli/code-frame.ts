import { rangeOf } from '../document/position.ts';
import type { ConfigDocument, Span } from '../document/types.ts';
import type { Colors } from './formats/formats.ts';
import { displayWidth } from './wrap.ts';

export interface FrameStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colors: Colors;
  /** Paints the carets. */
  readonly paint: (text: string) => string;
  /** Said beside the carets, painted already. */
  readonly label: string;
}

/** How far what belongs to a frame is indented below it. */
export function frameIndent(document: ConfigDocument): number {
  return String(document.lineStarts.length).length + 5;
}

/** The line a span begins on, with its number, and carets below the span. Two lines, each with its line break. */
export function codeFrame(
  document: ConfigDocument,
  span: Span,
  { width, colors, paint, label }: FrameStyle,
): string {
  const indent = frameIndent(document);
  const { start, end } = rangeOf(document, span);
  const line = lineText(document, start.line);
  const until = end.line === start.line ? end.character : line.length;
  const gutter = colors.dim(`${String(start.line + 1).padStart(indent - 3)} │ `);
  const empty = colors.dim(`${' '.repeat(indent - 3)} │ `);
  const shown = clip(line, start.character, width - indent);
  const before = shown.text.slice(0, start.character - shown.cut);
  const marked = shown.text.slice(
    start.character - shown.cut,
    Math.max(until, start.character + 1) - shown.cut,
  );
  const carets = paint('^'.repeat(Math.max(1, displayWidth(marked))));
  return `${gutter}${shown.text}\n${empty}${' '.repeat(displayWidth(before))}${carets} ${label}\n`;
}

function lineText(document: ConfigDocument, line: number): string {
  const start = document.lineStarts[line] ?? 0;
  const end = document.lineStarts[line + 1] ?? document.text.length;
  return document.text
    .slice(start, end)
    .replace(/\r?\n$/, '')
    .replaceAll('\t', ' ');
}

/** A minified JSON file is one line of megabytes: show the part around the mark. */
function clip(line: string, at: number, room: number): { text: string; cut: number } {
  if (line.length <= room) return { text: line, cut: 0 };
  const cut = Math.max(0, Math.min(at - Math.floor(room / 3), line.length - room));
  return { text: line.slice(cut, cut + room), cut };
}
