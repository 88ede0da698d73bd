import assert from 'node:assert/strict';
import { scheduleShape } from '../../src/run/schedule.ts';
import { openText } from './open.ts';

const detectron2 = (steps: string) => `VERSION: 2
MODEL:
  META_ARCHITECTURE: GeneralizedRCNN
SOLVER:
  IMS_PER_BATCH: 16
  BASE_LR: 0.02
  STEPS: ${steps}
  MAX_ITER: 90000
`;

describe('milestones of a step schedule', () => {
  const written: Record<string, readonly number[]> = {
    '(60000, 80000)': [60000, 80000],
    '[60000, 80000]': [60000, 80000],
    '(60000,)': [60000],
    '()': [],
    '[]': [],
  };
  for (const [text, steps] of Object.entries(written))
    it(`reads ${text}`, () => {
      const run = openText(detectron2(text), 'config.yaml')?.runs[0];
      assert.deepEqual(run?.settings.decayMilestones?.value, steps);
      const shape = run && scheduleShape(run);
      assert.deepEqual(
        shape?.milestones,
        steps.map((step) => step / 90000),
      );
      assert.equal(shape?.guessed, false);
    });

  it('guesses where the list is no list of numbers, and says so', () => {
    const run = openText(detectron2('(60000, "soon")'), 'config.yaml')?.runs[0];
    assert.equal(run?.settings.decayMilestones?.value, undefined);
    assert.equal(run && scheduleShape(run)?.guessed, true);
  });
});
