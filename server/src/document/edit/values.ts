import { effectiveEntries, target } from '../lookup.ts';
import type { ConfigNode, ConfigValue, LoadedValue, Loader, Path } from '../types.ts';

export type ConfigObject = { readonly [key: string]: ConfigValue };

export function isObject(value: ConfigValue): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: ConfigValue): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

export function isScalarValue(value: ConfigValue): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null;
}

/** `value` inside as many new maps (or lists, for indices) as `path` has steps. */
export function nest(path: Path, value: ConfigValue): ConfigValue {
  return path.reduceRight<ConfigValue>(
    (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    value,
  );
}

/** A copy of `value` with `inner` at `path`; `undefined` takes it away. */
export function setIn(value: ConfigValue, path: Path, inner: ConfigValue | undefined): ConfigValue {
  const [step, ...rest] = path;
  if (step === undefined) return inner ?? null;
  if (isArray(value) && typeof step === 'number') {
    const items = [...value];
    const at = Math.min(step, items.length);
    const old = items[at];
    if (rest.length > 0) items[at] = setIn(old ?? null, rest, inner);
    else if (inner === undefined) items.splice(at, 1);
    else items[at] = inner;
    return items;
  }
  const object = isObject(value) ? { ...value } : {};
  const key = String(step);
  if (rest.length === 0 && inner === undefined) delete object[key];
  else if (rest.length === 0) object[key] = inner ?? null;
  else object[key] = key in object ? setIn(object[key] ?? null, rest, inner) : nest(rest, inner ?? null);
  return object;
}

/** A plain copy of what a loader makes of a node; values decided elsewhere stay the text they are. */
export function valueOfNode(node: ConfigNode, loader: Loader): ConfigValue {
  const inside = target(node);
  if (!inside) return null;
  if (inside.kind === 'seq') return inside.items.map((item) => valueOfNode(item, loader));
  if (inside.kind === 'map') {
    const entries = effectiveEntries(inside);
    return Object.fromEntries(entries.map(({ key, value }) => [key.name, valueOfNode(value, loader)]));
  }
  if (inside.kind === 'alias') return null;
  const loaded = loader.scalar(inside);
  if (loaded.kind === 'null') return null;
  return loaded.kind === 'unknown' ? inside.text : loaded.value;
}

/** Whether a loader's value is the plain value `value`. */
export function isSame(loaded: LoadedValue, value: ConfigValue): boolean {
  if (loaded.kind === 'null') return value === null;
  if (loaded.kind === 'unknown') return false;
  return Object.is(loaded.value, value) || (loaded.value === 0 && value === 0);
}
