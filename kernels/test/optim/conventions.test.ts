import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions } from '../../js/optimizer.ts';
import { distance } from './support.ts';

/** The path of one parameter under given gradients; `rates` multiply the learning rate step by step. */
function path(
  options: OptimizerOptions,
  start: number,
  gradients: readonly number[],
  rates?: readonly number[],
): number[] {
  const optimizer = new Optimizer(options, [[1]]);
  const params = [Float64Array.of(start)];
  return gradients.map((g, i) => {
    optimizer.step(params, [Float64Array.of(g)], { lr: optimizer.lr * (rates?.[i] ?? 1) });
    return params[0]?.[0] ?? Number.NaN;
  });
}

const gradients = [0.5, -1, 2, 0.25, 0, -0.125, 1, 1];
const close = (a: number[], b: number[], tolerance = 1e-14) =>
  assert.ok(distance(a, b, 1e-3) < tolerance, `${a}\n${b}`);

describe('conventions in which frameworks differ', () => {
  it('sgd-momentum: the first velocity is the gradient, whatever the dampening', () => {
    close(path({ kind: 'sgd-momentum', lr: 1, momentum: 0.5, dampening: 0.4 }, 0, [1, 1]), [
      -1,
      -1 - (0.5 + 0.6),
    ]);
  });

  it('sgd-momentum: without momentum there is no velocity, so nothing to dampen', () => {
    const options = { kind: 'sgd-momentum', lr: 0.1, momentum: 0, dampening: 0.9 };
    assert.deepEqual(path(options, 1, gradients), path({ kind: 'sgd', lr: 0.1 }, 1, gradients));
  });

  it('maximize: climbs, while weight decay still shrinks', () => {
    close(path({ kind: 'sgd', lr: 0.1, weightDecay: 0.5, maximize: true }, 2, [3]), [2 + 0.3 - 0.1]);
    const turned = gradients.map((g) => -g);
    for (const kind of ['adamw', 'nag', 'adafactor', 'lookahead(rmsprop)', 'sophia'])
      assert.deepEqual(path({ kind, maximize: true }, 1, gradients), path({ kind }, 1, turned), kind);
    assert.deepEqual(
      path({ kind: 'adam', maximize: false }, 1, gradients),
      path({ kind: 'adam' }, 1, gradients),
    );
    assert.throws(() => new Optimizer({ kind: 'lbfgs', maximize: true }, [[1]]), /Unknown hyperparameter/);
  });

  for (const kind of ['sgd-momentum', 'nag']) {
    it(`${kind}: the learning rate inside or outside the velocity is one path until it changes`, () => {
      const outside = { kind, lr: 0.1 };
      const inside = { ...outside, lrInVelocity: true };
      close(path(outside, 1, gradients), path(inside, 1, gradients));
      const warmup = gradients.map((_, i) => (i + 1) / gradients.length);
      const gap = distance(path(outside, 1, gradients, warmup), path(inside, 1, gradients, warmup), 1e-3);
      assert.ok(gap > 1e-2, String(gap));
    });
  }

  it('nag: the look-ahead written with the gradient at theta - lr momentum v walks the same path', () => {
    // Source document 3.1.3 on f = x^2 / 2: v = beta v + grad(theta - lr beta v), theta -= lr v; p = theta - lr beta v.
    const [lr, beta] = [0.1, 0.9];
    let [theta, v] = [1, 0];
    const expected: number[] = [];
    for (let step = 0; step < 10; step++) {
      v = beta * v + (theta - lr * beta * v);
      theta -= lr * v;
      expected.push(theta - lr * beta * v);
    }
    const optimizer = new Optimizer({ kind: 'nag', lr, momentum: beta }, [[1]]);
    const p = Float64Array.of(1);
    const actual = expected.map(() => {
      optimizer.step([p], [p.slice()]);
      return p[0] ?? Number.NaN;
    });
    close(actual, expected, 1e-13);
  });

  it('adagrad and rmsprop: eps outside the root, or inside by name', () => {
    const g = 1e-3;
    close(path({ kind: 'adagrad', lr: 1, eps: 0.01 }, 0, [g]), [-g / (g + 0.01)]);
    close(path({ kind: 'adagrad', lr: 1, eps: 0.01, epsInsideRoot: true }, 0, [g]), [
      -g / Math.sqrt(g * g + 0.01),
    ]);
    const square = 0.1 * g * g;
    close(path({ kind: 'rmsprop', lr: 1, alpha: 0.9, eps: 0.01 }, 0, [g]), [-g / (Math.sqrt(square) + 0.01)]);
    const inside = { kind: 'rmsprop', lr: 1, alpha: 0.9, eps: 0.01, epsInsideRoot: true };
    close(path(inside, 0, [g]), [-g / Math.sqrt(square + 0.01)]);
  });

  it('rmsprop: the TensorFlow form starts at one and has the learning rate in the buffer', () => {
    const options = { kind: 'rmsprop', lr: 0.1, alpha: 0.9, eps: 1e-3, momentum: 0.5, tensorflowForm: true };
    const first = (0.1 * 1) / Math.sqrt(0.9 + 0.1 + 1e-3);
    const second = 0.5 * first + (0.05 * 1) / Math.sqrt(0.9 * 1 + 0.1 + 1e-3);
    close(path(options, 0, [1, 1], [1, 0.5]), [-first, -first - second]);
  });

  it('adagrad: elements that never saw a gradient stay, also with eps 0 inside the root', () => {
    close(path({ kind: 'adagrad', lr: 1, eps: 0, epsInsideRoot: true }, 3, [0, 0, 1]), [3, 3, 2]);
  });

  it('adam: eps comes after the bias correction', () => {
    close(path({ kind: 'adam', lr: 1, eps: 0.5 }, 0, [2]), [-2 / (2 + 0.5)]);
  });

  it('adam couples the decay to the gradient, adamw shrinks the parameter first', () => {
    close(path({ kind: 'adam', lr: 0.1, weightDecay: 0.5 }, 4, [0]), [4 - (0.1 * 2) / (2 + 1e-8)]);
    close(path({ kind: 'adamw', lr: 0.1, weightDecay: 0.5 }, 4, [0]), [4 * (1 - 0.1 * 0.5)]);
    const named = { kind: 'adam', lr: 0.1, weightDecay: 0.5, decoupledWeightDecay: true };
    assert.deepEqual(
      path(named, 4, gradients),
      path({ kind: 'adamw', lr: 0.1, weightDecay: 0.5 }, 4, gradients),
    );
  });

  it('adam: amsgrad never lets the denominator shrink', () => {
    const plain = path({ kind: 'adam', lr: 0.1, betas: [0, 0.5] }, 0, [10, 0.1, 0.1, 0.1, 0.1]);
    const ams = path({ kind: 'adam', lr: 0.1, betas: [0, 0.5], amsgrad: true }, 0, [10, 0.1, 0.1, 0.1, 0.1]);
    const [last, before] = [(p: number[]) => p[4] ?? 0, (p: number[]) => p[3] ?? 0];
    assert.ok(Math.abs(last(ams) - before(ams)) < Math.abs(last(plain) - before(plain)));
  });

  it('adamax: eps stands inside the maximum', () => {
    close(path({ kind: 'adamax', lr: 1, eps: 0.5 }, 0, [2]), [-2 / 2.5]);
  });

  it('nadam: the product of momenta takes each momentum once', () => {
    const [beta1, psi, lr] = [0.9, 4e-3, 1];
    const mu = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * psi));
    const product2 = mu(1) * mu(2);
    const first = -((lr * (1 - mu(1))) / (1 - mu(1)) + (lr * mu(2) * 0.1) / (1 - product2));
    const m2 = 0.9 * 0.1 + 0.1;
    const second = (lr * (1 - mu(2))) / (1 - product2) + (lr * mu(3) * m2) / (1 - product2 * mu(3));
    close(path({ kind: 'nadam', lr, eps: 0 }, 0, [1, 1]), [first, first - second], 1e-12);
  });

  it('radam: rectifies from step 6 on, with the threshold of the paper from step 5 on', () => {
    // Constant gradients of 1e-3: an unrectified step moves by lr g, a rectified one by about lr r.
    const small = new Array<number>(8).fill(1e-3);
    const firstRectified = (options: OptimizerOptions) => {
      const p = path(options, 0, small);
      return 1 + p.findIndex((value, i) => Math.abs(value - (p[i - 1] ?? 0)) > 1.5e-3);
    };
    assert.equal(firstRectified({ kind: 'radam', lr: 1 }), 6);
    assert.equal(firstRectified({ kind: 'radam', lr: 1, rectifyThreshold: 4 }), 5);
  });

  it('adabound: a schedule scales the final rate, because the base rate is the constructor`s', () => {
    const options = { kind: 'adabound', lr: 0.1, finalLr: 0.05, gamma: 0.9 };
    const full = path(options, 0, [1e-9], [1])[0] ?? 0;
    const half = path(options, 0, [1e-9], [0.5])[0] ?? 0;
    assert.ok(Math.abs(half / full - 0.5) < 1e-12);
  });

  it('adabound: decoupled decay is the authors` AdaBoundW, without the learning rate', () => {
    const options = { kind: 'adabound', lr: 0.01, weightDecay: 0.1 };
    const still = path({ ...options, weightDecay: 0 }, 4, [0.5])[0] ?? 0;
    close(path({ ...options, decoupledWeightDecay: true }, 4, [0.5]), [still - 0.1 * 4]);
  });

  it('lion: the sign of zero is zero, the decay goes on', () => {
    close(path({ kind: 'lion', lr: 0.1, weightDecay: 0.5 }, 4, [0]), [4 * 0.95]);
    close(path({ kind: 'lion', lr: 0.1 }, 4, [1e-300]), [3.9]);
  });

  it('lamb: three live forms', () => {
    const step = (options: object) => {
      const optimizer = new Optimizer({ kind: 'lamb', lr: 1, eps: 0, ...options }, [[2]]);
      const p = Float64Array.of(30, 40);
      optimizer.step([p], [Float64Array.of(3, 4)]);
      return [30 - (p[0] ?? 0), 40 - (p[1] ?? 0)];
    };
    const unit = Math.SQRT1_2; // every element's update is 1, so u / ||u|| is 1 / sqrt(2)
    close(step({}), [50 * unit, 50 * unit], 1e-13);
    close(step({ form: 'v3' }), [10 * unit, 10 * unit], 1e-13);
    close(step({ form: 'nvlamb' }), [50 * unit, 50 * unit], 1e-13);
    close(step({ form: 'apex' }), [1, 1], 1e-13); // no decay: no trust ratio
    // With eps the global clipping to norm 1 shows: gradients 3, 4 become 0.6, 0.8.
    const clipped = step({ form: 'nvlamb', eps: 1 });
    const [u, v] = [0.6 / 1.6, 0.8 / 1.8];
    close(clipped, [(50 * u) / Math.hypot(u, v), (50 * v) / Math.hypot(u, v)], 1e-13);
  });

  it('lamb: the ratio is at most 1 with trustClip; decoupled decay comes before the norms', () => {
    close(path({ kind: 'lamb', lr: 0.1, eps: 0 }, 30, [3]), [30 - 0.1 * 30]);
    close(path({ kind: 'lamb', lr: 0.1, eps: 0, trustClip: true }, 30, [3]), [30 - 0.1]);
    close(path({ kind: 'lamb', lr: 0.1, eps: 0, trustClip: true }, 0.5, [3]), [0.5 - 0.1 * 0.5]);
    const decoupled = { kind: 'lamb', lr: 0.1, eps: 0, weightDecay: 0.5, decoupledWeightDecay: true };
    close(path(decoupled, 30, [3]), [30 * 0.95 - 0.1 * 30 * 0.95]);
  });

  it('lamb: a norm survives squares that leave float32', () => {
    // A gradient far below eps, as optax.lamb moves it: by lr ||p|| whatever the size of the update.
    for (const g of [3e-31, 1e-25]) {
      const p = Float32Array.of(0.36206484, 0.5);
      const optimizer = new Optimizer({ kind: 'lamb', lr: 1e-3 }, [[2]]);
      optimizer.step([p], [Float32Array.of(g, 0)]);
      close([...p], [0.36206484 - 1e-3 * Math.hypot(0.36206484, 0.5), 0.5], 1e-6);
    }
  });

  it('lamb: the ratio is 1 where a norm is zero', () => {
    close(path({ kind: 'lamb', lr: 0.1, eps: 0 }, 0, [3]), [-0.1]);
  });

  it('adafactor: factors matrices, keeps vectors whole', () => {
    const bytes = (shape: number[]) => new Optimizer({ kind: 'adafactor' }, [shape]).stateBytes / 4;
    assert.deepEqual([bytes([6, 4]), bytes([5]), bytes([3, 6, 4]), bytes([])], [10, 5, 30, 1]);
  });

  it('adafactor: the torch form decays by lr, the fairseq form by the step size after the update is known', () => {
    close(path({ kind: 'adafactor', form: 'torch', lr: 0.5, weightDecay: 0.1 }, 2, [0]), [2 * (1 - 0.05)]);
    const fairseq = { kind: 'adafactor', lr: 0.5, relativeStep: false, weightDecay: 0.1 };
    close(path(fairseq, 2, [0]), [2 * (1 - 0.1 * 2 * 0.5)]); // alpha = rms(p) lr
    close(path({ ...fairseq, scaleParameter: false }, 2, [0]), [2 * (1 - 0.1 * 0.5)]);
  });

  it('adafactor: an average that keeps nothing forgets a gradient a trillion times larger', () => {
    for (const form of ['fairseq', 'torch']) {
      const given = form === 'torch' ? { form, lr: 0.5, eps: [1e-30, 1] } : { relativeStep: false, lr: 0.5 };
      const options = { kind: 'adafactor', beta2Decay: 0, scaleParameter: false, ...given };
      const { scaleParameter: _, ...torch } = options;
      const [first = 0, second = 0] = path(form === 'torch' ? torch : options, 0, [1e6, 1e-6]);
      close([first, second], [-0.5, -1], 1e-12);
    }
  });

  it('adafactor: one NaN reaches its whole tensor through the clipping, in the torch form a matrix alone', () => {
    const step = (options: object, shape: number[]) => {
      const optimizer = new Optimizer({ kind: 'adafactor', ...options }, [shape]);
      const p = Float64Array.of(1, 2, 3, 4);
      optimizer.step([p], [Float64Array.of(1, Number.NaN, 1, 1)]);
      return [...p].filter(Number.isNaN).length;
    };
    assert.deepEqual([step({}, [4]), step({}, [2, 2])], [4, 4]);
    assert.deepEqual([step({ form: 'torch' }, [4]), step({ form: 'torch' }, [2, 2])], [1, 4]);
  });

  it('sophia: the batch size enters the clip, hutchinson corrects m for bias', () => {
    const optimizer = new Optimizer(
      { kind: 'sophia', lr: 1, betas: [0.5, 0], rho: 0.1, weightDecay: 0, batchSize: 10 },
      [[2]],
    );
    const p = Float64Array.of(0, 0);
    optimizer.updateHessian([Float64Array.of(2, 0.1)]);
    optimizer.step([p], [Float64Array.of(4, 4)]);
    close([...p], [-2 / 4, -1]); // |m| = 2; h = 4 and 0.01: ratios 2 / 4 and 2 / 0.01
    const hutchinson = new Optimizer(
      { kind: 'sophia', estimator: 'hutchinson', lr: 1, betas: [0.5, 0], gamma: 0.5, weightDecay: 0 },
      [[2]],
    );
    const q = Float64Array.of(0, 0);
    hutchinson.updateHessian([Float64Array.of(16, -3)]);
    hutchinson.step([q], [Float64Array.of(4, 4)]);
    close([...q], [-4 / 8, -1]); // mHat = 4; max(gamma h, eps) = 8, and eps where h < 0
  });

  it('sophia: says when an estimate is due', () => {
    const due = (options: object) => {
      const optimizer = new Optimizer({ kind: 'sophia', updateEvery: 3, ...options }, [[1]]);
      return Array.from({ length: 7 }, () => {
        const wanted = optimizer.wantsHessian;
        optimizer.step([Float32Array.of(1)], [Float32Array.of(1)]);
        return wanted;
      });
    };
    assert.deepEqual(due({}), [false, false, true, false, false, true, false]);
    assert.deepEqual(due({ estimator: 'hutchinson' }), [true, false, false, true, false, false, true]);
  });

  it('lookahead: the slow weights are the initial ones', () => {
    close(path({ kind: 'lookahead(sgd)', lr: 1, k: 2, alpha: 0.5 }, 0, [1, 1, 1, 1]), [-1, -1, -2, -2]);
  });

  it('lookahead: its alpha and the base`s alpha are different things', () => {
    const nested: OptimizerOptions = {
      kind: 'lookahead',
      k: 2,
      alpha: 1,
      lr: 0.1,
      base: { kind: 'rmsprop', alpha: 0.5 },
    };
    close(path(nested, 0, gradients), path({ kind: 'rmsprop', alpha: 0.5, lr: 0.1 }, 0, gradients), 1e-12);
  });

  it('wrappers nest', () => {
    const options = { kind: 'lookahead(lookahead(sgd))', lr: 1, k: 2, alpha: 0.5 };
    // The outer wrapper keeps k and alpha; the inner one has its defaults, k 5.
    close(path(options, 0, [1, 1, 1, 1]), [-1, -1, -2, -2]);
  });

  it('ranger: centralizes the gradient of tensors of two or more dimensions', () => {
    const optimizer = new Optimizer({ kind: 'ranger', lr: 1, k: 100 }, [[2, 2], [2]]);
    const [w, b] = [new Float64Array(4), new Float64Array(2)];
    optimizer.step([w, b], [Float64Array.of(1, 3, 5, 5), Float64Array.of(1, 3)]);
    close([...w, ...b], [1, -1, 0, 0, -1, -3], 1e-12);
  });

  it('ranger: wraps another base by name, with that base`s defaults', () => {
    const vector = { kind: 'ranger(adamw)', lr: 0.1, k: 2, alpha: 0.5 };
    close(
      path(vector, 1, gradients),
      path({ kind: 'lookahead(adamw)', lr: 0.1, k: 2, alpha: 0.5 }, 1, gradients),
    );
  });

  it('lbfgs: no line search is written null or none', () => {
    const run = (lineSearch: string | null) => {
      const p = Float64Array.of(3);
      const optimizer = new Optimizer({ kind: 'lbfgs', lr: 0.5, maxIter: 1, lineSearch }, [[1]]);
      const g = new Float64Array(1);
      optimizer.step([p], [g], {
        evaluate: () => {
          g[0] = 4 * (p[0] ?? 0);
          return 2 * (p[0] ?? 0) ** 2;
        },
      });
      return p[0];
    };
    assert.equal(run(null), run('none'));
    assert.equal(run(null), 3 - 0.5 * (1 / 12) * 12);
  });

  it('sam: climbs over all parameters together and keeps the batch', () => {
    const run = (adaptive: boolean) => {
      const optimizer = new Optimizer({ kind: 'sam(sgd)', lr: 1, rho: 0.5, adaptive }, [[1], [1]]);
      const seen: number[][] = [];
      const params = [Float64Array.of(3), Float64Array.of(4)];
      const grads = [new Float64Array(1), new Float64Array(1)];
      optimizer.step(params, grads, {
        evaluate: (p, g) => {
          seen.push(p.map((tensor) => tensor[0] ?? 0));
          p.forEach((tensor, i) => void g[i]?.set(tensor));
          return 0;
        },
      });
      return { seen, end: params.map((tensor) => tensor[0] ?? 0) };
    };
    const plain = run(false);
    close(plain.seen.flat(), [3, 4, 3 + 0.3, 4 + 0.4], 1e-10);
    close(plain.end, [3 - 3.3, 4 - 4.4], 1e-10);
    const norm = Math.hypot(9, 16);
    close(run(true).seen[1] ?? [], [3 + (0.5 * 27) / norm, 4 + (0.5 * 64) / norm], 1e-10);
  });

  it('state sizes: floats a parameter', () => {
    const expected: Record<string, number> = {
      sgd: 0,
      'sgd-momentum': 1,
      nag: 1,
      adagrad: 1,
      rmsprop: 1,
      lion: 1,
      adam: 2,
      adamw: 2,
      adamax: 2,
      nadam: 2,
      radam: 2,
      adabound: 2,
      lamb: 2,
      sophia: 2,
      'lookahead(adam)': 3,
      ranger: 3,
      'sam(sgd-momentum)': 2,
    };
    for (const [kind, floats] of Object.entries(expected)) {
      assert.equal(new Optimizer({ kind }, [[5, 2], [7]]).stateBytes, 17 * 4 * floats, kind);
    }
    const bytes = (options: OptimizerOptions) => new Optimizer(options, [[10]]).stateBytes / 40;
    assert.equal(bytes({ kind: 'rmsprop', momentum: 0.9, centered: true }), 3);
    assert.equal(bytes({ kind: 'adam', amsgrad: true }), 3);
  });
});
