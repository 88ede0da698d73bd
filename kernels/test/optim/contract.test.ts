import assert from 'node:assert/strict';
import { Optimizer } from '../../js/optimizer.ts';
import {
  flatten,
  KINDS,
  matrixParabola,
  optimizerFor,
  PRECISIONS,
  type Problem,
  parabola,
  rosenbrock,
  takeSteps,
  tensors,
} from './support.ts';

// Sign and trust-ratio rules step by a length that does not shrink with the gradient: they circle the optimum.
const CIRCLING = new Set(['lion', 'rmsprop', 'lamb', 'adafactor', 'sophia']);

function lossAfter(
  problem: Problem,
  options: (typeof KINDS)[number]['options'],
  steps: number,
  precision: (typeof PRECISIONS)[number],
) {
  const params = tensors(precision, problem.start);
  const before = problem.loss(params, tensors(precision, problem.start));
  takeSteps(optimizerFor(options, problem), problem, params, steps);
  const after = problem.loss(params, tensors(precision, problem.start));
  return { before, after, params };
}

for (const precision of PRECISIONS) {
  for (const { options, steps } of KINDS) {
    describe(`${options.kind}, ${precision.name}`, () => {
      const circles = CIRCLING.has(options.kind);

      it('finds the optimum of a parabola', () => {
        const { before, after } = lossAfter(parabola, options, steps, precision);
        assert.ok(after < (circles ? 5e-3 : 1e-4) * before, `${after} of ${before}`);
      });

      it('finds the optimum of a matrix parabola', () => {
        const { before, after } = lossAfter(matrixParabola, options, 3 * steps, precision);
        assert.ok(after < 2e-2 * before, `${after} of ${before}`);
      });

      it('goes down the Rosenbrock valley', () => {
        const { before, after } = lossAfter(
          rosenbrock,
          { ...options, ...gentle(options.kind) },
          3 * steps,
          precision,
        );
        assert.ok(after < 0.5 * before, `${after} of ${before}`);
      });

      it('resumes bit for bit from a saved state', () => {
        const whole = tensors(precision, matrixParabola.start);
        takeSteps(optimizerFor(options, matrixParabola), matrixParabola, whole, 14);

        const params = tensors(precision, matrixParabola.start);
        const first = optimizerFor(options, matrixParabola);
        takeSteps(first, matrixParabola, params, 7);
        const state = first.saveState();
        const second = optimizerFor(options, matrixParabola);
        second.loadState(state);
        takeSteps(second, matrixParabola, params, 7);
        assert.deepEqual(flatten(params), flatten(whole));
      });

      it('refuses a state of another length', () => {
        const optimizer = optimizerFor(options, matrixParabola);
        const params = tensors(precision, matrixParabola.start);
        takeSteps(optimizer, matrixParabola, params, 3);
        const state = optimizer.saveState();
        const longer = precision.from([...state, 0]);
        assert.throws(() => optimizer.loadState(longer), {
          name: 'RangeError',
          message: /saved state is too long/,
        });
        if (state.length > 0) {
          assert.throws(() => optimizer.loadState(precision.from(state.slice(1))), RangeError);
          const damaged = state.slice().fill(Number.NaN);
          assert.throws(() => optimizer.loadState(damaged), { name: 'RangeError', message: /damaged/ });
        }
      });

      it('leaves parameters alone when all gradients are zero', () => {
        const optimizer = new Optimizer({ ...options, ...noDecay(options.kind) }, [[2, 2], [3]]);
        const start = [
          [1, -2, 3, 0],
          [0.5, 0, -7],
        ];
        const params = tensors(precision, start);
        const grads = tensors(precision, [new Array(4).fill(0), new Array(3).fill(0)]);
        for (let step = 0; step < 8; step++) optimizer.step(params, grads, { evaluate: () => 0 });
        assert.deepEqual(flatten(params), flatten(start));
      });

      it('works on a single element', () => {
        const scalar: Problem = {
          shapes: [[]],
          start: [[2]],
          loss: ([x], [g]) => {
            const value = x?.[0] ?? 0;
            if (g) g[0] = value;
            return 0.5 * value * value;
          },
        };
        const params = tensors(precision, scalar.start);
        takeSteps(optimizerFor(options, scalar), scalar, params, 5);
        const value = params[0]?.[0] ?? Number.NaN;
        assert.ok(Math.abs(value) < 2, String(value));
      });

      for (const scale of [1e-30, 1e-12, 1e12]) {
        it(`stays finite with gradients of size ${scale}`, () => {
          const params = tensors(precision, [[1, -1, 2]]);
          const grads = tensors(precision, [[scale, -scale, 0]]);
          const optimizer = new Optimizer({ ...options, lr: 1e-6 }, [[3]]);
          for (let step = 0; step < 5; step++) {
            optimizer.step(params, grads, {
              evaluate: (_, g) => {
                g[0]?.set([scale, -scale, 0]);
                return 0;
              },
              hessian: () => Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]),
            });
          }
          assert.ok(flatten(params).every(Number.isFinite), String(flatten(params)));
        });
      }

      it('keeps NaN visible', () => {
        const params = tensors(precision, [[1, 2, 3]]);
        const optimizer = new Optimizer(options, [[3]]);
        const poison = [0.1, Number.NaN, 0.1];
        optimizer.step(params, tensors(precision, [poison]), {
          evaluate: (_, g) => {
            g[0]?.set(poison);
            return Number.NaN;
          },
        });
        assert.ok(Number.isNaN(params[0]?.[1] ?? 0), String(flatten(params)));
      });
    });
  }
}

// The valley is steep: rules whose step grows with the gradient need a smaller rate there.
function gentle(kind: string): object {
  const rates: Record<string, number> = {
    sgd: 2e-3,
    'sgd-momentum': 5e-4,
    nag: 5e-4,
    'sam(sgd-momentum)': 5e-4,
    kfac: 2e-3,
  };
  const lr = rates[kind];
  return lr === undefined ? {} : { lr };
}

function noDecay(kind: string): object {
  return kind === 'newton' ? { damping: 1 } : {};
}
