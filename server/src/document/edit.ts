import type { KeyWrite } from '../dialects/dialect.ts';
import { contextOf } from './edit/context.ts';
import { EditedText } from './edit/pieces.ts';
import { editsForWrite, ownEntry } from './edit/single.ts';
import { spellKey } from './edit/spell-scalar.ts';
import { tagRemoval } from './edit/tags.ts';
import { isArray, isObject } from './edit/values.ts';
import { loaderById } from './loaders.ts';
import { entryAt } from './lookup.ts';
import { parseConfig } from './parse.ts';
import type { ConfigDocument, ConfigNode, ConfigValue, Loader, Path, TextEdit } from './types.ts';

/**
 * The smallest edits after which `loader` reads every written value at its path; `value: undefined` deletes the key.
 * Comments, quotes, anchors, indentation and line ends stay. Missing maps are made on the way. Empty when nothing
 * changes, or when the file cannot hold the writes without being broken (an anchor in use elsewhere would go).
 *
 * @param root index of the YAML document; 0 for JSON and TOML
 */
export function writeKeys(
  document: ConfigDocument,
  root: number,
  loader: Loader,
  writes: readonly KeyWrite[],
): TextEdit[] {
  const edited = new EditedText(document.text);
  let current = document;
  const waiting = [...writes];
  for (let steps = 0; waiting.length > 0 && steps < 1000; steps++) {
    const write = waiting.shift();
    if (!write) break;
    const parts = split(current.roots[root], write, current.format);
    if (parts) {
      waiting.unshift(...parts);
      continue;
    }
    const node = current.roots[root] && ownNode(current.roots[root], write.path);
    const untag =
      node && write.value !== undefined ? tagRemoval(current.text, node, write.value, loader) : [];
    if (untag.length > 0) {
      edited.apply(untag);
      current = parseConfig(edited.text, document.format);
    }
    const copies = write.value === undefined ? copiesOf(current.roots[root], write.path) : 0;
    const edits = editsForWrite(contextOf(current, root, loader), write.path, write.value);
    if (edits.length === 0) continue;
    edited.apply(edits);
    current = parseConfig(edited.text, document.format);
    // Of a key that is there twice, every one is deleted.
    if (copies > 1) waiting.unshift(write);
  }
  const broken = current.problems.filter(({ code }) => code !== 'duplicate-key').length;
  const brokenBefore = document.problems.filter(({ code }) => code !== 'duplicate-key').length;
  return broken > brokenBefore ? [] : edited.edits();
}

/**
 * Gives the key at `path` another name, at the place where it is defined. Empty when there is no such key, or when
 * one of the new name stands beside it.
 */
export function renameKey(document: ConfigDocument, root: number, path: Path, to: string): TextEdit[] {
  const node = document.roots[root];
  const entry = node && entryAt(node, path);
  const siblings = entry?.value.parent;
  if (!entry || (siblings?.kind === 'map' && ownEntry(siblings, to))) return [];
  const { span } = entry.key;
  const source = document.text.slice(span.start, span.end);
  const style = source.startsWith('"') ? 'double-quoted' : source.startsWith("'") ? 'single-quoted' : 'plain';
  const old = { kind: 'scalar', style, source, text: entry.key.name, span, path, parent: undefined } as const;
  const loader = loaderById(document.format === 'yaml' ? 'pyyaml' : document.format);
  const flow = siblings?.flow ?? false;
  const setting = { format: document.format, loader, flow, old: style === 'plain' ? undefined : old };
  return [{ span, newText: spellKey(to, setting) }];
}

/** The text after `edits`, which must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const edited = new EditedText(text);
  edited.apply(edits);
  return edited.text;
}

/**
 * A map or list written over a map or list is written key by key, so that what stays the same keeps its place and
 * its comments. Undefined when the write is a single step.
 */
function split(
  root: ConfigNode | undefined,
  { path, value }: KeyWrite,
  format: ConfigDocument['format'],
): KeyWrite[] | undefined {
  if (!root || value === undefined) return undefined;
  const old = ownNode(root, path);
  if (old?.kind === 'map' && isObject(value) && old.merges.length === 0) return splitMap(old, path, value);
  if (old?.kind === 'seq' && isArray(value)) {
    const kept = value.map((item, index) => ({ path: [...path, index], value: item }));
    const surplus = old.items
      .slice(value.length)
      .map((_, index) => ({ path: [...path, value.length + index] }));
    return [...surplus.reverse().map((write) => ({ ...write, value: undefined })), ...kept];
  }
  // A section cannot turn into a line where it stands.
  if (format === 'toml' && (old?.kind === 'map' || old?.kind === 'seq') && !old.flow)
    return [
      { path, value: undefined },
      { path, value },
    ];
  return undefined;
}

function splitMap(
  old: Extract<ConfigNode, { kind: 'map' }>,
  path: Path,
  value: { readonly [key: string]: ConfigValue },
): KeyWrite[] {
  const names = new Set(old.entries.map((entry) => entry.key.name));
  const gone = [...names].filter((name) => !(name in value));
  return [
    ...Object.entries(value).map(([key, inner]) => ({ path: [...path, key], value: inner })),
    ...gone.map((key) => ({ path: [...path, key], value: undefined })),
  ];
}

/** The node at `path` if it stands in this very place, not behind an alias or a merge. */
function ownNode(root: ConfigNode, path: Path): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = ownEntry(node, String(step))?.value;
    else if (node?.kind === 'seq' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

/** How often the map at the end of `path` holds its last key. */
function copiesOf(root: ConfigNode | undefined, path: Path): number {
  const map = root && ownNode(root, path.slice(0, -1));
  if (map?.kind !== 'map') return 0;
  return map.entries.filter((entry) => entry.key.name === String(path.at(-1))).length;
}
