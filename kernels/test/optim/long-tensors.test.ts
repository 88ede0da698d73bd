import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions } from '../../js/optimizer.ts';
import { distance } from './support.ts';

// Tensors longer than what LAMB keeps, Ranger gathers and Adafactor sums at a time, beside the formulas written out.
const wave = (n: number, step: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * 0.7 + step * 2.3) + 0.2);
const rms = (x: ArrayLike<number>) => Math.sqrt(Array.from(x).reduce((sum, v) => sum + v * v, 0) / x.length);

function walk(
  options: OptimizerOptions,
  shape: number[],
  steps: number,
  precision: Float64ArrayConstructor | Float32ArrayConstructor,
) {
  const n = shape.reduce((a, b) => a * b);
  const optimizer = new Optimizer(options, [shape]);
  const p = precision.from(wave(n, 9));
  for (let step = 1; step <= steps; step++) optimizer.step([p], [precision.from(wave(n, step))]);
  return [...p];
}

type Rule = (p: Float64Array, g: Float64Array, t: number) => void;

function expected(shape: number[], steps: number, rule: Rule): number[] {
  const n = shape.reduce((a, b) => a * b);
  const p = wave(n, 9);
  for (let step = 1; step <= steps; step++) rule(p, wave(n, step), step);
  return [...p];
}

function moments(n: number, beta1: number, beta2: number) {
  const [m, v] = [new Float64Array(n), new Float64Array(n)];
  return (g: Float64Array, i: number): [number, number] => {
    const gradient = g[i] ?? 0;
    m[i] = beta1 * (m[i] ?? 0) + (1 - beta1) * gradient;
    v[i] = beta2 * (v[i] ?? 0) + (1 - beta2) * gradient * gradient;
    return [m[i] ?? 0, v[i] ?? 0];
  };
}

function lamb(n: number): Rule {
  const next = moments(n, 0.9, 0.999);
  return (p, g, t) => {
    const u = p.map((x, i) => {
      const [m, v] = next(g, i);
      return m / (1 - 0.9 ** t) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-6) + 0.1 * x;
    });
    const ratio = rms(p) / rms(u);
    u.forEach((x, i) => {
      p[i] = (p[i] ?? 0) - 0.01 * ratio * x;
    });
  };
}

// Unrectified throughout: beta2 0.5 keeps rho at 3.
function ranger([rows = 1, columns = 1]: number[]): Rule {
  const next = moments(rows * columns, 0.95, 0.5);
  const slow = wave(rows * columns, 9);
  return (p, g, t) => {
    for (let row = 0; row < rows; row++) {
      const part = g.subarray(row * columns, (row + 1) * columns);
      const mean = part.reduce((sum, x) => sum + x, 0) / columns;
      part.forEach((x, i) => {
        part[i] = x - mean;
      });
    }
    p.forEach((x, i) => {
      p[i] = x - (0.01 * next(g, i)[0]) / (1 - 0.95 ** t);
    });
    if (t % 2 === 0) {
      p.forEach((x, i) => {
        slow[i] = (slow[i] ?? 0) + 0.5 * (x - (slow[i] ?? 0));
      });
      p.set(slow);
    }
  };
}

function adafactor([rows = 1, columns = 1]: number[]): Rule {
  const [r, c] = [new Float64Array(rows), new Float64Array(columns)];
  return (p, g, t) => {
    const gain = t ** -0.8;
    const square = (i: number) => (g[i] ?? 0) ** 2 + 1e-30;
    r.forEach((old, i) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += square(i * columns + j);
      r[i] = (1 - gain) * old + (gain * sum) / columns;
    });
    c.forEach((old, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += square(i * columns + j);
      c[j] = (1 - gain) * old + (gain * sum) / rows;
    });
    const mean = r.reduce((sum, x) => sum + x, 0) / rows;
    const u = g.map(
      (x, k) => x / Math.sqrt(((r[Math.floor(k / columns)] ?? 0) * (c[k % columns] ?? 0)) / mean),
    );
    const alpha = Math.max(1e-3, rms(p)) * Math.min(1e-2, 1 / Math.sqrt(t));
    const clip = Math.max(1, rms(u));
    u.forEach((x, i) => {
      p[i] = (p[i] ?? 0) - (alpha * x) / clip;
    });
  };
}

const CASES: [string, OptimizerOptions, number[][], (shape: number[]) => Rule][] = [
  ['lamb', { kind: 'lamb', lr: 0.01, weightDecay: 0.1 }, [[33_000], [5000], [63]], ([n = 1]) => lamb(n)],
  [
    'ranger',
    { kind: 'ranger', lr: 0.01, betas: [0.95, 0.5], k: 2 },
    [
      [3, 2500],
      [300, 25],
      [1, 1024],
      [2, 1],
    ],
    ranger,
  ],
  [
    'adafactor',
    { kind: 'adafactor' },
    [
      [19, 333],
      [300, 25],
      [1, 70],
      [70, 1],
    ],
    adafactor,
  ],
];

describe('long tensors', () => {
  for (const [name, options, shapes, rule] of CASES)
    for (const shape of shapes) {
      it(`${name} on [${shape}]: the formula, by pieces or at once`, () => {
        const reference = expected(shape, 4, rule(shape));
        assert.ok(distance(walk(options, shape, 4, Float64Array), reference, 0.1) < 1e-12);
        assert.ok(distance(walk(options, shape, 4, Float32Array), reference, rms(reference)) < 5e-6);
      });
    }
});
