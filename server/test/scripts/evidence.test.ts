import assert from 'node:assert/strict';
import type { RunResult, StepRecord } from '@trainlint/kernels';
import { autoTrainer } from '../../scripts/evidence/autotrainer.ts';
import type { Cell } from '../../scripts/evidence/cells.ts';
import { randomChange, sizeOf } from '../../scripts/evidence/controls.ts';
import { deadUnitsSection } from '../../scripts/evidence/page-dead-units.ts';
import { detectorScores } from '../../scripts/evidence/precision.ts';
import { withEvidence } from '../../scripts/evidence/readme.ts';
import type { Sample } from '../../scripts/evidence/samples.ts';
import { runOf, type Subject } from '../../scripts/evidence/subjects.ts';
import { set } from '../../src/run/change.ts';
import { curveOf, type MetricSeries } from '../../src/symptoms/metric-series.ts';
import { text } from '../../src/text.ts';
import { judgeSeed } from '../../src/training/verdict.ts';

const subject: Subject = {
  id: 'resnet',
  title: 'ResNet',
  info: {
    id: 'resnet',
    description: '',
    parameterCount: 1,
    defaultSteps: 10,
    defaultBatchSize: 1,
    dropout: false,
    metrics: [],
    reference: {
      optimizer: { kind: 'sgd-momentum', momentum: 0.9 },
      learningRate: 0.1,
      schedule: 'cosine',
      warmupFraction: 0,
    },
  },
  fields: { optimizer: 'sgd-momentum', learningRate: 0.1, momentum: 0.9, clipNorm: 0 },
};
const run = runOf(subject.fields);

function resultOf(losses: readonly number[], validation: (loss: number) => number): RunResult {
  const records: StepRecord[] = losses.map((loss, index) => ({
    step: index + 1,
    loss,
    gradNorm: 1,
    lr: 0.1,
    updateRatio: 0.01,
    ...((index + 1) % 5 === 0 && { valLoss: validation(loss) }),
  }));
  return {
    records,
    initial: { valLoss: 2 },
    finite: losses.every(Number.isFinite),
    cancelled: false,
    seconds: 0,
    backend: '',
    proxy: 'resnet',
    parameterCount: 1,
    stateBytes: 0,
  };
}

