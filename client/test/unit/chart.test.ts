import assert from 'node:assert/strict';
import { curvePath } from '../../src/panel/webview/curve-path.ts';
import { linear, scaleFor, ticks, tickText } from '../../src/panel/webview/scale.ts';

describe('scales', () => {
  it('are linear for curves of one order of magnitude, logarithmic beyond', () => {
    assert.equal(scaleFor([0.5, 2, 3]).log, false);
    const wide = scaleFor([0.01, 1e4]);
    assert.equal(wide.log, true);
    assert.ok(wide.at(0.01) > 0 && wide.at(1e4) < 1 && wide.at(10) > wide.at(0.1));
  });

  it('start at zero when the curve comes near it', () => {
    assert.equal(scaleFor([0.1, 3]).low, 0);
    assert.ok(scaleFor([2.9, 3]).low > 2.5);
  });

  it('stand for no values, one value and values that are not finite', () => {
    assert.ok(Number.isFinite(scaleFor([]).at(0.5)));
    const one = scaleFor([2, Number.NaN, Number.POSITIVE_INFINITY]);
    assert.ok(one.at(2) > 0 && one.at(2) < 1);
  });

  it('have round ticks inside', () => {
    assert.deepEqual(ticks(linear(0, 10), 5), [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(ticks(linear(0, 0.35), 4), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(ticks(scaleFor([0.01, 1000]), 6), [0.01, 0.1, 1, 10, 100, 1000]);
  });

  it('write short numbers', () => {
    assert.deepEqual([0, 0.02, 1.5, 300, 12_000, 5e-5, 2e6].map(tickText), [
      '0',
      '0.02',
      '1.5',
      '300',
      '12k',
      '5e-5',
      '2e6',
    ]);
  });
});

describe('a curve', () => {
  const box = { left: 0, top: 0, width: 100, height: 50 };

  it('is a polyline from left to right, high values up', () => {
    const { path, end } = curvePath([1, 2, 3], [0, 5, 10], linear(1, 3), linear(0, 10), box);
    assert.equal(path, 'M0.0 50.0L50.0 25.0L100.0 0.0');
    assert.equal(end, undefined);
  });

  it('ends where the numbers end, and says where', () => {
    const { path, end } = curvePath([1, 2, 3], [0, 5, null], linear(1, 3), linear(0, 10), box);
    assert.equal(path, 'M0.0 50.0L50.0 25.0');
    assert.deepEqual(end, { x: 50, y: 25, step: 3 });
  });

  it('keeps the extremes of long series in a few points', () => {
    const steps = Array.from({ length: 50_000 }, (_, index) => index + 1);
    const values = steps.map((step) => (step === 31_234 ? 10 : 1));
    const { path } = curvePath(steps, values, linear(1, 50_000), linear(0, 10), box);
    assert.ok(path.split('L').length < 250);
    assert.match(path, / 0\.0L/, 'the spike');
  });
});
