import { nodeAt } from '../document/lookup.ts';
import type { ConfigDocument, ConfigNode, LoadedValue, Loader, Path } from '../document/types.ts';
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

const keyLists = new WeakMap<ConfigNode, readonly string[]>();

/** Own keys first, then those of merges that no own key hides. Every dialect asks for them, so they are kept. */
function keyNames(node: ConfigNode | undefined): readonly string[] {
  if (node?.kind !== 'map') return [];
  const known = keyLists.get(node);
  if (known) return known;
  keyLists.set(node, []); // A merge that leads back here adds nothing.
  const names = new Set(node.entries.map(({ key }) => key.name));
  for (const merge of node.merges) {
    const source = merge.kind === 'alias' ? merge.target : merge;
    for (const name of keyNames(source)) names.add(name);
  }
  const list = [...names];
  keyLists.set(node, list);
  return list;
}
