import type { ConfigDocument, ConfigNode, MapEntry, MapNode, Path } from './types.ts';

/** Follows `*alias` to what it names; undefined when nothing does. The readers leave no circles. */
export function target(node: ConfigNode | undefined): ConfigNode | undefined {
  let at = node;
  for (let steps = 0; at?.kind === 'alias'; steps++) {
    if (steps > 100) return undefined;
    at = at.target;
  }
  return at;
}

/** The node at `path`, through aliases and `<<` merges; an alias at the end is followed too, if it leads anywhere. */
export function nodeAt(root: ConfigNode, path: Path): ConfigNode | undefined {
  const written = writtenAt(root, path);
  return target(written) ?? written;
}

/** Like {@link nodeAt}, but the last step stays as it is written: an alias is the alias. */
export function writtenAt(root: ConfigNode, path: Path): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const step of path) {
    const inside = target(node);
    if (inside?.kind === 'map') node = findEntry(inside, String(step))?.value;
    else if (inside?.kind === 'seq' && typeof step === 'number') node = inside.items[step];
    else return undefined;
  }
  return node;
}

/** The entry whose key ends `path`; it may stand in an aliased or merged map elsewhere in the file. */
export function entryAt(root: ConfigNode, path: Path): MapEntry | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const map = nodeAt(root, path.slice(0, -1));
  return map?.kind === 'map' ? findEntry(map, String(last)) : undefined;
}

/** The entry that counts for `key`: the last of its own, else the first found in the merged maps. */
export function findEntry(map: MapNode, key: string): MapEntry | undefined {
  const own = map.entries.findLast((entry) => entry.key.name === key);
  if (own || map.merges.length === 0) return own;
  for (const source of allMaps(map)) {
    const entry = source.entries.findLast((candidate) => candidate.key.name === key);
    if (entry) return entry;
  }
  return undefined;
}

/** The map and everything merged into it, in order of precedence, each once. */
export function* allMaps(map: MapNode): Generator<MapNode> {
  const seen = new Set<MapNode>();
  const waiting: MapNode[] = [map];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    yield next;
    // Last in, first out: the source that comes first must be pushed last.
    for (const merge of next.merges.toReversed()) waiting.push(...mergedMaps(merge).reverse());
  }
}

function mergedMaps(source: ConfigNode): MapNode[] {
  const node = target(source);
  if (node?.kind === 'map') return [node];
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap((item) => {
    const map = target(item);
    return map?.kind === 'map' ? [map] : [];
  });
}

/** The entries a loader sees in a map: its own first, then merged ones; of equal keys only the one that counts. */
export function effectiveEntries(map: MapNode): MapEntry[] {
  const entries = new Map<string, MapEntry>();
  for (const source of allMaps(map)) {
    const own = new Map(source.entries.map((entry) => [entry.key.name, entry]));
    for (const [name, entry] of own) if (!entries.has(name)) entries.set(name, entry);
  }
  return [...entries.values()];
}

export interface NodeAtOffset {
  readonly node: ConfigNode;
  /** The entry whose key or value the offset touches. */
  readonly entry?: MapEntry;
  /** The offset is on the key of `entry`. */
  readonly onKey: boolean;
}

/** What stands at `offset`: the innermost node whose span holds it, ends included. */
export function nodeAtOffset(document: ConfigDocument, offset: number): NodeAtOffset | undefined {
  let best: NodeAtOffset | undefined;
  for (const root of document.roots) if (holds(root.span, offset)) best = { node: root, onKey: false };
  for (let inner = best; inner; inner = step(inner.node, inner.onKey, offset)) best = inner;
  return best;
}

function step(node: ConfigNode, done: boolean, offset: number): NodeAtOffset | undefined {
  if (done) return undefined;
  if (node.kind === 'seq') {
    const item = node.items.findLast((candidate) => holds(candidate.span, offset));
    return item && { node: item, onKey: false };
  }
  if (node.kind !== 'map') return undefined;
  const onKey = node.entries.find((entry) => holds(entry.key.span, offset));
  if (onKey) return { node: onKey.value, entry: onKey, onKey: true };
  const inValue = node.entries.findLast((entry) => holds(entry.value.span, offset));
  const entry = inValue ?? node.entries.findLast((candidate) => holds(candidate.span, offset));
  if (!entry) return mergeAt(node, offset);
  return { node: entry.value, entry, onKey: false };
}

function mergeAt(map: MapNode, offset: number): NodeAtOffset | undefined {
  const merge = map.merges.find((candidate) => holds(candidate.span, offset));
  return merge && { node: merge, onKey: false };
}

function holds(span: { readonly start: number; readonly end: number }, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
