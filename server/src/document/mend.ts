import type { Span } from './types.ts';

/** A slip of one character in a text, and what would put it right. */
export interface Mend {
  readonly kind: 'tab' | 'quote' | 'colon' | 'key';
  /** Where the fault stands: the tabs, the quote that opens, the key without a colon, the misspelt key. */
  readonly span: Span;
  /** What to write in place of `replaced`. */
  readonly newText: string;
  readonly replaced: Span;
}

const tabbed = /^ *\t[ \t]*(?=[^\s#])/;
const openQuote = /^(\s*(?:- +)?[\w./-]+\s*:\s+)(["'])([^"']*?)(\s+#.*)?\s*$/;
/** `lr 0.001`: a key and one word, and no colon anywhere. */
const noColon = /^(\s*(?:- +)?)([A-Za-z_][\w./-]*)[ \t]+[^\s:#]+\s*(?:#.*)?$/;

/** `optimizer`: a key alone, above the block it was to open. */
const noColonAbove = /^(\s*(?:- +)?)([A-Za-z_][\w./-]*)\s*(?:#.*)?$/;

/** The lines of a broken text that look like a slip of one character. Whether they are one, only parsing again tells. */
export function mendsOf(text: string): readonly Mend[] {
  const found: Mend[] = [];
  let offset = 0;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const at = (start: number, end: number): Span => ({ start: offset + start, end: offset + end });
    const tabs = tabbed.exec(line)?.[0].length;
    if (tabs !== undefined) {
      const span = at(0, tabs);
      found.push({ kind: 'tab', span, replaced: span, newText: indentAt(lines, index) });
    }
    const [, before = '', quote = '', value = ''] = openQuote.exec(line) ?? [];
    if (quote) {
      const end = before.length + 1 + value.length;
      found.push({
        kind: 'quote',
        span: at(before.length, end),
        replaced: at(end, end),
        newText: quote,
      });
    }
    const [, indent = '', key = ''] = noColon.exec(line) ?? noColonAbove.exec(line) ?? [];
    if (key && (noColon.test(line) || opensBlock(lines, index))) {
      const end = indent.length + key.length;
      found.push({ kind: 'colon', span: at(indent.length, end), replaced: at(end, end), newText: ':' });
    }
    offset += line.length + 1;
  }
  return found;
}

const isPlain = (line: string | undefined) => line !== undefined && /^ *[^\s#]/.test(line);

/** The next line stands deeper and holds a key or an entry. */
function opensBlock(lines: readonly string[], index: number): boolean {
  const below = lines.slice(index + 1).find(isPlain) ?? '';
  return (
    below.search(/\S|$/) > (lines[index] ?? '').search(/\S|$/) && /^ *(?:- |[\w./-]+ *:(?:\s|$))/.test(below)
  );
}

/** The indentation a line most likely was to have: that of the line above, or of the block it opens. */
function indentAt(lines: readonly string[], index: number): string {
  const above = lines.slice(0, index).findLast(isPlain) ?? '';
  const width = above.search(/\S|$/);
  if (!/:\s*(?:#.*)?$/.test(above)) return ' '.repeat(width);
  const below = lines.slice(index + 1).find(isPlain) ?? '';
  return ' '.repeat(Math.max(below.search(/\S|$/), width + 2));
}

export function applyMends(text: string, mends: readonly Mend[]): string {
  let mended = '';
  let from = 0;
  for (const { replaced, newText } of mends) {
    if (replaced.start < from) continue;
    mended += text.slice(from, replaced.start) + newText;
    from = replaced.end;
  }
  return mended + text.slice(from);
}
