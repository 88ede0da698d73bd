/**
 * The number functions of Python that loaders end in. Values are JavaScript numbers: integers beyond 2^53 lose
 * their last digits, which no training setting notices. Undefined = Python raises ValueError.
 */

const decimalFloat = /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+(?:_\d+)*)?$/;

/** `float(text)`. */
export function pythonFloat(text: string): number | undefined {
  const trimmed = text.trim();
  if (decimalFloat.test(trimmed)) return Number(trimmed.replaceAll('_', ''));
  const special = /^([-+]?)(?:(inf|infinity)|nan)$/i.exec(trimmed);
  if (!special) return undefined;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** `int(digits, base)` of a text without sign. */
export function pythonInt(digits: string, base: 2 | 8 | 10 | 16): number | undefined {
  const allowed = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^\d+$/, 16: /^[\da-fA-F]+$/ }[base];
  if (!allowed.test(digits)) return undefined;
  return base === 10 ? Number(digits) : Number.parseInt(digits, base);
}

/** Splits off a leading sign: `[-1, '5']` for `-5`. */
export function splitSign(text: string): readonly [number, string] {
  const first = text.charAt(0);
  if (first === '-') return [-1, text.slice(1)];
  return [1, first === '+' ? text.slice(1) : text];
}

/** `1:30` in base 60, as YAML 1.1 has it. */
export function sexagesimal(text: string): number | undefined {
  let value = 0;
  for (const part of text.split(':')) {
    const digit = pythonFloat(part);
    if (digit === undefined) return undefined;
    value = value * 60 + digit;
  }
  return value;
}
