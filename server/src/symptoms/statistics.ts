/** Small robust statistics for curves. All ignore nothing: callers drop non-finite values first. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear interpolation between order statistics; `share` in [0, 1]; NaN when empty. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  // Comparison instead of subtraction, and no step between neighbours that are the same: infinities are welcome.
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const below = sorted[low] ?? Number.NaN;
  const above = sorted[low + 1] ?? below;
  return position === low || above === below ? below : below + (above - below) * (position - low);
}

/** The largest value, -Infinity when empty; as a loop, because a log can hold more values than a call takes arguments. */
export function largest(values: readonly number[]): number {
  return values.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
}

/** The smallest value, Infinity when empty. */
export function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY);
}

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Population standard deviation. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Exponential moving average with Adam's bias correction, so that early values are not pulled to zero. */
export function smooth(values: readonly number[], beta: number): number[] {
  let state = 0;
  return values.map((value, index) => {
    state = beta * state + (1 - beta) * value;
    return state / (1 - beta ** (index + 1));
  });
}

/** Standard deviation of the noise of a curve, from second differences, which a smooth course leaves small. */
export function noiseOf(values: readonly number[]): number {
  const bends: number[] = [];
  for (let i = 1; i + 1 < values.length; i++)
    bends.push(Math.abs((values[i - 1] ?? 0) - 2 * (values[i] ?? 0) + (values[i + 1] ?? 0)));
  // 1.4826 makes a median absolute deviation a standard deviation; the second difference of noise has √6 of it.
  return bends.length === 0 ? 0 : (1.4826 * median(bends)) / Math.sqrt(6);
}

/** Each value replaced by the median of itself and its neighbours; the two at the ends stay. */
export function withoutSpikes(values: readonly number[]): number[] {
  return values.map((value, index) =>
    index === 0 || index === values.length - 1 ? value : median(values.slice(index - 1, index + 2)),
  );
}

/** Alternating moves of at least `size` between running extremes: how often a curve turns. */
export function swings(values: readonly number[], size: number): number {
  const first = values[0];
  if (first === undefined) return 0;
  let count = 0;
  let high = first;
  let low = first;
  let direction = 0;
  for (const value of values) {
    if (direction >= 0) {
      high = Math.max(high, value);
      if (value < high - size) {
        if (direction > 0) count++;
        direction = -1;
        low = value;
      }
    }
    if (direction <= 0) {
      low = Math.min(low, value);
      if (value > low + size) {
        if (direction < 0) count++;
        direction = 1;
        high = value;
      }
    }
  }
  return count;
}

/** Σ max(0, Δ) / Σ |Δ|: 0 for a curve that only falls, 0.5 for one that goes nowhere; 0 when it does not move. */
export function upwardShare(values: readonly number[]): number {
  let up = 0;
  let all = 0;
  for (let i = 1; i < values.length; i++) {
    const move = (values[i] ?? 0) - (values[i - 1] ?? 0);
    up += Math.max(0, move);
    all += Math.abs(move);
  }
  return all > 0 ? up / all : 0;
}

/** 0.5 at the threshold rising to 0.95 at `certain`, on a log scale; both thresholds > 0. */
export function confidenceOf(value: number, threshold: number, certain: number): number {
  if (!Number.isFinite(value)) return 0.95;
  const share = Math.log(value / threshold) / Math.log(certain / threshold);
  return round(0.5 + 0.45 * Math.min(1, Math.max(0, share)), 2);
}

/** To `digits` decimal places. */
export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** To `digits` significant digits: 0.000333333 → 0.00033. */
export function significant(value: number, digits = 3): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
