import type { ConfigNode, ConfigValue, KeyNode, MapEntry, MapNode, SeqNode, TextEdit } from '../types.ts';
import { type EditContext, insertion, removal, replacement } from './context.ts';
import { mergeSpans } from './flow.ts';
import {
  afterBreak,
  endOfLineAndComments,
  isBlank,
  lineEndAt,
  lineStartAt,
  skipTrivia,
  wholeLines,
} from './lines.ts';
import { indexToFollow } from './related.ts';
import { blockEntryLines, blockItemLines, blockLines, inlineValue, needsBlock } from './spell-value.ts';

/** Edits of YAML's indented maps and lists. */

export function insertBlockEntry(
  context: EditContext,
  map: MapNode,
  key: string,
  value: ConfigValue,
): TextEdit[] {
  const { document, text, eol } = context;
  const indent = ' '.repeat(columnOf(text, firstStart(map)));
  const lines = blockEntryLines(context, key, value, indent).join(eol);
  let index = indexToFollow(map, key, value);
  // Behind a block scalar that keeps its blank lines (`|+`) a new line would end them.
  while (index >= 0 && endsInKeptLines(map.entries[index]?.value)) index--;
  const entry = map.entries[index];
  if (!entry && map.entries.length > 0) {
    const start = firstStart(map);
    return [insertion(start, lines.trimStart() + eol + indent)];
  }
  const after = entry && index < map.entries.length - 1 ? entry.span.end : endOfContent(map, entry);
  const at = endOfLineAndComments(document, after);
  return [insertion(pastInnerComments(context, at, indent.length), eol + lines)];
}

/** Comment lines that are indented more than the map belong to the block before them. */
function pastInnerComments({ document, text }: EditContext, lineEnd: number, column: number): number {
  let end = lineEnd;
  for (;;) {
    const next = afterBreak(text, end);
    if (next === end) return end;
    const inner = document.comments.find(
      ({ span, ownLine }) => ownLine && lineStartAt(text, span.start) === next,
    );
    if (!inner || inner.span.start - next <= column) return end;
    end = inner.span.end;
  }
}

function endOfContent(map: MapNode, last: MapEntry | undefined): number {
  const merges = mergeSpans(map).map((span) => span.end);
  return Math.max(last?.span.end ?? 0, ...merges);
}

function firstStart(map: MapNode): number {
  return Math.min(map.span.start, map.entries[0]?.key.span.start ?? Number.POSITIVE_INFINITY);
}

function endsInKeptLines(node: ConfigNode | undefined): boolean {
  if (node?.kind === 'scalar') return /^[|>][^\r\n]*\+/.test(node.source) && node.style.startsWith('block');
  if (node?.kind === 'map' && !node.flow) return endsInKeptLines(node.entries.at(-1)?.value);
  if (node?.kind === 'seq' && !node.flow) return endsInKeptLines(node.items.at(-1));
  return false;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStartAt(text, offset);
}

export function appendBlockItem(context: EditContext, seq: SeqNode, value: ConfigValue): TextEdit[] {
  const { document, text, eol } = context;
  const indent = ' '.repeat(columnOf(text, seq.span.start));
  const lines = blockItemLines(context, value, indent).join(eol);
  if (endsInKeptLines(seq)) return [insertion(seq.span.start, lines.trimStart() + eol + indent)];
  return [insertion(endOfLineAndComments(document, seq.span.end), eol + lines)];
}

/** Puts `value` where `old` stands; `parent` is a block collection. */
export function replaceInBlock(
  context: EditContext,
  parent: MapNode | SeqNode,
  key: KeyNode | undefined,
  old: ConfigNode,
  value: ConfigValue,
): TextEdit[] {
  const { document, text, eol } = context;
  const isBlockNow = (old.kind === 'map' || old.kind === 'seq') && !old.flow;
  if (!needsBlock(value)) {
    const newText = inlineValue(context, value, false, old);
    if (!isBlockNow) return replaceInline(context, old, newText);
    const lead = blockLead(context, key, old);
    if (lead === undefined) return [replacement(old.span, newText)];
    return [insertion(lead.at, ` ${newText}`), removal(lead.lineEnd, old.span.end)];
  }
  const indent = ' '.repeat(parentColumn(text, parent, key) + context.unit.length);
  if (!key) {
    const column = ' '.repeat(columnOf(text, old.span.start));
    return [replacement(old.span, blockLines(context, value, column).join(eol).trimStart())];
  }
  const block = eol + blockLines(context, value, indent).join(eol);
  const lead = isBlockNow ? blockLead(context, key, old) : undefined;
  if (lead) return [replacement({ start: lead.lineEnd, end: old.span.end }, block)];
  // The value leaves the key's line; a comment behind it stays there.
  let start = old.span.start;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  const end = endOfHeader(old);
  const lineEnd = endOfLineAndComments(document, end);
  const rest = { start: lineEnd, end: Math.max(lineEnd, old.span.end) };
  return [...(start < end ? [removal(start, end)] : []), replacement(rest, block)];
}

function parentColumn(text: string, parent: MapNode | SeqNode, key: KeyNode | undefined): number {
  return columnOf(text, key && parent.kind === 'map' ? firstStart(parent) : parent.span.start);
}

