import type { Scale } from './scale.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface CurvePath {
  /** `d` of an SVG path; empty when there is nothing to draw. */
  readonly path: string;
  /** Where the curve stopped being a number, in pixels and in steps. */
  readonly end?: { readonly x: number; readonly y: number; readonly step: number };
}

/**
 * A polyline through the finite points; beyond two points a pixel only the lowest and the highest of each pixel are
 * kept, which looks the same. It ends where the first non-finite value stands.
 */
export function curvePath(
  steps: readonly number[],
  values: readonly (number | null)[],
  x: Scale,
  y: Scale,
  box: Box,
): CurvePath {
  const toX = (step: number) => box.left + x.at(step) * box.width;
  const toY = (value: number) => box.top + (1 - clamp(y.at(value))) * box.height;
  const broken = values.findIndex((value) => value === null || !Number.isFinite(value));
  const count = broken < 0 ? values.length : broken;
  const parts: string[] = [];
  for (const index of thinned(values, count, Math.max(1, Math.floor(box.width)))) {
    const value = values[index];
    const step = steps[index];
    if (typeof value !== 'number' || step === undefined) continue;
    parts.push(`${parts.length === 0 ? 'M' : 'L'}${toX(step).toFixed(1)} ${toY(value).toFixed(1)}`);
  }
  // A single point would be invisible as a path of no length.
  if (parts.length === 1) parts.push('h0.01');
  const path = parts.join('');
  if (broken < 0) return { path };
  const last = values[count - 1];
  const step = steps[broken] ?? 0;
  const at = count > 0 && typeof last === 'number' ? toY(last) : box.top;
  return { path, end: { x: toX(steps[Math.max(0, count - 1)] ?? step), y: at, step } };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function* thinned(values: readonly (number | null)[], count: number, pixels: number): Generator<number> {
  if (count <= 2 * pixels) {
    for (let index = 0; index < count; index++) yield index;
    return;
  }
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = Math.floor((pixel * count) / pixels);
    const to = Math.floor(((pixel + 1) * count) / pixels);
    let low = from;
    let high = from;
    for (let index = from; index < to; index++) {
      if ((values[index] ?? 0) < (values[low] ?? 0)) low = index;
      if ((values[index] ?? 0) > (values[high] ?? 0)) high = index;
    }
    yield Math.min(low, high);
    if (low !== high) yield Math.max(low, high);
  }
}
