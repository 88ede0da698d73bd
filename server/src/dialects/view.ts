import { findEntry, target } from '../document/lookup.ts';
import type { ConfigDocument, ConfigNode, LoadedValue, Loader, MapNode, Path } from '../document/types.ts';
import type { ConfigView } from './dialect.ts';

/** One root of `document` as `loader` sees it. A root that does not exist behaves as an empty one. */
export function createView(document: ConfigDocument, root: number, loader: Loader): ConfigView {
  const top = document.roots[root];
  const at = (path: Path): ConfigNode | undefined => (top ? nodeAt(top, path) : undefined);
  const value = (path: Path): LoadedValue | undefined => {
    const node = at(path);
    return node?.kind === 'scalar' ? loader.scalar(node) : undefined;
  };
  return {
    document,
    root,
    loader,
    at,
    value,
    number(path) {
      const loaded = value(path);
      return loaded?.kind === 'integer' || loaded?.kind === 'float' ? loaded.value : undefined;
    },
    string(path) {
      const loaded = value(path);
      return loaded?.kind === 'string' ? loaded.value : undefined;
    },
    boolean(path) {
      const loaded = value(path);
      return loaded?.kind === 'boolean' ? loaded.value : undefined;
    },
    has: (path) => at(path) !== undefined,
    keys: (path) => keyNames(at(path)),
  };
}

/** Maps this large are looked up by an index: every dialect asks a file for hundreds of keys. */
const indexedFrom = 24;
const indexes = new WeakMap<MapNode, ReadonlyMap<string, ConfigNode>>();

function nodeAt(top: ConfigNode, path: Path): ConfigNode | undefined {
  let node: ConfigNode | undefined = top;
  for (const step of path) {
    const inside = target(node);
    if (inside?.kind === 'map') node = valueOf(inside, String(step));
    else if (inside?.kind === 'seq' && typeof step === 'number') node = inside.items[step];
    else return undefined;
  }
  return target(node) ?? node;
}

function valueOf(map: MapNode, name: string): ConfigNode | undefined {
  if (map.entries.length < indexedFrom) return findEntry(map, name)?.value;
  let index = indexes.get(map);
  if (!index) {
    // The last of a key that is there twice counts, as it does in `findEntry`.
    index = new Map(map.entries.map(({ key, value }) => [key.name, value]));
    indexes.set(map, index);
  }
  return index.get(name) ?? (map.merges.length > 0 ? findEntry(map, name)?.value : undefined);
}

const keyLists = new WeakMap<ConfigNode, readonly string[]>();

/** Own keys first, then those of merges that no own key hides. Every dialect asks for them, so they are kept. */
function keyNames(node: ConfigNode | undefined): readonly string[] {
  if (node?.kind !== 'map') return [];
  const known = keyLists.get(node);
  if (known) return known;
  keyLists.set(node, []); // A merge that leads back here adds nothing.
  const names = new Set(node.entries.map(({ key }) => key.name));
  for (const merge of node.merges) {
    for (const name of keyNames(target(merge))) names.add(name);
  }
  const list = [...names];
  keyLists.set(node, list);
  return list;
}
