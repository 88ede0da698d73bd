import assert from 'node:assert/strict';
import { defaultRates, rateGrid, type SweepPoint, suggest } from '../../src/training/sweep.ts';

function points(losses: readonly (readonly [rate: number, loss: number])[]): SweepPoint[] {
  return losses.map(([learningRate, loss]) => ({
    learningRate,
    proxyRate: learningRate,
    losses: [loss],
    loss,
  }));
}

describe('learning-rate sweep', () => {
  it('covers the usual range, three rates a decade, and more where the configured rate lies outside', () => {
    const rates = defaultRates(1e-3);
    assert.equal(rates.length, 13);
    assert.equal(rates[0], 1e-5);
    assert.equal(rates.at(-1), 1e-1);
    assert.ok((defaultRates(1e-6)[0] ?? 1) < 1e-7);
    assert.ok((defaultRates(5).at(-1) ?? 0) > 100);
  });

  it('makes a logarithmic grid with both ends', () => {
    assert.deepEqual(rateGrid(1e-3, 1e-1, 3), [1e-3, 1e-2, 1e-1]);
  });

  it('suggests the middle of the good rates, at most a third of where training breaks', () => {
    const suggestion = suggest(
      points([
        [1e-4, 2],
        [1e-3, 0.5],
        [1e-2, 0.52],
        [2e-2, Number.POSITIVE_INFINITY],
      ]),
      2.3,
    );
    assert.ok('learningRate' in suggestion);
    assert.equal(suggestion.learningRate, 3.2e-3);
    assert.equal(suggestion.limit, 2e-2);
    assert.deepEqual([suggestion.low, suggestion.high], [1e-3, 1e-2]);
  });

  it('gives a reason instead where nothing learns or the best lies at the edge', () => {
    const dead = suggest(
      points([
        [1e-5, 2.3],
        [1e-4, 2.29],
        [1e-3, 2.31],
      ]),
      2.3,
    );
    assert.ok('none' in dead && /learns anything/.test(dead.none.en));
    const edge = suggest(
      points([
        [1e-5, 2.3],
        [1e-4, 2],
        [1e-3, 1],
      ]),
      2.3,
    );
    assert.ok('none' in edge && /edge of the range \(0.001\)/.test(edge.none.en));
    const broken = suggest(points([[1e-3, Number.POSITIVE_INFINITY]]), 2.3);
    assert.ok('none' in broken);
    assert.ok('none' in suggest([], 2.3));
  });
});
