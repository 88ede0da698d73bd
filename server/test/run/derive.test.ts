import assert from 'node:assert/strict';
import { derive } from '../../src/run/derive.ts';
import { valueOf } from '../../src/run/training-run.ts';
import { runWith } from './runs.ts';

describe('derive', () => {
  it('multiplies the effective batch', () => {
    const run = derive(runWith({ batchPerDevice: 8, gradientAccumulation: 4, worldSize: 2 }));
    assert.equal(valueOf(run, 'globalBatch'), 64);
    assert.equal(run.settings.globalBatch?.from, 'derived');
  });

  it('takes one device when nobody says how many, and says so', () => {
    const run = derive(runWith({ batchPerDevice: 8, gradientAccumulation: 4 }));
    assert.equal(valueOf(run, 'globalBatch'), 32);
    assert.match(run.settings.globalBatch?.why?.en ?? '', /one device/);
  });

  it('never overrides a stated global batch', () => {
    assert.equal(valueOf(derive(runWith({ globalBatch: 100, batchPerDevice: 8 })), 'globalBatch'), 100);
  });

  it('splits a stated global batch only when it divides', () => {
    const split = (globalBatch: number) =>
      valueOf(derive(runWith({ globalBatch, gradientAccumulation: 2, worldSize: 4 })), 'batchPerDevice');
    assert.equal(split(64), 8);
    assert.equal(split(60), undefined);
  });

  it('says nothing of the batch when accumulation is an interpolation', () => {
    const run = runWith({ batchPerDevice: 8 });
    const opaque = new Map([['gradientAccumulation', { path: ['ga'], span: { start: 0, end: 0 } }] as const]);
    assert.equal(valueOf(derive({ ...run, opaque }), 'globalBatch'), undefined);
  });

  it('counts steps from epochs and the data set, rounding the last batch up', () => {
    const run = derive(runWith({ epochs: 3, datasetSize: 3668, batchPerDevice: 32, worldSize: 1 }));
    assert.equal(valueOf(run, 'totalSteps'), 3 * 115);
  });

  it('lets a step limit win over epochs', () => {
    const run = derive(runWith({ epochs: 3, maxSteps: 500, datasetSize: 3668, batchPerDevice: 32 }));
    assert.equal(valueOf(run, 'totalSteps'), 500);
  });

  it('turns a ratio into steps and replaces the default number of steps', () => {
    const run = derive(
      runWith({ warmupRatio: 0.1, warmupSteps: 0, maxSteps: 995 }, { warmupSteps: 'default' }),
    );
    assert.equal(valueOf(run, 'warmupSteps'), 100);
  });

  it('drops a default number of steps that a stated ratio makes untrue', () => {
    const run = derive(runWith({ warmupRatio: 0.1, warmupSteps: 0 }, { warmupSteps: 'default' }));
    assert.equal(valueOf(run, 'warmupSteps'), undefined);
  });

  it('turns steps into a ratio, also beyond the whole run', () => {
    assert.equal(valueOf(derive(runWith({ warmupSteps: 2000, maxSteps: 1000 })), 'warmupRatio'), 2);
  });

  it('turns warm-up epochs into a ratio', () => {
    assert.equal(valueOf(derive(runWith({ warmupEpochs: 5, epochs: 100 })), 'warmupRatio'), 0.05);
  });

  it('knows the final rate from either unit', () => {
    assert.equal(
      valueOf(derive(runWith({ learningRate: 0.01, minLearningRateRatio: 0.1 })), 'minLearningRate'),
      0.001,
    );
    assert.equal(
      valueOf(derive(runWith({ learningRate: 0.01, minLearningRate: 0.001 })), 'minLearningRateRatio'),
      0.1,
    );
  });

  it('tells the three optimizers that frameworks call SGD apart', () => {
    const kind = (momentum: number, nesterov: boolean) =>
      valueOf(derive(runWith({ optimizer: 'sgd', momentum, nesterov })), 'optimizer');
    assert.equal(kind(0, false), 'sgd');
    assert.equal(kind(0.9, false), 'sgd-momentum');
    assert.equal(kind(0.9, true), 'nag');
  });

  it('changes nothing when applied twice', () => {
    const once = derive(
      runWith({
        batchPerDevice: 8,
        worldSize: 2,
        epochs: 3,
        datasetSize: 1000,
        warmupRatio: 0.06,
        learningRate: 1e-4,
        minLearningRate: 1e-5,
      }),
    );
    assert.deepEqual(derive(once), once);
  });
});
