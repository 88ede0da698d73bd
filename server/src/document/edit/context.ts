import type { ConfigDocument, Loader, Span, TextEdit } from '../types.ts';

/** What every single edit needs to know about the file it changes. */
export interface EditContext {
  readonly document: ConfigDocument;
  readonly text: string;
  readonly root: number;
  readonly loader: Loader;
  /** The line break of this file. */
  readonly eol: string;
  /** One level of indentation of this file. */
  readonly unit: string;
}

export function contextOf(document: ConfigDocument, root: number, loader: Loader): EditContext {
  const { text } = document;
  return { document, text, root, loader, eol: eolOf(text), unit: unitOf(document) };
}

export function insertion(at: number, newText: string): TextEdit {
  return { span: { start: at, end: at }, newText };
}

export function replacement(span: Span, newText: string): TextEdit {
  return { span, newText };
}

export function removal(start: number, end: number): TextEdit {
  return { span: { start, end }, newText: '' };
}

function eolOf(text: string): string {
  const lineFeed = text.indexOf('\n');
  if (lineFeed === -1) return text.includes('\r') ? '\r' : '\n';
  return text[lineFeed - 1] === '\r' ? '\r\n' : '\n';
}

/** The smallest step by which a line is indented more than the line above it. */
function unitOf({ text, format }: ConfigDocument): string {
  const lines = text.split('\n', 400);
  let previous = '';
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (indent.length > previous.length && indent.startsWith(previous)) {
      const unit = indent.slice(previous.length);
      if (format === 'json' || !unit.includes('\t')) return unit.length > 8 ? '  ' : unit;
    }
    previous = indent;
  }
  return '  ';
}
