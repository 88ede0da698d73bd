import assert from 'node:assert/strict';
import { applyChange } from '../../src/run/apply-change.ts';
import { type Operation, set } from '../../src/run/change.ts';
import { derive } from '../../src/run/derive.ts';
import { valueOf } from '../../src/run/training-run.ts';
import { runWith } from './runs.ts';

const change = (...operations: Operation[]) => ({ title: { en: 'x', ko: 'x' }, safe: false, operations });

describe('applyChange', () => {
  const run = derive(
    runWith(
      { learningRate: 1e-3, warmupSteps: 0, maxSteps: 1000, batchPerDevice: 8, minLearningRateRatio: 0.1 },
      { warmupSteps: 'default' },
    ),
  );

  it('derives again what depends on the changed field', () => {
    const changed = applyChange(run, change(set('learningRate', 1e-4)));
    assert.equal(valueOf(changed, 'learningRate'), 1e-4);
    assert.equal(valueOf(changed, 'minLearningRate'), 1e-5);
  });

  it('replaces the same fact in other units', () => {
    const changed = applyChange(run, change(set('warmupRatio', 0.1)));
    assert.equal(valueOf(changed, 'warmupSteps'), 100);
    assert.equal(changed.settings.warmupSteps?.from, 'derived');
  });

  it('forgets an unset field', () => {
    assert.equal(
      valueOf(applyChange(run, change({ op: 'unset', field: 'maxSteps' })), 'totalSteps'),
      undefined,
    );
  });

  it('leaves the run it was given alone', () => {
    const before = structuredClone(run.settings);
    applyChange(run, change(set('learningRate', 1), set('batchPerDevice', 64)));
    assert.deepEqual(run.settings, before);
  });
});
