import assert from 'node:assert/strict';
import { clipGradientNorm, clipGradientValue } from '../../js/clip-gradients.ts';
import { WeightAverage } from '../../js/weight-average.ts';
import { distance, flatten } from './support.ts';

describe('gradient clipping', () => {
  it('by norm: one factor for all tensors, as clip_grad_norm_', () => {
    const grads = [Float64Array.of(3, 0), Float64Array.of(4)];
    assert.equal(clipGradientNorm(grads, 1), 5);
    assert.ok(distance(flatten(grads), [3 / (5 + 1e-6), 0, 4 / (5 + 1e-6)], 1e-3) < 1e-15);
  });

  it('by norm: leaves short gradients alone and shows what is not finite', () => {
    const short = [Float32Array.of(0.3, 0.4)];
    assert.ok(Math.abs(clipGradientNorm(short, 1) - 0.5) < 1e-7);
    assert.deepEqual(flatten(short), [Math.fround(0.3), Math.fround(0.4)]);
    const infinite = [Float32Array.of(1, Number.POSITIVE_INFINITY)];
    assert.equal(clipGradientNorm(infinite, 1), Number.POSITIVE_INFINITY);
    assert.deepEqual(flatten(infinite), [0, Number.NaN]);
    const broken = [Float32Array.of(1, Number.NaN)];
    assert.ok(Number.isNaN(clipGradientNorm(broken, 1)));
    assert.deepEqual(flatten(broken), [Number.NaN, Number.NaN]);
  });

  it('by another norm, as clip_grad_norm_ with norm_type', () => {
    const fresh = () => [Float64Array.of(3, 0), Float64Array.of(-4)];
    for (const [normType, norm] of [
      [1, 7],
      [3, 91 ** (1 / 3)],
      [Number.POSITIVE_INFINITY, 4],
    ] as const) {
      const grads = fresh();
      assert.ok(Math.abs(clipGradientNorm(grads, 1, { normType }) - norm) < 1e-14);
      const factor = 1 / (norm + 1e-6);
      assert.ok(distance(flatten(grads), [3 * factor, 0, -4 * factor], 1e-3) < 1e-14);
    }
    const broken = [Float32Array.of(1, Number.NaN)];
    assert.ok(Number.isNaN(clipGradientNorm(broken, 1, { normType: Number.POSITIVE_INFINITY })));
    assert.throws(() => clipGradientNorm(fresh(), 1, { normType: 0 }), /Invalid norm type: 0/);
  });

  it('by norm: throws on request where the norm is not finite, the gradients as they were', () => {
    const broken = [Float32Array.of(1, Number.NaN)];
    assert.throws(() => clipGradientNorm(broken, 1, { errorIfNonfinite: true }), /non-finite/);
    assert.deepEqual(flatten(broken), [1, Number.NaN]);
  });

  it('by value: every element by itself', () => {
    const grads = [Float32Array.of(-3, 0.5, Number.NaN, 2)];
    clipGradientValue(grads, 1);
    assert.deepEqual(flatten(grads), [-1, 0.5, Number.NaN, 1]);
  });

  it('refuses limits that mean nothing', () => {
    for (const limit of [0, -1, Number.NaN]) {
      assert.throws(() => clipGradientNorm([], limit), RangeError);
      assert.throws(() => clipGradientValue([], limit), RangeError);
    }
  });
});

describe('moving average of weights', () => {
  it('starts as the weights and follows them', () => {
    const average = new WeightAverage({ decay: 0.9 });
    for (const value of [1, 2, 3]) average.update([Float64Array.of(value)]);
    const out = [new Float64Array(1)];
    average.copyTo(out);
    assert.ok(Math.abs((out[0]?.[0] ?? 0) - (0.9 * (0.9 * 1 + 0.1 * 2) + 0.1 * 3)) < 1e-15);
  });

  it('with warmup follows faster at first', () => {
    const average = new WeightAverage({ decay: 0.999, warmup: true });
    average.update([Float64Array.of(0)]);
    average.update([Float64Array.of(1)]);
    const out = [new Float64Array(1)];
    average.copyTo(out);
    assert.ok(Math.abs((out[0]?.[0] ?? 0) - (1 - 2 / 11)) < 1e-15);
  });

  it('does not share memory with the weights', () => {
    const weights = [Float32Array.of(1)];
    const average = new WeightAverage({ decay: 0.5 });
    average.update(weights);
    weights[0]?.fill(9);
    average.copyTo(weights);
    assert.equal(weights[0]?.[0], 1);
  });

  it('refuses a decay outside [0, 1), other shapes, and reading before any weights', () => {
    assert.throws(() => new WeightAverage({ decay: 1 }), { name: 'RangeError', message: /Invalid decay: 1/ });
    const average = new WeightAverage({ decay: 0.5 });
    assert.throws(() => average.copyTo([new Float32Array(1)]), /no weights yet/);
    average.update([new Float32Array(1)]);
    assert.throws(() => average.update([new Float32Array(2)]), {
      name: 'TypeError',
      message: /other shapes/,
    });
  });
});
