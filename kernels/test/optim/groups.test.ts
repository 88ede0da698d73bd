import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions, type ParameterGroup, type Tensor } from '../../js/optimizer.ts';
import { flatten } from './support.ts';

const shapes = [[2, 2], [3], [4, 2]];
const gradient = [
  [0.5, -1, 2, 0.1],
  [1, 2, 3],
  [0, 1, 0, -1, 0, 2, 0, -2],
];
const fresh = () => shapes.map((shape) => new Float64Array(shape.reduce((a, b) => a * b)).fill(1));
const grads = (): Tensor[] => gradient.map((g) => Float64Array.from(g));

function run(options: OptimizerOptions, steps = 5): number[][] {
  const optimizer = new Optimizer(options, shapes);
  const params = fresh();
  for (let step = 0; step < steps; step++) optimizer.step(params, grads());
  return params.map((tensor) => [...tensor]);
}

describe('parameter groups', () => {
  it('give tensors a learning rate and decay of their own, the others keep the common ones', () => {
    const common = run({ kind: 'adamw', lr: 0.1, weightDecay: 0.5 });
    const own = run({ kind: 'adamw', lr: 0.02, weightDecay: 0 });
    const mixed = run({
      kind: 'adamw',
      lr: 0.1,
      weightDecay: 0.5,
      groups: [{ params: [1], lr: 0.02, weightDecay: 0 }],
    });
    assert.deepEqual(mixed[0], common[0]);
    assert.deepEqual(mixed[2], common[2]);
    (mixed[1] ?? []).forEach((value, i) => {
      assert.ok(Math.abs(value - (own[1]?.[i] ?? 0)) < 1e-14);
    });
  });

  it('take another optimizer altogether: Adagrad for embeddings beside Adam', () => {
    const mixed = run({ kind: 'adam', lr: 0.1, groups: [{ params: [2], kind: 'adagrad', lr: 0.1 }] });
    assert.deepEqual(mixed[0], run({ kind: 'adam', lr: 0.1 })[0]);
    assert.deepEqual(mixed[2], run({ kind: 'adagrad', lr: 0.1 })[2]);
  });

  it('follow a schedule in proportion', () => {
    const options = { kind: 'sgd', lr: 1, groups: [{ params: [0], lrFactor: 0.1 }] };
    const optimizer = new Optimizer(options, shapes);
    const params = fresh();
    optimizer.step(params, grads(), { lr: 0.5 });
    assert.ok(Math.abs((params[0]?.[0] ?? 0) - (1 - 0.05 * 0.5)) < 1e-15);
    assert.ok(Math.abs((params[1]?.[0] ?? 0) - (1 - 0.5)) < 1e-15);
  });

  it('reach through wrappers to the base', () => {
    const options = {
      kind: 'lookahead(adamw)',
      lr: 0.1,
      k: 2,
      groups: [{ params: [1], weightDecay: 0, lrFactor: 0 }],
    };
    assert.deepEqual(run(options)[1], [1, 1, 1]);
  });

  it('have a base rate of their own where the optimizer`s is the default: AdaBound`s final rate follows it', () => {
    const named = { kind: 'adabound', lr: 1e-3 };
    const half = run({ ...named, groups: [{ params: [1], lr: 5e-4 }] });
    assert.deepEqual(run({ kind: 'adabound', groups: [{ params: [1], lrFactor: 0.5 }] }), half);
    assert.notDeepEqual(half[1], run(named)[1]);
    const own = { params: [1], kind: 'adabound', lrFactor: 0.5 };
    assert.deepEqual(run({ kind: 'adamw', lr: 1e-3, groups: [own] })[1], half[1]);
  });

  it('count and save the state of every group', () => {
    const options = { kind: 'adam', lr: 0.1, groups: [{ params: [2], kind: 'adagrad', lr: 0.1 }] };
    const optimizer = new Optimizer(options, shapes);
    assert.equal(optimizer.stateBytes, 4 * (2 * 7 + 8));
    const params = fresh();
    for (let step = 0; step < 3; step++) optimizer.step(params, grads());
    const resumed = new Optimizer(options, shapes);
    resumed.loadState(optimizer.saveState());
    const copy = params.map((tensor) => tensor.slice());
    optimizer.step(params, grads());
    resumed.step(copy, grads());
    assert.deepEqual(flatten(copy), flatten(params));
  });

  const refused: [string, readonly ParameterGroup[], RegExp][] = [
    ['a shape that is not there', [{ params: [3] }], /no shape 3 among 3/],
    ['a shape in two groups', [{ params: [1] }, { params: [0, 1] }], /more than one parameter group/],
    ['a negative rate', [{ params: [1], lr: -1 }], /Invalid learning rate: -1/],
    [
      'what the optimizer does not know',
      [{ params: [1], nonsense: 2 }],
      /Unknown hyperparameter of adam: nonsense/,
    ],
    [
      'an optimizer that needs all parameters',
      [{ params: [1], kind: 'sam(sgd)' }],
      /doesn't support per-parameter options/,
    ],
  ];
  for (const [what, groups, message] of refused) {
    it(`refuse ${what}`, () => {
      assert.throws(() => new Optimizer({ kind: 'adam', lr: 0.1, groups }, shapes), {
        name: 'RangeError',
        message,
      });
    });
  }

  it('refuse a rate beside an optimizer whose own is 0: no factor leads there', () => {
    const groups = [{ params: [1], lr: 0.1 }];
    assert.throws(() => new Optimizer({ kind: 'adam', lr: 0, groups }, shapes), {
      name: 'RangeError',
      message: /which is 0: got 0\.1/,
    });
    const still = run({ kind: 'adam', lr: 0, groups: [{ params: [1], lr: 0 }] });
    assert.deepEqual(
      still,
      fresh().map((tensor) => [...tensor]),
    );
  });

  it('need params', () => {
    const groups = [{}] as unknown as ParameterGroup[];
    assert.throws(() => new Optimizer({ kind: 'adam', groups }, shapes), {
      name: 'TypeError',
      message: /needs params/,
    });
  });
});
