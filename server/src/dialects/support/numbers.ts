import type { LoadedValue } from '../../document/types.ts';

/** What Python's `float()` takes, without `inf` and `nan`: no bounds of a config are infinite. */
const pythonFloat = /^\s*[+-]?(\d(_?\d)*\.?(\d(_?\d)*)?|\.\d(_?\d)*)([eE][+-]?\d+)?\s*$/;

/** The number a text spells, whatever the loader makes of it; undefined when it spells none or an infinite one. */
export function numberIn(text: string): number | undefined {
  if (!pythonFloat.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** The finite number of a loaded value; a string counts by what it spells, since that is what its author meant. */
export function numberOf(value: LoadedValue | undefined): number | undefined {
  if (value?.kind === 'string') return numberIn(value.value);
  if (value?.kind !== 'integer' && value?.kind !== 'float') return undefined;
  return Number.isFinite(value.value) ? value.value : undefined;
}

/** Numbers of `(0.9, 0.98)` or `[0.9, 0.98]` written as one string; undefined when any part is no number. */
export function numbersIn(text: string): number[] | undefined {
  const inner = /^\s*[([]?\s*([^()[\]]*?)\s*,?\s*[)\]]?\s*$/.exec(text)?.[1];
  if (inner === undefined || inner === '') return undefined;
  const numbers = inner.split(',').map(numberIn);
  return numbers.some((number) => number === undefined) ? undefined : (numbers as number[]);
}

/** Steps and ratios computed from others carry noise in their last digits; nobody wants `0.30000000000000004` in a file. */
export function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
