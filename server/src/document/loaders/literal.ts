import type { LoadedValue, Loader, ScalarNode } from '../types.ts';
import { pythonFloat, pythonInt, splitSign } from './python.ts';
import { spellNumber } from './spell.ts';
import { decidedElsewhere } from './yaml-scalar.ts';

function string(node: ScalarNode): LoadedValue {
  return decidedElsewhere(node.text, false) ?? { kind: 'string', value: node.text };
}

function loadJsonScalar(node: ScalarNode): LoadedValue {
  const { text } = node;
  if (node.style !== 'literal') return string(node);
  if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' };
  // A key whose value is missing is already reported; it counts as nothing.
  if (text === 'null' || text === '') return { kind: 'null' };
  if (text === 'NaN') return { kind: 'float', value: Number.NaN };
  const value = Number(text);
  if (Number.isNaN(value)) return { kind: 'string', value: text };
  if (text.endsWith('Infinity')) return { kind: 'float', value };
  return { kind: /[.eE]/.test(text) ? 'float' : 'integer', value };
}

/** Python's `json` module: a number is an integer unless it has a dot or an exponent. */
export const json: Loader = {
  id: 'json',
  name: 'JSON',
  scalar: loadJsonScalar,
  spellNumber: (value) => spellNumber(value, { dot: false, special: 'json' }),
};

function loadTomlScalar(node: ScalarNode): LoadedValue {
  if (node.style !== 'literal') return string(node);
  const { text } = node;
  if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' };
  const [sign, digits] = splitSign(text.replaceAll('_', ''));
  const integer = tomlInteger(digits);
  if (integer !== undefined) return { kind: 'integer', value: sign * integer };
  const float = pythonFloat(digits);
  // What is left are dates and times.
  return float === undefined ? { kind: 'string', value: text } : { kind: 'float', value: sign * float };
}

function tomlInteger(digits: string): number | undefined {
  const prefix = digits.slice(0, 2);
  if (prefix === '0x') return pythonInt(digits.slice(2), 16);
  if (prefix === '0o') return pythonInt(digits.slice(2), 8);
  if (prefix === '0b') return pythonInt(digits.slice(2), 2);
  return pythonInt(digits, 10);
}

/** TOML has typed literals of its own; every library agrees on them. */
export const toml: Loader = {
  id: 'toml',
  name: 'TOML',
  scalar: loadTomlScalar,
  spellNumber: (value) => spellNumber(value, { dot: false, special: 'toml' }),
};
