import { nodeAtOffset } from '../../document/lookup.ts';
import type { ConfigNode, MapEntry, Path } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { fieldsByPath, pathKey } from '../../rules/support/scalars.ts';
import type { FieldId } from '../../run/fields.ts';

/** What the cursor is on, in the terms of the run it belongs to. */
export interface Place {
  readonly root: number;
  readonly node: ConfigNode;
  readonly entry?: MapEntry;
  readonly onKey: boolean;
  readonly path: Path;
  /** The canonical field this key stands for, where it stands for one. */
  readonly field?: FieldId;
  /** The run that reads it here. */
  readonly run?: number;
}

/** Undefined outside of any document, and on a map or list that no field is bound to as a whole. */
export function placeAt(file: ConfigFile, offset: number): Place | undefined {
  const found = nodeAtOffset(file.document, offset);
  if (!found) return undefined;
  const root = rootOf(file, found.node);
  const { path } = found.node;
  const field = fieldsByPath(file, root).get(pathKey(path));
  const run = field === undefined ? -1 : runReading(file, root, field, path);
  return { ...found, root, path, ...(field === undefined ? {} : { field }), ...(run < 0 ? {} : { run }) };
}

function rootOf(file: ConfigFile, node: ConfigNode): number {
  let top: ConfigNode = node;
  while (top.parent) top = top.parent;
  return Math.max(0, file.document.roots.indexOf(top));
}

/** The run whose setting stands exactly here, else the first that could read it here. */
function runReading(file: ConfigFile, root: number, field: FieldId, path: Path): number {
  const here = pathKey(path);
  const exact = file.runs.findIndex(({ root: of, settings }) => {
    const at = settings[field]?.path;
    return of === root && at !== undefined && pathKey(at) === here;
  });
  if (exact >= 0) return exact;
  return file.layouts.findIndex(
    ({ bindings }, index) =>
      file.runs[index]?.root === root &&
      bindings.some(
        (binding) => binding.field === field && binding.paths.some((one) => pathKey(one) === here),
      ),
  );
}