/** For a block under its key: where an inline value goes, and the end of the key's line. */
function blockLead(
  context: EditContext,
  key: KeyNode | undefined,
  old: ConfigNode,
): { readonly at: number; readonly lineEnd: number } | undefined {
  if (!key) return undefined;
  const { document, text } = context;
  const lineEnd = lineEndAt(text, key.span.end);
  if (old.span.start <= lineEnd) return undefined;
  const comment = document.comments.find(({ span }) => span.start >= key.span.end && span.start < lineEnd);
  let at = comment?.span.start ?? lineEnd;
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at--;
  return { at, lineEnd };
}

/** The end of `|` or `>-`, behind which a comment may stand; of any other value the end of it all. */
function endOfHeader({ span, ...old }: ConfigNode): number {
  if (old.kind !== 'scalar' || !old.style.startsWith('block')) return span.end;
  return span.start + (/^[^\s#]+/.exec(old.source)?.[0].length ?? 0);
}

function replaceInline(context: EditContext, old: ConfigNode, newText: string): TextEdit[] {
  const { text } = context;
  const { start, end } = old.span;
  const headerEnd = endOfHeader(old);
  if (headerEnd < end)
    return [replacement({ start, end: headerEnd }, newText), removal(lineEndAt(text, headerEnd), end)];
  if (start < end) return [replacement(old.span, newText), ...realigned(context, old, newText)];
  const before = text.charAt(start - 1);
  return [insertion(start, before === ' ' || before === '\t' ? newText : ` ${newText}`)];
}

/** Keeps a column of comments straight: the blanks before the comment take up the change in length. */
function realigned(context: EditContext, old: ConfigNode, newText: string): TextEdit[] {
  const { text, document } = context;
  const { end } = old.span;
  const difference = newText.length - (end - old.span.start);
  const comment = document.comments.find(({ span }) => span.start > end && isBlank(text, end, span.start));
  if (difference === 0 || !comment || newText.includes('\n')) return [];
  const gap = comment.span.start - end;
  if (gap < 2 || gap - difference < 1) return [];
  const lineStart = lineStartAt(text, end);
  const column = comment.span.start - lineStart;
  const above = lineStart > 1 && hasCommentAt(context, lineStartAt(text, lineStart - 1), column);
  const below = hasCommentAt(context, afterBreak(text, lineEndAt(text, end)), column);
  if (!above && !below) return [];
  return difference > 0
    ? [removal(comment.span.start - difference, comment.span.start)]
    : [insertion(comment.span.start, ' '.repeat(-difference))];
}

function hasCommentAt({ document }: EditContext, lineStart: number, column: number): boolean {
  return document.comments.some(({ span, ownLine }) => !ownLine && span.start === lineStart + column);
}

/** Removes an entry with its lines; the last entry of a map leaves `{}`. */
export function removeBlockEntry(context: EditContext, map: MapNode, entry: MapEntry): TextEdit[] {
  const { document, text } = context;
  const index = map.entries.indexOf(entry);
  const start = entry.span.start;
  const lineStart = lineStartAt(text, start);
  const isAlone = map.entries.length === 1 && map.merges.length === 0;
  if (isAlone) return emptied(context, map, entry);
  if (isBlank(text, lineStart, start)) {
    const [from, to] = wholeLines(document, start, entry.span.end);
    return [removal(from, to)];
  }
  // The first key of a list item (`- a: 1`): the next one moves up to the dash.
  const rest = [...map.entries.slice(index + 1).map((next) => next.span.start), ...mergeKeyStarts(text, map)];
  const next = rest.filter((offset) => offset > entry.span.end).sort((a, b) => a - b)[0];
  return [removal(start, next ?? entry.span.end)];
}

function mergeKeyStarts(text: string, map: MapNode): number[] {
  return mergeSpans(map).map((span) => text.lastIndexOf('<<', span.start));
}

function emptied(context: EditContext, map: MapNode, entry: MapEntry): TextEdit[] {
  const { document, text } = context;
  const { start, end } = entry.span;
  const lineStart = lineStartAt(text, start);
  const parent = map.parent;
  const owner = parent?.kind === 'map' ? parent.entries.find(({ value }) => value === map) : undefined;
  if (owner && isBlank(text, lineStart, start)) {
    const lead = blockLead(context, owner.key, map);
    const [from, to] = wholeLines(document, start, end);
    if (lead) return [insertion(lead.at, ' {}'), removal(from, to)];
  }
  return [replacement({ start, end }, '{}')];
}

/** Removes a list item with its lines; the last item of a list leaves `[]`. */
export function removeBlockItem(context: EditContext, seq: SeqNode, index: number): TextEdit[] {
  const { document, text } = context;
  const item = seq.items[index];
  if (!item) return [];
  if (seq.items.length === 1) {
    const parent = seq.parent;
    const owner = parent?.kind === 'map' ? parent.entries.find(({ value }) => value === seq) : undefined;
    const lead = owner && blockLead(context, owner.key, seq);
    const [from, to] = wholeLines(document, seq.span.start, seq.span.end);
    return lead ? [insertion(lead.at, ' []'), removal(from, to)] : [replacement(seq.span, '[]')];
  }
  const dash = dashOf(context, seq, index);
  const lineStart = lineStartAt(text, dash);
  if (isBlank(text, lineStart, dash)) {
    const [from, to] = wholeLines(document, dash, item.span.end);
    return [removal(from, to)];
  }
  return [removal(dash, seq.items[index + 1] ? dashOf(context, seq, index + 1) : item.span.end)];
}

function dashOf({ document }: EditContext, seq: SeqNode, index: number): number {
  const previous = seq.items[index - 1];
  return previous ? skipTrivia(document, previous.span.end) : seq.span.start;
}
