import { findEntry } from '../lookup.ts';
import type {
  AliasNode,
  ConfigNode,
  ConfigValue,
  KeyNode,
  MapEntry,
  MapNode,
  Path,
  SeqNode,
  TextEdit,
} from '../types.ts';
import {
  appendBlockItem,
  insertBlockEntry,
  removeBlockEntry,
  removeBlockItem,
  replaceInBlock,
} from './block.ts';
import { type EditContext, insertion, replacement } from './context.ts';
import { appendFlowItem, insertFlowEntry, removeFlowPart } from './flow.ts';
import { lineStartAt } from './lines.ts';
import { blockLines, inlineValue, jsonValue } from './spell-value.ts';
import {
  appendTomlItem,
  insertTomlEntry,
  removeTomlEntry,
  removeTomlNode,
  replaceTomlValue,
} from './toml.ts';
import { isSame, nest, setIn, valueOfNode } from './values.ts';

/**
 * The edits for one key: `value` at `path`, or its entry deleted when `value` is undefined. What is not the file's
 * to say (a step into a list by name, an entry that is not there) makes no edits.
 */
export function editsForWrite(context: EditContext, path: Path, wanted: ConfigValue | undefined): TextEdit[] {
  // TOML has no null: such a key is left out.
  const value = context.document.format === 'toml' && wanted === null ? undefined : wanted;
  const root = context.document.roots[context.root];
  if (!root || isEmptyScalar(root))
    return value === undefined ? [] : writeIntoEmpty(context, root, path, value);
  let node: ConfigNode = root;
  let key: KeyNode | undefined;
  for (let index = 0; index < path.length; index++) {
    const step = path[index] ?? '';
    const rest = path.slice(index + 1);
    if (node.kind === 'alias') return writeThroughAlias(context, key, node, path.slice(index), value);
    if (node.kind === 'scalar') {
      if (value === undefined || !node.parent) return [];
      return replace(context, node.parent, key, node, nest(path.slice(index), value));
    }
    if (node.kind === 'seq') {
      if (typeof step !== 'number') return [];
      const item: ConfigNode | undefined = node.items[step];
      if (!item) return value === undefined ? [] : append(context, node, nest(rest, value));
      if (rest.length === 0) {
        return value === undefined
          ? removeItem(context, node, step)
          : replace(context, node, undefined, item, value);
      }
      key = undefined;
      node = item;
      continue;
    }
    const name = String(step);
    const entry = ownEntry(node, name);
    if (!entry) return writeMissing(context, node, name, rest, value);
    if (rest.length === 0) {
      // Without it, the merged value behind it would come back.
      const hides = value === undefined && mergedEntry(node, name);
      if (value === undefined && !hides) return removeEntry(context, node, entry);
      return replace(context, node, entry.key, entry.value, value ?? null);
    }
    key = entry.key;
    node = entry.value;
  }
  return [];
}

export function ownEntry(map: MapNode, name: string): MapEntry | undefined {
  return map.entries.findLast((entry) => entry.key.name === name);
}

/** The entry that `<<` brings for `name`, own entries aside. */
function mergedEntry(map: MapNode, name: string): MapEntry | undefined {
  return map.merges.length === 0 ? undefined : findEntry({ ...map, entries: [] }, name);
}

function isEmptyScalar(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.source === '';
}

/** A key that the map does not hold itself: new, or one that comes by `<<` and is overridden here. */
function writeMissing(
  context: EditContext,
  map: MapNode,
  name: string,
  rest: Path,
  value: ConfigValue | undefined,
): TextEdit[] {
  const merged = findEntry(map, name);
  if (!merged) return value === undefined ? [] : insert(context, map, name, nest(rest, value));
  if (rest.length === 0) return insert(context, map, name, value ?? null);
  return insert(context, map, name, setIn(valueOfNode(merged.value, context.loader), rest, value));
}

/** The block an alias names belongs to other places too: here it becomes a map that merges it, or a copy. */
function writeThroughAlias(
  context: EditContext,
  key: KeyNode | undefined,
  alias: AliasNode,
  path: Path,
  value: ConfigValue | undefined,
): TextEdit[] {
  const { parent, target, name } = alias;
  const [first, ...rest] = path;
  if (!parent || !target || first === undefined) return [];
  const plain = valueOfNode(target, context.loader);
  if (target.kind !== 'map' || value === undefined || typeof first === 'number')
    return replace(context, parent, key, alias, setIn(plain, path, value));
  const merged = findEntry(target, first);
  const inner =
    rest.length === 0 ? value : setIn(merged ? valueOfNode(merged.value, context.loader) : {}, rest, value);
  if (parent.flow || !key) {
    const pair = `${inlineValue(context, { [first]: inner }, true).slice(1, -1)}`;
    return [replacement(alias.span, `{<<: *${name}, ${pair}}`)];
  }
  const column = key.span.start - lineStartAt(context.text, key.span.start);
  const indent = ' '.repeat(column + context.unit.length);
  const lines = [`${indent}<<: *${name}`, ...blockLines(context, { [first]: inner }, indent)];
  let start = alias.span.start;
  while (context.text[start - 1] === ' ') start--;
  const lead = context.text.slice(alias.span.end).search(/\r|\n|$/) + alias.span.end;
  return [
    replacement({ start, end: alias.span.end }, ''),
    insertion(lead, context.eol + lines.join(context.eol)),
  ];
}

