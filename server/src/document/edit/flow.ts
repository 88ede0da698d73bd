import type { ConfigValue, MapNode, SeqNode, Span, TextEdit } from '../types.ts';
import { type EditContext, insertion, removal } from './context.ts';
import { afterBreak, endOfLineAndComments, isBlank, lineStartAt, skipTrivia } from './lines.ts';
import { indexToFollow } from './related.ts';
import { inlinePair, inlineValue, jsonValue, keyText } from './spell-value.ts';

/** Edits of collections in brackets: JSON, YAML flow collections, TOML arrays and inline tables. */

interface FlowParts {
  readonly node: MapNode | SeqNode;
  /** Entries or items, in file order; merges where there is nothing else. */
  readonly spans: readonly Span[];
}

function partsOf(node: MapNode | SeqNode): FlowParts {
  if (node.kind === 'seq') return { node, spans: node.items.map((item) => item.span) };
  const spans = node.entries.map((entry) => entry.span);
  return { node, spans: spans.length > 0 ? spans : mergeSpans(node) };
}

/** Where the sources of `<<` stand, the brackets of a list of them included. */
export function mergeSpans(map: MapNode): Span[] {
  const spans = map.merges.map(
    (merge) => (merge.parent === map || !merge.parent ? merge : merge.parent).span,
  );
  return spans.sort((a, b) => a.start - b.start);
}

export function insertFlowEntry(
  context: EditContext,
  map: MapNode,
  key: string,
  value: ConfigValue,
): TextEdit[] {
  const parts = partsOf(map);
  const after = map.entries.length > 0 ? indexToFollow(map, key, value) : parts.spans.length - 1;
  return insertAfter(context, parts, after, (indent, multiline) =>
    entryText(context, map, key, value, indent, multiline),
  );
}

export function appendFlowItem(context: EditContext, seq: SeqNode, value: ConfigValue): TextEdit[] {
  const parts = partsOf(seq);
  return insertAfter(context, parts, parts.spans.length - 1, (indent, multiline) =>
    context.document.format === 'json'
      ? jsonValue(context, value, indent, multiline)
      : inlineValue(context, value, true),
  );
}

function entryText(
  context: EditContext,
  map: MapNode,
  key: string,
  value: ConfigValue,
  indent: string,
  multiline: boolean,
): string {
  const separator = separatorOf(context, map);
  if (context.document.format !== 'json') return inlinePair(context, key, value, separator);
  return keyText(context, key, true) + (separator ?? ': ') + jsonValue(context, value, indent, multiline);
}

/** What stands between key and value in the last entry: `: `, `:`, ` = `. */
function separatorOf({ text }: EditContext, map: MapNode): string | undefined {
  const entry = map.entries.findLast(
    ({ value }) => value.span.end > value.span.start && !value.anchor && !value.tag,
  );
  if (!entry) return undefined;
  const between = text.slice(entry.key.span.end, entry.value.span.start);
  return /^[ ]*[:=][ ]*$/.test(between) ? between : undefined;
}

function insertAfter(
  context: EditContext,
  { node, spans }: FlowParts,
  index: number,
  textFor: (indent: string, multiline: boolean) => string,
): TextEdit[] {
  const { text, document, eol } = context;
  const anchor = spans[index];
  if (!anchor) return insertFirst(context, node, textFor);
  const lineStart = lineStartAt(text, itemStart(context, anchor));
  const indent = text.slice(lineStart, itemStart(context, anchor));
  const ownLine = isBlank(text, lineStart, itemStart(context, anchor));
  const next = spans[index + 1];
  const comma = commaAfter(context, anchor.end);
  const inline = (): TextEdit[] => [insertion(anchor.end, `, ${textFor(indent, false)}`)];
  if (!ownLine) return inline();
  const afterAnchor = comma === undefined ? anchor.end : comma + 1;
  const lineEnd = endOfLineAndComments(document, afterAnchor);
  const sameLine = (offset: number): boolean =>
    offset <= lineEnd && !/[\r\n]/.test(text.slice(anchor.end, offset));
  if (comma !== undefined && !sameLine(comma)) return inline();
  if (sameLine(next ? next.start : node.span.end - 1)) return inline();
  const newText = eol + indent + textFor(indent, true);
  if (comma !== undefined) return [insertion(lineEnd, `${newText},`)];
  return [insertion(anchor.end, ','), insertion(lineEnd, newText)];
}