describe('evidence', () => {
  it('tells where units die, where a proxy counts them, and what brings them back', () => {
    const falling = Array.from({ length: 100 }, (_, k) => 2 - k / 100);
    const dying = (share: number): RunResult => {
      const { records, ...rest } = resultOf(falling, (loss) => loss);
      return {
        ...rest,
        records: records.map((record, k) => ({
          ...record,
          deadUnits: (share * k) / 99,
          probeLoss: record.loss,
        })),
      };
    };
    const [alive, dead] = [dying(0.1), dying(0.8)];
    const outcomes = [0, 1].map((seed) => judgeSeed(seed, seed ? alive : dead, alive, { steps: 100 }));
    const cell: Cell = {
      scenario: {
        ...{ id: 'x', cause: 'learning rate too high', strength: '×10', symptom: 'loss-divergence' },
        ...{ alsoCalled: [], fields: {} },
      },
      ...{ shown: 1, seeds: 2, named: 0, ratio: 1, relativeRate: 10, configFactor: 10, outcomes },
      deadUnits: { healed: 1, of: 1, title: 'Learning rate ÷ 10' },
    };
    const healthy = { seeds: 1, flags: new Map(), relativeRate: 1, runs: [alive], steps: 100 };
    const counted = { subject, healthy, cells: [cell], impossible: [] };
    const section = deadUnitsSection([counted]).join('\n');
    assert.match(section, /\| resnet \| 0\/1 \(10 %\) \| \*\*1\/2\*\* \(45 %\) · healed 1\/1 \|/);
    const uncounted = { ...healthy, runs: [resultOf(falling, (loss) => loss)] };
    assert.deepEqual(deadUnitsSection([{ ...counted, healthy: uncounted }]), []);
  });

  it('measures a change on a log scale, and one of a word or from nothing as a factor of ten', () => {
    const change = (operation: ReturnType<typeof set>) => ({
      title: text('', ''),
      safe: false,
      operations: [operation],
    });
    assert.ok(Math.abs(sizeOf(run, change(set('learningRate', 0.01))) - Math.log(10)) < 1e-9);
    assert.ok(Math.abs(sizeOf(run, change(set('momentum', 0.99))) - Math.log(10)) < 1e-9);
    assert.equal(sizeOf(run, change(set('schedule', 'cosine'))), Math.log(10));
    assert.equal(sizeOf(run, change(set('clipNorm', 1))), Math.log(10));
  });

  it('draws the same random change for the same name, of the asked size, in several fields and both directions', () => {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const { operations } = randomChange(subject, run, Math.log(10), `draw ${seed}`);
      assert.deepEqual(operations, randomChange(subject, run, Math.log(10), `draw ${seed}`).operations);
      const [operation] = operations;
      assert.ok(operation?.op === 'set');
      drawn.add(`${operation.field} ${operation.value}`);
    }
    assert.ok(drawn.has('learningRate 0.01') && drawn.has('learningRate 1'));
    assert.deepEqual(
      new Set([...drawn].map((each) => each.split(' ')[0])),
      new Set(['learningRate', 'weightDecay', 'clipNorm', 'warmupRatio', 'momentum']),
    );
  });

  it("applies AutoTrainer's thresholds", () => {
    const falling = Array.from({ length: 100 }, (_, index) => 2 - 0.018 * index);
    const swinging = falling.map((_, index) => (Math.floor(index / 5) % 2 === 0 ? 1 : 1.5));
    const flat = falling.map(() => 2);
    const same = (loss: number) => loss;
    assert.deepEqual(autoTrainer(resultOf(falling, same)), []);
    assert.deepEqual(autoTrainer(resultOf([...falling, Number.NaN], same)), ['explode']);
    assert.deepEqual(autoTrainer(resultOf([...falling, 1000], same)), ['explode']);
    assert.deepEqual(autoTrainer(resultOf(swinging, same)), ['unstable']);
    assert.deepEqual(autoTrainer(resultOf(flat, same)), ['not converging']);
    assert.deepEqual(autoTrainer(resultOf(falling, (loss) => loss + 0.3)), ['overfit']);
  });

  it('counts hits, misses and false alarms of a detector, and leaves one architecture out', () => {
    const series = (peak: number): MetricSeries => ({
      curves: {
        loss: curveOf(Array.from({ length: 40 }, (_, step) => [step, 1 - step / 50])),
        probeLoss: curveOf(
          Array.from({ length: 40 }, (_, step) => [step, step === 4 ? peak : 1 - step / 50] as const),
        ),
      },
      unit: 'step',
      origin: 'proxy',
    });
    const sample = (name: string, peak: number, planted: boolean): Sample => ({
      subject: name,
      result: resultOf([1], (loss) => loss),
      series: series(peak),
      ...(planted && { planted: 'early-instability' as const }),
      alsoCalled: [],
      smallData: false,
      greyed: false,
    });
    const samples = ['a', 'b', 'c'].flatMap((name) => [
      sample(name, 3, true),
      sample(name, 1, true),
      sample(name, 1, false),
      sample(name, 4, false),
    ]);
    const score = detectorScores(samples).find(({ symptom }) => symptom === 'early-instability');
    assert.deepEqual(score?.shipped, { hits: 3, planted: 6, falseAlarms: 3, others: 6 });
    assert.deepEqual(score?.leaveOneOut, score?.shipped);
    assert.deepEqual([...(score?.chosen ?? [])], [[1, 3]]);
  });

  it('writes its numbers between the two comments of a README and nowhere else', () => {
    const readme = 'a\n<!-- evidence: written by npm run evidence -->old<!-- /evidence -->\nb';
    const once = withEvidence(readme, 'new');
    assert.equal(once, 'a\n<!-- evidence: written by npm run evidence -->\n\nnew\n\n<!-- /evidence -->\nb');
    assert.equal(withEvidence(once, 'new'), once);
    assert.throws(() => withEvidence('no place', 'new'), /lacks/);
  });
});
