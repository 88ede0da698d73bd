/** Numbers as people who train models write them: `5e-5`, `0.1`, `32,768`, `10%`. */

/** A hyperparameter: up to three significant digits, exponent form below 0.01 (`3e-4`, not `0.0003`). */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.01 || size >= 1e6) return exponential(value);
  // Close to 1 the digits that count come late: 0.9999.
  const digits = size >= 100 ? 6 : size > 0.9 && size < 1 ? 5 : 3;
  return String(Number(value.toPrecision(digits)));
}

function exponential(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** A count of steps, samples or bytes: whole, with thousands separated. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A fraction as a percentage: `0.1` is `10%`. */
export function formatPercent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(2))}%`;
}

/** `3e-4` when both ends agree, else `1e-5 to 5e-5`. */
export function formatRange(low: number, high: number): { en: string; ko: string } {
  if (low === high) return { en: formatNumber(low), ko: formatNumber(low) };
  return {
    en: `${formatNumber(low)} to ${formatNumber(high)}`,
    ko: `${formatNumber(low)}~${formatNumber(high)}`,
  };
}

/** How many times: `20x` in English, `20배` in Korean. */
export function formatTimes(factor: number): { en: string; ko: string } {
  const number = factor >= 10 ? formatCount(factor) : String(Number(factor.toPrecision(2)));
  return { en: `${number}x`, ko: `${number}배` };
}

/** Two significant digits, so that a computed value reads like one a person would choose. */
export function roundForConfig(value: number): number {
  return Number(value.toPrecision(2));
}