/** Where an item begins, its anchor and tag included: the first text after the comma or bracket before it. */
function itemStart({ text }: EditContext, span: Span): number {
  const lineStart = lineStartAt(text, span.start);
  const before = text.slice(lineStart, span.start);
  const properties = /(?:[&!][^\s,[\]{}]*[ \t]+)+$/.exec(before);
  return properties ? lineStart + properties.index : span.start;
}

function insertFirst(
  context: EditContext,
  node: MapNode | SeqNode,
  textFor: (indent: string, multiline: boolean) => string,
): TextEdit[] {
  const { text, document, eol, unit } = context;
  const open = node.span.start + 1;
  const close = Math.max(open, node.span.end - 1);
  const lineStart = lineStartAt(text, node.span.start);
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const interior = text.slice(open, close);
  const spread = document.format === 'json' && (node.parent === undefined || /[\r\n]/.test(text.trim()));
  if (/[\r\n]/.test(interior) || (spread && interior.trim() === '')) {
    const inner = indent + unit;
    const newText = eol + inner + textFor(inner, true);
    if (interior.trim() === '' && !/[\r\n]/.test(interior))
      return [{ span: { start: open, end: close }, newText: newText + eol + indent }];
    // Behind the comments that stand inside the brackets.
    return [insertion(trimmedEnd(text, open, close), newText)];
  }
  const isToml = document.format === 'toml' && node.kind === 'map';
  const item = textFor(indent, false);
  if (interior.trim() !== '') return [insertion(open, interior.startsWith(' ') ? ` ${item}` : `${item} `)];
  return [{ span: { start: open, end: close }, newText: isToml ? ` ${item} ` : item }];
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text.charAt(at - 1))) at--;
  return at;
}

/** Offset of the comma that follows `offset`, past blanks and comments. */
function commaAfter({ document, text }: EditContext, offset: number): number | undefined {
  const at = skipTrivia(document, offset);
  return text[at] === ',' ? at : undefined;
}

/** Removes an entry or item and one comma; the lines it has for itself go too. */
export function removeFlowPart(context: EditContext, node: MapNode | SeqNode, index: number): TextEdit[] {
  const { text, document } = context;
  const { spans } = partsOf(node);
  const span = spans[index];
  if (!span) return [];
  const start = itemStart(context, span);
  const comma = commaAfter(context, span.end);
  const end = comma === undefined ? span.end : comma + 1;
  const previous = spans[index - 1];
  const previousComma = previous && comma === undefined ? commaAfter(context, previous.end) : undefined;
  const edits = previousComma === undefined ? [] : [removal(previousComma, previousComma + 1)];
  const lineStart = lineStartAt(text, start);
  const lineEnd = endOfLineAndComments(document, end);
  const rest = skipTriviaOnLine(context, end, lineEnd);
  if (isBlank(text, lineStart, start) && rest >= lineEnd && lineStart > node.span.start) {
    return [...edits, removal(lineStart, afterBreak(text, lineEnd))];
  }
  if (comma !== undefined) {
    let after = end;
    while (text[after] === ' ' || text[after] === '\t') after++;
    return [...edits, removal(start, after)];
  }
  // The last one: what separates it from the one before goes, comments excepted.
  const gap = previous ? previous.end : start;
  const between = text.slice(gap, start);
  if (previous && previousComma !== undefined && /^[ \t]*,[ \t]*$/.test(between)) return [removal(gap, end)];
  if (!previous && isBlank(text, node.span.start + 1, start) && isBlank(text, end, node.span.end - 1))
    return [removal(node.span.start + 1, node.span.end - 1)];
  return [...edits, removal(start, end)];
}

/** How far blanks and comments reach from `offset`, at most to `lineEnd`. */
function skipTriviaOnLine({ document, text }: EditContext, offset: number, lineEnd: number): number {
  let at = offset;
  for (;;) {
    while (at < lineEnd && (text[at] === ' ' || text[at] === '\t')) at++;
    const comment = document.comments.find(({ span }) => span.start === at);
    if (!comment || at >= lineEnd) return at;
    at = comment.span.end;
  }
}
