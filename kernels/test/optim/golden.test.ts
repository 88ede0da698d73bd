import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions, type Tensor } from '../../js/optimizer.ts';
import { distance, flatten, type Precision, readJson, tensors } from './support.ts';

interface GoldenProblem {
  shapes: number[][];
  start: number[];
  optimum: number[];
  /** Size of each element's gradient, 1e-4 to 10. */
  scale: number[];
  /** Noise of each step; gradient of step t: gradients[t - 1] + 0.3 scale (p - optimum). Rows of zeros included. */
  gradients: number[][];
}

interface Trace {
  name: string;
  reference: string;
  options: OptimizerOptions;
  /** Linear warmup: the learning rate of step t is multiplied by min(1, t / warmupSteps). */
  warmupSteps?: number;
  snapshots: Record<string, number[]>;
}

const problem = readJson<GoldenProblem>('problem.json');
const traces = readJson<Trace[]>('traces.json');
const STEPS = 40;

function split(values: readonly number[]): number[][] {
  let offset = 0;
  return problem.shapes.map((shape) => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    offset += size;
    return values.slice(offset - size, offset);
  });
}

function gradientAt(step: number, params: readonly number[], precision: Precision): Tensor[] {
  const noise = problem.gradients[step - 1] ?? [];
  const { scale, optimum } = problem;
  return tensors(
    precision,
    split(params.map((p, i) => (noise[i] ?? 0) + 0.3 * (scale[i] ?? 0) * (p - (optimum[i] ?? 0)))),
  );
}

// Sophia's curvature estimate: the same stand-in that the reference run was given.
function estimateAt(step: number, precision: Precision): Tensor[] {
  return tensors(precision, split((problem.gradients[(step + 6) % STEPS] ?? []).map((g) => 0.05 * g)));
}

/** Walks the trace; calls `visit` after every step of which there is a snapshot. */
function follow(
  trace: Trace,
  precision: Precision,
  visit: (step: number, params: number[], expected: number[]) => void,
) {
  const optimizer = new Optimizer(trace.options, problem.shapes);
  const params = tensors(precision, split(problem.start));
  const hutchinson = trace.options.estimator === 'hutchinson';
  for (let step = 1; step <= STEPS; step++) {
    const due = hutchinson ? optimizer.wantsHessian : trace.options.kind === 'sophia' && step % 4 === 3;
    const grads = gradientAt(step, flatten(params), precision);
    const evaluate = (p: Tensor[], g: Tensor[]) => {
      gradientAt(step, flatten(p), precision).forEach((gradient, i) => void g[i]?.set(gradient));
      return 0;
    };
    const factor = trace.warmupSteps ? Math.min(1, step / trace.warmupSteps) : 1;
    optimizer.step(params, grads, { lr: optimizer.lr * factor, evaluate });
    if (due) optimizer.updateHessian(estimateAt(step, precision));
    const expected = trace.snapshots[step];
    if (expected) visit(step, flatten(params), expected);
  }
}

/** Relative difference in units of each tensor's own size: max |a - b| / max(|b|, rms of the tensor). */
function relativeToTensor(actual: readonly number[], expected: readonly number[]): number {
  const parts = split(expected);
  const worst = split(actual).map((tensor, i) => {
    const reference = parts[i] ?? [];
    const rms = Math.sqrt(reference.reduce((sum, x) => sum + x * x, 0) / reference.length);
    return distance(tensor, reference, rms);
  });
  return Math.max(...worst);
}

describe('golden traces', () => {
  for (const trace of traces) {
    it(`${trace.name}: float64 within 1e-12 of ${trace.reference}`, () => {
      follow(trace, Float64Array, (step, params, expected) => {
        const gap = distance(params, expected, 0.1);
        assert.ok(gap <= 1e-12, `step ${step}: ${gap}`);
      });
    });

    it(`${trace.name}: float32 within 5e-5`, () => {
      follow(trace, Float32Array, (step, params, expected) => {
        const gap = relativeToTensor(params, expected);
        assert.ok(gap <= 5e-5, `step ${step}: ${gap}`);
      });
    });
  }
});
