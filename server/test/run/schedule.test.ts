import assert from 'node:assert/strict';
import fc from 'fast-check';
import { derive } from '../../src/run/derive.ts';
import type { ScheduleKind } from '../../src/run/fields.ts';
import { factorAt, learningRates, scheduleShape } from '../../src/run/schedule.ts';
import { runWith } from './runs.ts';

const kinds: ScheduleKind[] = [
  'constant',
  'linear',
  'cosine',
  'cosine-restarts',
  'polynomial',
  'step',
  'multi-step',
  'exponential',
  'inverse-sqrt',
  'noam',
  'one-cycle',
  'warmup-stable-decay',
  'reduce-on-plateau',
];

function rates(values: Parameters<typeof runWith>[0], steps: number): Float64Array {
  const found = learningRates(derive(runWith(values)), steps);
  assert.ok(found);
  return found;
}

describe('learning rate schedules', () => {
  it('warms up linearly from zero, as get_linear_schedule_with_warmup does', () => {
    const found = rates({ schedule: 'linear', learningRate: 1, warmupSteps: 10, maxSteps: 100 }, 100);
    assert.deepEqual([found[0], found[5], found[10]], [0, 0.5, 1]);
    assert.ok(Math.abs((found[55] ?? 0) - 0.5) < 1e-12);
    assert.ok(Math.abs((found[99] ?? 0) - 1 / 90) < 1e-12);
  });

  it('drops again and again where the file says after how many epochs, and by the epoch where it decays exponentially', () => {
    const often = rates(
      { schedule: 'step', learningRate: 1, epochs: 10, decayEpochs: 2.5, decayFactor: 0.5 },
      100,
    );
    assert.deepEqual([often[0], often[25], often[50], often[99]], [1, 0.5, 0.25, 0.125]);
    const gentle = rates({ schedule: 'exponential', learningRate: 1, epochs: 50, decayFactor: 0.95 }, 100);
    assert.ok(Math.abs((gentle[50] ?? 0) - 0.95 ** 25) < 1e-12);
  });

  it('knows when it guesses where the rate drops', () => {
    const guessed = (fields: Parameters<typeof runWith>[0]) =>
      scheduleShape(derive(runWith(fields)))?.guessed;
    assert.equal(guessed({ schedule: 'multi-step', maxSteps: 100 }), true);
    assert.equal(guessed({ schedule: 'multi-step', maxSteps: 100, decayMilestones: [60, 80] }), false);
    assert.equal(guessed({ schedule: 'cosine', maxSteps: 100 }), false);
  });

  it('has no shape where a warm-up in epochs is of a run whose length nobody knows', () => {
    assert.equal(scheduleShape(derive(runWith({ schedule: 'linear', warmupEpochs: 3 }))), undefined);
  });

  it('anneals by a half cosine to the floor', () => {
    const found = rates(
      { schedule: 'cosine', learningRate: 2, minLearningRate: 0.2, maxSteps: 100, warmupSteps: 0 },
      100,
    );
    assert.equal(found[0], 2);
    assert.ok(Math.abs((found[50] ?? 0) - 1.1) < 1e-12);
  });

  it('multiplies at milestones', () => {
    const found = rates(
      {
        schedule: 'multi-step',
        learningRate: 1,
        decayMilestones: [30, 60],
        decayFactor: 0.1,
        maxSteps: 90,
        warmupSteps: 0,
      },
      90,
    );
    assert.deepEqual([found[29], found[30], found[59]], [1, 0.1, 0.1]);
    assert.ok(Math.abs((found[60] ?? 0) - 0.01) < 1e-15);
  });

  it('says what it assumed where milestones are not in the file', () => {
    const shape = scheduleShape(
      derive(runWith({ schedule: 'step', learningRate: 1, maxSteps: 90, warmupSteps: 0 })),
    );
    assert.equal(shape?.assumed.length, 1);
  });

  it('follows OneCycleLR: a 25th at the start, the peak at 30 %', () => {
    const found = rates({ schedule: 'one-cycle', learningRate: 1, maxSteps: 1000, warmupSteps: 0 }, 1000);
    assert.ok(Math.abs((found[0] ?? 0) - 0.04) < 1e-12);
    assert.ok(Math.abs((found[300] ?? 0) - 1) < 1e-12);
    assert.ok((found[999] ?? 1) < 1e-4);
  });

  it('decays with the inverse square root after warm-up', () => {
    const found = rates(
      { schedule: 'inverse-sqrt', learningRate: 1, warmupSteps: 100, maxSteps: 1000 },
      1000,
    );
    assert.equal(found[100], 1);
    assert.ok(Math.abs((found[400] ?? 0) - 0.5) < 1e-12);
  });

  it('keeps its shape when squeezed to another length', () => {
    const values = { schedule: 'cosine', learningRate: 1, warmupSteps: 100, maxSteps: 1000 } as const;
    const long = rates(values, 1000);
    const short = rates(values, 100);
    for (let k = 0; k < 100; k++) assert.ok(Math.abs((short[k] ?? 0) - (long[10 * k] ?? 1)) < 1e-9);
  });

  it('knows no shape when warm-up is in steps of a run of unknown length', () => {
    assert.equal(
      scheduleShape(derive(runWith({ schedule: 'linear', learningRate: 1, warmupSteps: 100, epochs: 3 }))),
      undefined,
    );
  });

  it('stays within [0, 1] for every kind and shape', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kind, warmup, floor, x) => {
          const shape = {
            kind,
            warmup,
            decayEnd: 1,
            floor,
            milestones: [0.3, 0.6],
            decayFactor: 0.1,
            guessed: false,
            cooldown: 0.2,
            assumed: [],
          };
          const factor = factorAt(shape, x);
          assert.ok(factor >= -1e-12 && factor <= 1 + 1e-12, `${kind} ${factor}`);
        },
      ),
    );
  });
});
