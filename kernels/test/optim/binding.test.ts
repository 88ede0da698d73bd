import assert from 'node:assert/strict';
import { Optimizer, type Tensor } from '../../js/optimizer.ts';
import { flatten, KINDS, matrixParabola, optimizerFor, takeSteps, tensors } from './support.ts';

const shapes = [[2, 2], [3]];
const params = () => [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7)];
const grads = () => [Float32Array.of(1, 1, 1, 1), Float32Array.of(2, 2, 2)];

describe('Optimizer from JavaScript', () => {
  it('updates the given arrays in place', () => {
    const p = params();
    const [first] = p;
    new Optimizer({ kind: 'sgd', lr: 0.5 }, shapes).step(p, grads());
    assert.equal(p[0], first);
    assert.deepEqual(flatten(p), [0.5, 1.5, 2.5, 3.5, 4, 5, 6]);
  });

  it('takes the learning rate of a step, else its own, else the default of the reference', () => {
    const p = params();
    const optimizer = new Optimizer({ kind: 'sgd' }, shapes);
    assert.equal(optimizer.lr, 0.01);
    optimizer.step(p, grads(), { lr: 1 });
    assert.equal(p[1]?.[0], 3);
    assert.equal(new Optimizer({ kind: 'lookahead(adam)', lr: 0.25 }, shapes).lr, 0.25);
    assert.equal(new Optimizer({ kind: 'sam', base: { kind: 'lion' } }, shapes).lr, 1e-4);
  });

  it('gives the same bits for arrays in one buffer and for scattered ones', () => {
    for (const { options } of KINDS) {
      const scattered = tensors(Float32Array, matrixParabola.start);
      const buffer = Float32Array.from(matrixParabola.start.flat());
      const together: Tensor[] = [buffer.subarray(0, 6), buffer.subarray(6)];
      takeSteps(optimizerFor(options, matrixParabola), matrixParabola, scattered, 4);
      takeSteps(optimizerFor(options, matrixParabola), matrixParabola, together, 4);
      assert.deepEqual([...buffer], flatten(scattered), options.kind);
    }
  });

  it('steps on gradients that share memory with the parameters', () => {
    const shared = Float32Array.of(1, 2, 3);
    new Optimizer({ kind: 'sgd', lr: 0.5 }, [[3]]).step([shared], [shared]);
    assert.deepEqual([...shared], [0.5, 1, 1.5]);
  });

  const wrong: [string, unknown, unknown, RegExp][] = [
    [
      'too few arrays',
      [new Float32Array(4)],
      grads(),
      /params must be an array of 2 Float32Array, one a shape/,
    ],
    ['no array at all', undefined, grads(), /params must be an array of 2/],
    [
      'an array of another length',
      params(),
      [new Float32Array(4), new Float32Array(2)],
      /grads\[1\] has 2 elements, its shape 3/,
    ],
    [
      'plain numbers',
      params(),
      [
        [1, 2, 3, 4],
        [1, 2, 3],
      ],
      /grads\[0\] must be a Float32Array/,
    ],
    [
      'mixed precisions',
      params(),
      [new Float64Array(4), new Float64Array(3)],
      /grads\[0\] must be a Float32Array/,
    ],
  ];
  for (const [what, p, g, message] of wrong) {
    it(`refuses ${what}`, () => {
      const optimizer = new Optimizer({ kind: 'adam' }, shapes);
      optimizer.step(params(), grads());
      const step = () => optimizer.step(p as Tensor[], g as Tensor[]);
      assert.throws(step, { name: 'TypeError', message });
    });
  }

  it('refuses to step without evaluate where the loss is needed', () => {
    for (const kind of ['lbfgs', 'newton', 'sam(sgd)']) {
      const optimizer = new Optimizer({ kind }, shapes);
      assert.equal(optimizer.needsClosure, true);
      assert.throws(() => optimizer.step(params(), grads()), {
        name: 'TypeError',
        message: /pass \{ evaluate \}/,
      });
    }
  });

  it('passes on what evaluate throws and puts the parameters back', () => {
    for (const kind of ['lbfgs', 'newton', 'sam(sgd)']) {
      const p = params();
      let calls = 0;
      const evaluate = (_: Tensor[], g: Tensor[]) => {
        g.forEach((tensor) => void tensor.fill(1));
        if (++calls === 2) throw new Error('out of data');
        return 1;
      };
      const optimizer = new Optimizer({ kind, damping: undefined }, shapes);
      assert.throws(() => optimizer.step(p, grads(), { evaluate }), { message: 'out of data' });
      assert.deepEqual(flatten(p), flatten(params()), kind);
    }
  });

  it('refuses an evaluate that returns no number', () => {
    const evaluate = (() => Promise.resolve(1)) as unknown as () => number;
    const step = () => new Optimizer({ kind: 'lbfgs' }, shapes).step(params(), grads(), { evaluate });
    assert.throws(step, { name: 'TypeError', message: /evaluate must return the loss, a number/ });
  });

  it('refuses a state of the other precision', () => {
    const optimizer = new Optimizer({ kind: 'adam' }, shapes);
    optimizer.step(params(), grads());
    assert.throws(() => optimizer.loadState(new Float64Array(3)), {
      name: 'TypeError',
      message: /must be a Float32Array/,
    });
  });

  it('switches optimizer in mid-run over the same tensors', () => {
    const p = params();
    const adam = new Optimizer({ kind: 'adam', lr: 0.1 }, shapes);
    adam.step(p, grads());
    const before = flatten(p);
    adam.switchTo({ kind: 'sgd-momentum', lr: 1 }).step(p, grads());
    assert.deepEqual(
      flatten(p).map((value, i) => Math.round(((before[i] ?? 0) - value) * 1e4) / 1e4),
      [1, 1, 1, 1, 2, 2, 2],
    );
  });
});
