import type { ConfigValue, LoadedValue, Path } from '../../document/types.ts';
import type { FieldId, FieldTypes } from '../../run/fields.ts';
import { type Text, text } from '../../text.ts';
import { type Absent, absent, type Binding, type ConfigView, type FieldBinding } from '../dialect.ts';
import { plainValue } from '../read.ts';
import { numberOf } from './numbers.ts';

/** `optimizer.betas.0` as a path; parts of digits are positions in a list, '' is the file itself. */
export function key(dotted: string): Path {
  if (dotted === '') return [];
  return dotted.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

type Options<F extends FieldId> = Omit<FieldBinding<F>, 'field' | 'paths'>;

/** Binds `field` to its keys, written dotted; the first is the one a fix adds. */
export function bind<F extends FieldId>(
  field: F,
  keys: string | readonly string[],
  options: Options<F> = {},
): Binding {
  const paths = (typeof keys === 'string' ? [keys] : keys).map(key);
  return { field, paths, ...options } as unknown as Binding;
}

/** A field that no key states: only what the framework always does. */
export function always<F extends FieldId>(field: F, fallback: Fallback<F>): Binding {
  return { field, paths: [], fallback, readOnly: true } as unknown as Binding;
}

export type Fallback<F extends FieldId> = NonNullable<FieldBinding<F>['fallback']>;

/**
 * Binds a number to keys that not every file of the framework may have, such as an argument of one model: a fix changes
 * the one that stands there and adds none.
 */
export function bindWhereWritten<F extends 'dropout' | 'earlyStoppingPatience'>(
  field: F,
  keys: string | readonly string[],
): Binding {
  const paths = (typeof keys === 'string' ? [keys] : keys).map(key);
  const writeAll = (value: number, view: ConfigView) => {
    const path = paths.find((each) => view.has(each));
    return path && [{ path, value }];
  };
  return { field, paths, writeAll } as unknown as Binding;
}

/** Defaults of one framework and version: `const usual = defaultsOf('transformers 5.18')`, then `usual(5e-5)`. */
export function defaultsOf(framework: string) {
  return <const V extends FieldTypes[FieldId]>(value: V, note?: Text): (() => { value: V; why: Text }) => {
    const why = note
      ? text(`default of ${framework}: ${note.en}`, `${framework}의 기본값: ${note.ko}`)
      : text(`default of ${framework}`, `${framework}의 기본값`);
    return () => ({ value, why });
  };
}

/** A limit that is off at 0 or below, or `null`: `max_steps: -1`. */
export function positive(value: LoadedValue): number | Absent | undefined {
  if (value.kind === 'null') return absent;
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (number <= 0) return absent;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A switch that holds a number: `null` and `false` are `off`, a number is itself. */
export function numberOr(off: number) {
  return (value: LoadedValue): number | undefined =>
    value.kind === 'null' || (value.kind === 'boolean' && !value.value) ? off : numberOf(value);
}

/** A number as it is, for keys where 0 or less says the same as nothing. */
export function aboveZero(value: LoadedValue): number | Absent | undefined {
  if (value.kind === 'null') return absent;
  const number = numberOf(value);
  return number !== undefined && number <= 0 ? absent : number;
}

/** Reads by names, case ignored; other strings become `otherwise`, which defaults to "not readable". */
export function named<T extends ConfigValue>(names: Readonly<Record<string, T>>, otherwise?: T) {
  const known = new Map(Object.entries(names).map(([name, meaning]) => [name.toLowerCase(), meaning]));
  return {
    read(value: LoadedValue): T | Absent | undefined {
      if (value.kind === 'null') return absent;
      if (value.kind !== 'string' && value.kind !== 'boolean' && value.kind !== 'integer') return undefined;
      return known.get(String(value.value).trim().toLowerCase()) ?? otherwise;
    },
    write(meaning: T): string | undefined {
      return Object.keys(names).find((name) => names[name] === meaning);
    },
  };
}

/** Paths below `prefix`, for blocks whose place differs between files. */
export function under(prefix: string, keys: readonly string[]): string[] {
  return keys.map((name) => (prefix ? `${prefix}.${name}` : name));
}

/** The value at a dotted key read as `field` would be, for layouts that look before they bind. */
export function peek<F extends FieldId>(
  view: ConfigView,
  field: F,
  dotted: string,
): FieldTypes[F] | undefined {
  const value = view.value(key(dotted));
  return value && (plainValue(field, value) as FieldTypes[F] | undefined);
}

/** A string in any of the keys, the first that has one. */
export function firstString(view: ConfigView, ...keys: readonly string[]): string | undefined {
  for (const one of keys) {
    const value = view.string(key(one));
    if (value) return value;
  }
  return undefined;
}
