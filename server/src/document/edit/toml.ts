import type { ConfigNode, ConfigValue, MapEntry, MapNode, Path, SeqNode, TextEdit } from '../types.ts';
import { type EditContext, insertion, removal } from './context.ts';
import { afterBreak, endOfLineAndComments, isBlank, lineEndAt, lineStartAt, wholeLines } from './lines.ts';
import { nearestRelated } from './related.ts';
import { inlinePair, inlineValue, keyText } from './spell-value.ts';
import { type ConfigObject, isObject } from './values.ts';

/** Edits of TOML tables: sections, dotted keys, arrays of tables. What is in braces or brackets is edited as flow. */

export function insertTomlEntry(
  context: EditContext,
  map: MapNode,
  key: string,
  value: ConfigValue,
): TextEdit[] {
  if (value === null) return [];
  if (isObject(value) && isSectionPath(map)) return appendSection(context, [...map.path, key], value);
  const direct = map.entries.filter(({ value: node }) => isLine(node));
  const names = direct.map((entry) => entry.key.name);
  const sibling = direct[nearestRelated(key, names)];
  const pair = inlinePair(context, key, value);
  if (sibling) {
    const { text, document, eol } = context;
    const lineStart = lineStartAt(text, sibling.key.span.start);
    const prefix = text.slice(lineStart, sibling.key.span.start);
    // `optimizer.lr = 1` carries its table's name along.
    const lead = /^[ \t]*(?:[\w-]+[ \t]*\.[ \t]*)*$/.test(prefix) ? prefix : '';
    return [insertion(endOfLineAndComments(document, sibling.span.end), eol + lead + pair)];
  }
  if (map.parent === undefined) return [insertAtTop(context, pair)];
  const header = headerLine(context, map);
  if (header !== undefined) {
    return [insertion(endOfLineAndComments(context.document, header), context.eol + pair)];
  }
  if (isSectionPath(map)) return openSection(context, map, pair);
  return [];
}

/** Entries that are written as `key = value` on a line of their own. */
function isLine(node: ConfigNode): boolean {
  return node.kind === 'scalar' || node.kind === 'alias' || node.flow;
}

/** Whether `[a.b]` can name the table: no arrays of tables on the way. */
function isSectionPath(map: MapNode): boolean {
  if (map.path.some((step) => typeof step === 'number')) return false;
  for (let node: MapNode | SeqNode | undefined = map; node; node = node.parent) if (node.flow) return false;
  return true;
}

function header(context: EditContext, path: Path): string {
  return `[${path.map((step) => keyText(context, String(step), false)).join('.')}]`;
}

function appendSection(context: EditContext, path: Path, value: ConfigObject): TextEdit[] {
  const { text, eol } = context;
  const lines = [header(context, path)];
  for (const [key, item] of Object.entries(value))
    if (item !== null) lines.push(inlinePair(context, key, item));
  const body = lines.join(eol);
  const end = trimmedEnd(text);
  if (end === 0) return [insertion(text.length, body + eol)];
  return [insertion(end, eol + eol + body)];
}

function trimmedEnd(text: string): number {
  const length = text.trimEnd().length;
  return text.charCodeAt(0) === 0xfeff && length === 1 ? 0 : length;
}

/** A table that only exists through its sub-tables gets a section of its own before the first of them. */
function openSection(context: EditContext, map: MapNode, pair: string): TextEdit[] {
  const { text, eol } = context;
  const at = lineStartAt(text, map.span.start);
  return [insertion(at, `${header(context, map.path)}${eol}${pair}${eol}${eol}`)];
}

/** Root keys stand before the first section. */
function insertAtTop({ text, document, eol }: EditContext, pair: string): TextEdit {
  const start = document.lineStarts[0] ?? 0;
  const first = document.roots[0]?.kind === 'map' ? document.roots[0].entries[0] : undefined;
  if (!first) {
    const end = trimmedEnd(text);
    return insertion(end === 0 ? text.length : end, end === 0 ? pair + eol : eol + pair);
  }
  // Comments right above the section stay with it.
  let at = lineStartAt(text, first.span.start);
  while (at > start) {
    const above = lineStartAt(text, Math.max(start, at - (text[at - 2] === '\r' ? 2 : 1)));
    if (!/^[ \t]*#/.test(text.slice(above, at))) break;
    at = above;
  }
  return insertion(at, pair + eol + eol);
}

/** Offset of the `[name]` or `[[name]]` line that opens the table. */
function headerLine({ text }: EditContext, map: MapNode): number | undefined {
  const lineEnd = lineEndAt(text, map.span.start);
  const lineStart = lineStartAt(text, map.span.start);
  const line = text.slice(lineStart, lineEnd);
  if (!/^[ \t]*\[/.test(line) || text[map.span.start] !== '[') return undefined;
  // The header must name this table and not one inside of it.
  const names = map.path.filter((step) => typeof step === 'string').length;
  const dots = (/^[ \t]*\[+([^\]#]*)/.exec(line)?.[1] ?? '')
    .replace(/"[^"]*"|'[^']*'/g, 'q')
    .split('.').length;
  return dots === names ? map.span.start : undefined;
}

export function appendTomlItem(context: EditContext, seq: SeqNode, value: ConfigValue): TextEdit[] {
  if (!isObject(value)) return [];
  const { document, eol } = context;
  const lines = [`[${header(context, seq.path)}]`];
  for (const [key, item] of Object.entries(value))
    if (item !== null) lines.push(inlinePair(context, key, item));
  const end = endOfLineAndComments(document, seq.span.end);
  return [insertion(end, eol + eol + lines.join(eol))];
}

export function replaceTomlValue(context: EditContext, old: ConfigNode, value: ConfigValue): TextEdit[] {
  return [{ span: old.span, newText: inlineValue(context, value, true, old) }];
}

/** Removes the lines of a key or of a whole table with everything below it. */
export function removeTomlEntry(context: EditContext, entry: MapEntry): TextEdit[] {
  return removeTomlNode(context, entry.value, entry.key.span.start);
}

export function removeTomlNode(context: EditContext, node: ConfigNode, start: number): TextEdit[] {
  const { document, text } = context;
  const ranges: [number, number][] = [];
  collect(node, start);
  ranges.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push([range[0], range[1]]);
  }
  return merged.map(([from, to]) => removal(from, to));

  function collect(inner: ConfigNode, at: number): void {
    if (isLine(inner)) {
      ranges.push(wholeLines(document, at, inner.span.end));
      return;
    }
    if (inner.kind === 'map') {
      if (text[inner.span.start] === '[') ranges.push(headerRange(inner.span.start));
      for (const entry of inner.entries) collect(entry.value, entry.key.span.start);
    } else if (inner.kind === 'seq') for (const item of inner.items) collect(item, item.span.start);
  }

  /** The header's line and the blank lines before it. */
  function headerRange(at: number): [number, number] {
    const [from, to] = wholeLines(document, at, lineEndAt(text, at));
    let begin = from;
    while (begin > 1) {
      const above = lineStartAt(text, begin - (text[begin - 2] === '\r' && text[begin - 1] === '\n' ? 2 : 1));
      if (
        above >= begin ||
        !isBlank(text, above, lineEndAt(text, above)) ||
        afterBreak(text, lineEndAt(text, above)) !== begin
      )
        break;
      begin = above;
    }
    return [begin, to];
  }
}