function isFlow(context: EditContext, node: MapNode | SeqNode): boolean {
  return context.document.format === 'json' || node.flow;
}

function insert(context: EditContext, map: MapNode, key: string, value: ConfigValue): TextEdit[] {
  if (isFlow(context, map)) return insertFlowEntry(context, map, key, value);
  if (context.document.format === 'toml') return insertTomlEntry(context, map, key, value);
  return insertBlockEntry(context, map, key, value);
}

function append(context: EditContext, seq: SeqNode, value: ConfigValue): TextEdit[] {
  if (isFlow(context, seq)) return appendFlowItem(context, seq, value);
  if (context.document.format === 'toml') return appendTomlItem(context, seq, value);
  return appendBlockItem(context, seq, value);
}

function removeEntry(context: EditContext, map: MapNode, entry: MapEntry): TextEdit[] {
  if (isFlow(context, map)) return removeFlowPart(context, map, map.entries.indexOf(entry));
  if (context.document.format === 'toml') return removeTomlEntry(context, entry);
  return removeBlockEntry(context, map, entry);
}

function removeItem(context: EditContext, seq: SeqNode, index: number): TextEdit[] {
  if (isFlow(context, seq)) return removeFlowPart(context, seq, index);
  const item = seq.items[index];
  if (context.document.format === 'toml') return item ? removeTomlNode(context, item, item.span.start) : [];
  return removeBlockItem(context, seq, index);
}

function replace(
  context: EditContext,
  parent: MapNode | SeqNode,
  key: KeyNode | undefined,
  old: ConfigNode,
  value: ConfigValue,
): TextEdit[] {
  const { loader, document, text } = context;
  if (old.kind === 'scalar' && isSame(loader.scalar(old), value)) return [];
  if (document.format === 'toml') return replaceTomlValue(context, old, value);
  if (!isFlow(context, parent)) return replaceInBlock(context, parent, key, old, value);
  const lineIndent = /^[ \t]*/.exec(text.slice(lineStartAt(text, old.span.start)))?.[0] ?? '';
  const newText =
    document.format === 'json'
      ? jsonValue(context, value, lineIndent, /[\r\n]/.test(text.trim()))
      : inlineValue(context, value, true, old);
  if (old.span.start < old.span.end) return [replacement(old.span, newText)];
  const between = key ? text.slice(key.span.end, old.span.start) : ':';
  const colon = between.includes(':') ? '' : ':';
  const blank = colon === '' && /\s/.test(text.charAt(old.span.start - 1)) ? '' : ' ';
  let end = old.span.start;
  while (text[end] === ' ') end++;
  // Blanks that stood for the value before a comma or bracket.
  if (!/[,}\]]/.test(text.charAt(end))) end = old.span.start;
  return [replacement({ start: old.span.start, end }, colon + blank + newText)];
}

/** The first key of a file (or YAML document) that holds nothing but comments. */
function writeIntoEmpty(
  context: EditContext,
  root: ConfigNode | undefined,
  path: Path,
  value: ConfigValue,
): TextEdit[] {
  const { document, text, eol, root: index } = context;
  const whole = nest(path, value);
  if (Array.isArray(whole) || (!root && index > 0)) return [];
  const endsOpen = text !== '' && text !== '\ufeff' && !/[\r\n]$/.test(text);
  const at = root && index < document.roots.length - 1 ? root.span.end : text.length;
  const lead = at < text.length || endsOpen ? eol : '';
  if (document.format === 'json') return [insertion(at, lead + jsonValue(context, whole, '', true) + eol)];
  if (document.format === 'toml')
    return [insertion(at, lead + tomlLines(context, path, value).join(eol) + eol)];
  return [insertion(at, lead + blockLines(context, whole, '').join(eol) + (at < text.length ? '' : eol))];
}

function tomlLines(context: EditContext, path: Path, value: ConfigValue): string[] {
  const keys = path.map((step) => inlineValue(context, { [String(step)]: 0 }, true).slice(2, -6));
  return [`${keys.join('.')} = ${inlineValue(context, value, true)}`];
}
