import fs from 'node:fs';
import { Optimizer, type OptimizerOptions, type StepOptions, type Tensor } from '../../js/optimizer.ts';

export const PRECISIONS = [Float64Array, Float32Array] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Every kind with settings under which it minimises the small problems of the contract. */
export const KINDS: readonly { readonly options: OptimizerOptions; readonly steps: number }[] = [
  { options: { kind: 'sgd', lr: 0.1 }, steps: 300 },
  { options: { kind: 'sgd-momentum', lr: 0.02 }, steps: 400 },
  { options: { kind: 'nag', lr: 0.02 }, steps: 400 },
  { options: { kind: 'adagrad', lr: 0.5 }, steps: 400 },
  { options: { kind: 'rmsprop', lr: 0.01 }, steps: 600 },
  { options: { kind: 'adam', lr: 0.05 }, steps: 600 },
  { options: { kind: 'adamw', lr: 0.05, weightDecay: 0 }, steps: 600 },
  { options: { kind: 'adamax', lr: 0.05 }, steps: 600 },
  { options: { kind: 'nadam', lr: 0.05 }, steps: 600 },
  { options: { kind: 'radam', lr: 0.05 }, steps: 600 },
  { options: { kind: 'adabound', lr: 0.05 }, steps: 600 },
  { options: { kind: 'lamb', lr: 0.01 }, steps: 900 },
  { options: { kind: 'adafactor', lr: 0.02, relativeStep: false, scaleParameter: false }, steps: 900 },
  { options: { kind: 'lion', lr: 0.01 }, steps: 600 },
  { options: { kind: 'sophia', lr: 0.02, weightDecay: 0, batchSize: 100 }, steps: 600 },
  { options: { kind: 'lookahead(adam)', lr: 0.05 }, steps: 900 },
  { options: { kind: 'ranger', lr: 0.05, gradientCentralization: false }, steps: 900 },
  { options: { kind: 'sam(sgd-momentum)', lr: 0.02, rho: 0.01 }, steps: 400 },
  { options: { kind: 'lbfgs', lr: 1 }, steps: 20 },
  { options: { kind: 'newton', lr: 1, damping: 1e-3 }, steps: 40 },
  { options: { kind: 'kfac', lr: 0.02, momentum: 0.9 }, steps: 400 },
];

/** A loss over tensors: returns its value and writes the gradient. */
export type Loss = (params: readonly Tensor[], grads: readonly Tensor[]) => number;

export interface Problem {
  readonly shapes: number[][];
  readonly start: readonly (readonly number[])[];
  readonly loss: Loss;
}

/** Steps `optimizer` on `problem`, with closure, curvature estimates and layer statistics where it asks for them. */
export function takeSteps(optimizer: Optimizer, problem: Problem, params: Tensor[], steps: number): void {
  const grads = params.map((tensor) => make(tensor, tensor.length));
  const evaluate: NonNullable<StepOptions['evaluate']> = (p, g) => problem.loss(p, g);
  for (let step = 0; step < steps; step++) {
    problem.loss(params, grads);
    if (optimizer.wantsHessian) optimizer.updateHessian(grads);
    optimizer.step(params, grads, { evaluate });
  }
}

export function make(like: Tensor, values: number | readonly number[]): Tensor {
  if (like instanceof Float64Array)
    return typeof values === 'number' ? new Float64Array(values) : Float64Array.from(values);
  return typeof values === 'number' ? new Float32Array(values) : Float32Array.from(values);
}

export function tensors(precision: Precision, values: readonly (readonly number[])[]): Tensor[] {
  return values.map((list) => precision.from(list));
}

export function flatten(params: readonly ArrayLike<number>[]): number[] {
  return params.flatMap((tensor) => Array.from(tensor));
}

/** Largest |a - b| / max(|b|, floor); NaN anywhere makes it NaN. */
export function distance(a: readonly number[], b: readonly number[], floor: number): number {
  return a.reduce((worst, value, i) => {
    const expected = b[i] ?? Number.NaN;
    const gap = Math.abs(value - expected) / Math.max(Math.abs(expected), floor);
    return Number.isNaN(gap) || gap > worst ? gap : worst;
  }, 0);
}

export function readJson<T>(name: string): T {
  return JSON.parse(fs.readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')) as T;
}

/** 0.5 sum c_i (x_i - i)^2, minimum at 0, 1, 2, ... */
export const parabola: Problem = {
  shapes: [[4]],
  start: [[3, -2, 5, 1]],
  loss: ([x], [g]) => {
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      const curvature = 1 + 0.5 * i;
      const gap = (x?.[i] ?? 0) - i;
      sum += 0.5 * curvature * gap * gap;
      if (g) g[i] = curvature * gap;
    }
    return sum;
  },
};

/** Rosenbrock's valley in two dimensions, scaled down by 10: minimum 0 at (1, 1). */
export const rosenbrock: Problem = {
  shapes: [[2]],
  start: [[-1.2, 1]],
  loss: ([p], [g]) => {
    const [x, y] = [p?.[0] ?? 0, p?.[1] ?? 0];
    const bend = y - x * x;
    if (g) {
      g[0] = 0.1 * (-400 * x * bend - 2 * (1 - x));
      g[1] = 0.1 * 200 * bend;
    }
    return 0.1 * (100 * bend * bend + (1 - x) * (1 - x));
  },
};

/** 0.5 || A W - B ||^2 for W [2, 3]: a matrix, with a bias vector that wants to be 0.5. */
export const matrixParabola: Problem = {
  shapes: [[2, 3], [3]],
  start: [
    [1, -1, 2, 0.5, 0.3, -2],
    [1, 2, 3],
  ],
  loss: ([w, bias], [gw, gb]) => {
    const a = [1, 0.3, 0.2, 0.8];
    const b = [0.5, -0.5, 1, 1, 0.2, -0.4];
    let sum = 0;
    const residual = new Array<number>(6).fill(0);
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) {
        let value = -(b[i * 3 + j] ?? 0);
        for (let k = 0; k < 2; k++) value += (a[i * 2 + k] ?? 0) * (w?.[k * 3 + j] ?? 0);
        residual[i * 3 + j] = value;
        sum += 0.5 * value * value;
      }
    for (let k = 0; k < 2; k++)
      for (let j = 0; j < 3; j++) {
        let value = 0;
        for (let i = 0; i < 2; i++) value += (a[i * 2 + k] ?? 0) * (residual[i * 3 + j] ?? 0);
        if (gw) gw[k * 3 + j] = value;
      }
    for (let j = 0; j < 3; j++) {
      const gap = (bias?.[j] ?? 0) - 0.5;
      sum += 0.5 * gap * gap;
      if (gb) gb[j] = gap;
    }
    return sum;
  },
};

export function optimizerFor(options: OptimizerOptions, problem: Problem): Optimizer {
  return new Optimizer(options, problem.shapes);
}
