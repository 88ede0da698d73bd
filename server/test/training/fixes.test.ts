import assert from 'node:assert/strict';
import type { SymptomId } from '../../src/knowledge/ids.ts';
import type { FieldTypes } from '../../src/run/fields.ts';
import { text } from '../../src/text.ts';
import { candidates } from '../../src/training/fixes.ts';
import { runOf } from './runs.ts';

function proposed(fields: Partial<FieldTypes>, symptom: SymptomId, dropout = true) {
  const seen = { symptom, step: 1, confidence: 1, evidence: {}, message: text('', '') };
  return candidates(runOf(fields), seen, { gradNorms: [1], clipScale: 1, dropout });
}

const sets = (fields: Partial<FieldTypes>, symptom: SymptomId, field: string, dropout = true) =>
  proposed(fields, symptom, dropout).flatMap(({ operations }) =>
    operations.flatMap((each) => (each.op === 'set' && each.field === field ? [each.value] : [])),
  );

describe('candidate fixes', () => {
  const adam = { optimizer: 'adamw', learningRate: 1e-3, weightDecay: 0.01 } as const;

  it('try early stopping against overfitting, with a patience that fits the length of the run', () => {
    assert.deepEqual(sets({ ...adam, epochs: 100 }, 'overfitting', 'earlyStoppingPatience'), [5]);
    assert.deepEqual(sets({ ...adam, epochs: 3 }, 'overfitting', 'earlyStoppingPatience'), [1]);
    assert.deepEqual(sets(adam, 'overfitting', 'earlyStoppingPatience'), [1]);
    const stops = { ...adam, epochs: 100, earlyStoppingPatience: 8 };
    assert.deepEqual(sets(stops, 'overfitting', 'earlyStoppingPatience'), []);
    const never = { ...stops, earlyStoppingPatience: 100 };
    assert.deepEqual(sets(never, 'overfitting', 'earlyStoppingPatience'), [5]);
  });

  it('try more dropout against overfitting only where a proxy can show what it does', () => {
    assert.deepEqual(sets(adam, 'overfitting', 'dropout'), [0.1, 0.3]);
    assert.deepEqual(sets({ ...adam, dropout: 0.1 }, 'overfitting', 'dropout'), [0.3]);
    assert.deepEqual(sets(adam, 'overfitting', 'dropout', false), []);
  });

  it('keep the table’s cure of overfitting first', () => {
    assert.deepEqual(proposed(adam, 'overfitting')[0]?.operations, [
      { op: 'set', field: 'weightDecay', value: 0.1 },
    ]);
  });

  it('try less dropout for a run that lags, where there is much of it', () => {
    assert.deepEqual(sets({ ...adam, dropout: 0.5 }, 'slow-convergence', 'dropout'), [0.1]);
    assert.deepEqual(sets({ ...adam, dropout: 0.1 }, 'slow-convergence', 'dropout'), []);
  });

  it('have titles in both languages', () => {
    for (const symptom of ['overfitting', 'slow-convergence'] as const)
      for (const { title } of proposed({ ...adam, dropout: 0.2, epochs: 50 }, symptom))
        assert.ok(title.en && /[가-힣β]/.test(title.ko), title.en);
  });
});
