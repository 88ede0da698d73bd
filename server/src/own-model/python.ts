import type { Language } from '../text.ts';

/** Picks the words of a generated file's comments and output. */
export type Say = (en: string, ko: string) => string;

export function sayIn(language: Language): Say {
  return (en, ko) => (language === 'ko' ? ko : en);
}

/** A value as a Python literal; `undefined` is `None`. */
export function literal(value: string | number | boolean | undefined): string {
  if (value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  // JSON's escapes of a string are Python's too; U+2028 and its kin need none in Python.
  return typeof value === 'string' ? JSON.stringify(value) : pythonNumber(value);
}

/** `5e-5` and not `0.00005`, as people write rates. */
function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) return `float("${Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'}")`;
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/** A text from a config that stands in a comment or docstring: one line, and nothing that ends the docstring. */
export function inComment(words: string): string {
  return words
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\\/g, '/')
    .replace(/"/g, "'");
}

/** Every line four blanks in. */
export function indent(block: string): string {
  return block.replace(/^(?=.)/gm, '    ');
}
