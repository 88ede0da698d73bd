import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions } from '../../js/optimizer.ts';
import { flatten, KINDS, matrixParabola, optimizerFor, PRECISIONS, takeSteps, tensors } from './support.ts';

const ALONE = KINDS.filter(({ options }) => !/[(]|ranger/.test(options.kind));
const needsClosure = (kind: string): boolean => kind === 'lbfgs' || kind === 'newton';

const withGroups = (options: OptimizerOptions): OptimizerOptions => ({
  ...options,
  groups: [{ params: [1], lrFactor: 0.5 }],
});

/** Seven steps, saved, loaded elsewhere, seven more: as fourteen without a break. */
function resumes(options: OptimizerOptions, precision: (typeof PRECISIONS)[number]): void {
  const whole = tensors(precision, matrixParabola.start);
  takeSteps(optimizerFor(options, matrixParabola), matrixParabola, whole, 14);
  assert.ok(flatten(whole).every(Number.isFinite), String(flatten(whole)));

  const params = tensors(precision, matrixParabola.start);
  const first = optimizerFor(options, matrixParabola);
  takeSteps(first, matrixParabola, params, 7);
  const second = optimizerFor(options, matrixParabola);
  second.loadState(first.saveState());
  takeSteps(second, matrixParabola, params, 7);
  assert.deepEqual(flatten(params), flatten(whole));
}

describe('wrappers over any base', () => {
  for (const { options } of ALONE) {
    for (const wrapper of ['lookahead', 'ranger', 'sam']) {
      const kind = `${wrapper}(${options.kind})`;
      const wrapped = { ...options, kind };
      if (needsClosure(options.kind) && wrapper !== 'lookahead') {
        it(`${kind} is refused: the base evaluates the loss itself`, () => {
          assert.throws(() => optimizerFor(wrapped, matrixParabola), {
            name: 'RangeError',
            message: wrapper === 'sam' ? /no base that evaluates the loss itself/ : /gradients alone/,
          });
        });
        continue;
      }
      for (const precision of PRECISIONS) {
        it(`${kind} resumes bit for bit, ${precision.name}`, () => resumes(wrapped, precision));
      }
      if (needsClosure(options.kind) || options.kind === 'kfac') continue;
      it(`${kind} with parameter groups resumes bit for bit`, () =>
        resumes(withGroups(wrapped), Float32Array));
    }
  }

  it('takes one in another', () => {
    for (const kind of ['lookahead', 'ranger', 'sam']) {
      const base = { kind: 'lookahead', k: 3, base: { kind: 'adamw', lr: 0.05 } };
      resumes({ kind, lr: 0.05, base }, Float64Array);
    }
    resumes({ kind: 'lookahead', k: 3, lr: 0.02, base: { kind: 'sam', base: 'sgd' } }, Float64Array);
  });

  it('reports the state of all its parts', () => {
    const floats = (options: OptimizerOptions) => new Optimizer(options, [[10]]).stateBytes / 40;
    assert.equal(floats({ kind: 'lookahead', base: { kind: 'sam', base: 'adam' } }), 4);
    assert.equal(floats({ kind: 'lookahead', base: { kind: 'lookahead', base: 'rmsprop' } }), 3);
    assert.equal(floats({ kind: 'ranger(sgd)', gradientCentralization: true }), 1);
  });
});
