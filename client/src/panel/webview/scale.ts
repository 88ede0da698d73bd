/** Axes: from numbers to pixels and to ticks people read. Pure. */

export interface Scale {
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
  /** Position of a value in [0, 1] between low and high. */
  at(value: number): number;
}

/** Curves that span more than this factor are drawn on a log scale. */
const logBeyond = 50;

/** A scale that holds all finite values, with a little room; log where they span orders of magnitude. */
export function scaleFor(values: Iterable<number>): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return linear(0, 1);
  if (low > 0 && high / low > logBeyond) return logarithmic(low, high);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  const floor = low >= 0 && low - room < (high - low) * 0.25 ? 0 : low - room;
  return linear(floor, high + room);
}

export function linear(low: number, high: number): Scale {
  const width = high - low || 1;
  return { log: false, low, high, at: (value) => (value - low) / width };
}

function logarithmic(low: number, high: number): Scale {
  const from = Math.log10(low) - 0.05;
  const to = Math.log10(high) + 0.05;
  return {
    log: true,
    low: 10 ** from,
    high: 10 ** to,
    at: (value) => (Math.log10(Math.max(value, Number.MIN_VALUE)) - from) / (to - from),
  };
}

/** About `count` round values inside a scale. */
export function ticks({ log, low, high }: Scale, count: number): number[] {
  return log ? powers(low, high, count) : roundSteps(low, high, count);
}

function roundSteps(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const found: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++)
    found.push(Number((index * step).toPrecision(12)));
  return found;
}

function powers(low: number, high: number, count: number): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const stride = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, count)));
  const found: number[] = [];
  for (let exponent = from; exponent <= to; exponent += stride) found.push(10 ** exponent);
  return found.length > 1 ? found : roundSteps(low, high, count).filter((value) => value > 0);
}

/** Short enough for an axis: `0.02`, `1.5`, `12k`, `3e-4`. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(4)));
}
