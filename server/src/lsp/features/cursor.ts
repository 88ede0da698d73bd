import { nodeAtOffset } from '../../document/lookup.ts';
import { offsetAt, type Position } from '../../document/position.ts';
import type { ConfigDocument, ConfigNode, MapNode, Path, Span } from '../../document/types.ts';

/** What is being typed: a key of the map at `path`, or the value of the key that `path` ends in. */
export type Cursor =
  | {
      readonly kind: 'key';
      readonly root: number;
      readonly path: Path;
      readonly map?: MapNode;
      readonly typed: Span;
    }
  | { readonly kind: 'value'; readonly root: number; readonly path: Path; readonly typed: Span };

/** `key: val` and `"key": "val`, up to the cursor, wherever on the line. */
const value = /(?:^|[\s{,[-])(["']?)([\w./-]+)\1[ \t]*[:=][ \t]*["']?([^\s"'{}[\],]*)$/;
/** `  - key` at the start of a line. */
const blockKey = /^([ \t]*(?:-[ \t]+)*)["']?([\w./-]*)$/;
/** `{"key` and `, "key` inside braces. */
const flowKey = /[{,][ \t]*["']?([\w./-]*)$/;
const comment = /(?:^|\s)(?:#|\/\/)/;

/**
 * Works from the line the cursor is on, because the text is half-typed and the tree behind it may be off; only the
 * lines above, which are finished, are asked for where the line belongs. Undefined where nothing can be completed.
 */
export function cursorAt(document: ConfigDocument, position: Position): Cursor | undefined {
  const start = document.lineStarts[position.line];
  if (start === undefined) return undefined;
  const offset = offsetAt(document, position);
  const line = document.text.slice(start, offset);
  if (comment.test(line)) return undefined;
  const inValue = value.exec(line);
  if (inValue) return valueCursor(document, start, offset, inValue);
  const block = document.format === 'json' ? undefined : blockKey.exec(line);
  const partial =
    block?.[2] ?? flowKey.exec(line)?.[1] ?? (document.format === 'json' ? bareKey(line) : undefined);
  if (partial === undefined) return undefined;
  const typed = { start: offset - partial.length, end: offset };
  const map =
    block && document.format === 'yaml'
      ? mapByIndent(document, position.line, (block[1] ?? '').length)
      : mapAround(document, offset);
  if (map === 'top') return { kind: 'key', root: 0, path: [], typed };
  if (map?.kind === 'map') return { kind: 'key', root: rootIndex(document, map), path: map.path, map, typed };
  return map && { kind: 'key', root: rootIndex(document, map), path: map.path, typed };
}

function valueCursor(
  document: ConfigDocument,
  start: number,
  offset: number,
  { 0: whole, 2: key = '', 3: partial = '', index }: RegExpExecArray,
): Cursor | undefined {
  const found = nodeAtOffset(document, start + index + whole.indexOf(key) + 1);
  if (found?.entry?.key.name !== key) return undefined;
  const typed = { start: offset - partial.length, end: offset };
  return { kind: 'value', root: rootIndex(document, found.node), path: found.node.path, typed };
}

/** In JSON a key may stand alone on its line. */
function bareKey(line: string): string | undefined {
  return /^[ \t]*["']?([\w./-]*)$/.exec(line)?.[1];
}

/** The map whose keys stand at this indentation above the line, or the empty value where one is being begun. */
function mapByIndent(document: ConfigDocument, line: number, indent: number): ConfigNode | 'top' | undefined {
  for (let above = line - 1; above >= 0; above--) {
    const start = document.lineStarts[above] ?? 0;
    const match = /^([ \t]*(?:-[ \t]+)*)(["']?)([\w./-]+)\2[ \t]*:/.exec(
      document.text.slice(start, document.lineStarts[above + 1]),
    );
    if (!match) continue;
    const width = (match[1] ?? '').length;
    if (width > indent) continue;
    const found = nodeAtOffset(document, start + width + 1);
    if (!found?.entry) return undefined;
    if (width === indent) return found.node.parent?.kind === 'map' ? found.node.parent : undefined;
    return found.node.kind === 'map' || isEmpty(found.node) ? found.node : undefined;
  }
  return indent === 0 ? (firstMap(document) ?? 'top') : undefined;
}

function isEmpty(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.source === '';
}

function firstMap(document: ConfigDocument): MapNode | undefined {
  const root = document.roots[0];
  return root?.kind === 'map' ? root : undefined;
}

/** The map around the offset, unless a list is nearer. */
function mapAround(document: ConfigDocument, offset: number): MapNode | undefined {
  const found = nodeAtOffset(document, offset)?.node;
  const container = found?.kind === 'map' || found?.kind === 'seq' ? found : found?.parent;
  return container?.kind === 'map' ? container : undefined;
}

function rootIndex(document: ConfigDocument, node: ConfigNode): number {
  let top = node;
  while (top.parent) top = top.parent;
  return Math.max(0, document.roots.indexOf(top));
}
