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

/** `  key: value` and `"key": "value"`, up to the cursor. */
const beforeCursor =
  /^([ \t]*(?:-[ \t]+)*)(?:(["']?)([\w./-]+)\2[ \t]*([:=])[ \t]*)?(["']?)([^\s"'{}[\],#]*)$/;

/**
 * Works from the line the cursor is on, because the text is half-typed and the tree behind it may be off; only the
 * lines above, which are finished, are asked for where the line belongs. Undefined where nothing can be completed.
 */
export function cursorAt(document: ConfigDocument, position: Position): Cursor | undefined {
  const start = document.lineStarts[position.line];
  if (start === undefined) return undefined;
  const offset = offsetAt(document, position);
  const line = beforeCursor.exec(document.text.slice(start, offset));
  if (!line) return undefined;
  const [, indent = '', , key, separator, , partial = ''] = line;
  const typed = { start: offset - partial.length, end: offset };
  if (key !== undefined && separator !== undefined) {
    const found = nodeAtOffset(document, start + line[0].indexOf(key, indent.length) + 1);
    if (!found?.entry || found.entry.key.name !== key) return undefined;
    return { kind: 'value', root: rootIndex(document, found.node), path: found.node.path, typed };
  }
  const map =
    document.format === 'yaml'
      ? mapByIndent(document, position.line, indent.length)
      : mapAround(document, offset);
  if (map === 'top') return { kind: 'key', root: 0, path: [], typed };
  if (!map) return undefined;
  return { kind: 'key', root: rootIndex(document, map), path: map.path, map, typed };
}

/** The map whose keys stand at this indentation above the line. */
function mapByIndent(document: ConfigDocument, line: number, indent: number): MapNode | 'top' | undefined {
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
    return found.node.kind === 'map' ? found.node : undefined;
  }
  return indent === 0 ? (firstMap(document) ?? 'top') : undefined;
}

function firstMap(document: ConfigDocument): MapNode | undefined {
  const root = document.roots[0];
  return root?.kind === 'map' ? root : undefined;
}

function mapAround(document: ConfigDocument, offset: number): MapNode | undefined {
  let node: ConfigNode | undefined = nodeAtOffset(document, offset)?.node;
  while (node && node.kind !== 'map') node = node.parent;
  return node;
}

function rootIndex(document: ConfigDocument, node: ConfigNode): number {
  let top = node;
  while (top.parent) top = top.parent;
  return Math.max(0, document.roots.indexOf(top));
}
