import assert from 'node:assert/strict';
import { curveOf, type MetricSeries } from '../../src/symptoms/metric-series.ts';
import { validationStall } from '../../src/symptoms/validation-stall.ts';

const steps = 200;
const series = (loss: (x: number) => number, every = 5): MetricSeries => ({
  curves: {
    valLoss: curveOf(
      Array.from({ length: steps / every + 1 }, (_, k) => [k * every, loss((k * every) / steps)] as const),
    ),
  },
  unit: 'step',
  origin: 'proxy',
  plannedSteps: steps,
});
const falls = (until: number) => (x: number) => 2.3 - (2 * Math.min(x, until)) / until;

describe('the stall of a validation loss', () => {
  it('begins where it stops falling and is noticed a window later', () => {
    const stall = validationStall(series(falls(0.4)));
    assert.ok(stall);
    assert.ok(Math.abs(stall.begins - 80) <= 5, `begins ${stall.begins}`);
    assert.equal(stall.noticed, stall.begins + 30);
  });

  it('is not seen where the loss falls to the end', () => {
    assert.equal(validationStall(series(falls(1))), undefined);
  });

  it('is not seen before anything was learned', () => {
    assert.equal(validationStall(series(() => 2.3)), undefined);
    const late = validationStall(series((x) => (x < 0.3 ? 2.3 : Math.max(0.3, 2.3 - 8 * (x - 0.3)))));
    assert.ok(late && late.begins >= 100, `begins ${late?.begins}`);
  });

  it('is not taken from one lucky value, nor from a loss that rises again', () => {
    const lucky = validationStall(series((x) => (x === 0.25 ? 0.2 : falls(1)(x))));
    assert.equal(lucky, undefined);
    const overfits = validationStall(series((x) => (x < 0.4 ? falls(0.4)(x) : 0.3 + 2 * (x - 0.4))));
    assert.ok(overfits && Math.abs(overfits.begins - 80) <= 5);
  });

  it('needs enough points, finite ones, and limits of its own choosing', () => {
    assert.equal(validationStall(series(falls(0.4), 50)), undefined);
    const holes = validationStall(series((x) => (x === 0.1 ? Number.NaN : falls(0.4)(x))));
    assert.ok(holes);
    const slow = (x: number) => falls(0.4)(x) - 0.1 * x;
    assert.equal(validationStall(series(slow), { window: 0.15, gain: 0.001 }), undefined);
    assert.ok(validationStall(series(slow), { window: 0.15, gain: 0.05 }));
  });
});
