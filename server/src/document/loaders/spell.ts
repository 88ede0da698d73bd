export interface NumberStyle {
  /** Write `5.0e-5` instead of `5e-5`: YAML 1.1 wants a dot and a signed exponent. */
  readonly dot: boolean;
  /** How infinity and not-a-number are written. */
  readonly special: 'yaml' | 'toml' | 'json';
}

const specials = {
  yaml: { nan: '.nan', positive: '.inf', negative: '-.inf' },
  toml: { nan: 'nan', positive: 'inf', negative: '-inf' },
  json: { nan: 'NaN', positive: 'Infinity', negative: '-Infinity' },
} as const;

/**
 * The shortest text that reads as exactly `value` again, as the field writes numbers: `5e-5`, `1.5e-4`, `0.001`,
 * `0.1`, `1000`. Integers stay integers.
 */
export function spellNumber(value: number, style: NumberStyle): string {
  const special = specials[style.special];
  if (Number.isNaN(value)) return special.nan;
  if (!Number.isFinite(value)) return value > 0 ? special.positive : special.negative;
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e21)) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  if (!style.dot) return `${mantissa}e${exponent.replace('+', '')}`;
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
}
