import assert from 'node:assert/strict';
import { type Judgement, judge } from '../../src/own-model/judge.ts';
import { type Measured, readMeasured } from '../../src/own-model/measured.ts';
import { applyChange } from '../../src/run/apply-change.ts';
import type { FieldTypes } from '../../src/run/fields.ts';
import { runOf } from '../training/runs.ts';

/** What a script prints, as far as it differs from an ordinary measurement. */
function printed(more: object = {}): string {
  const fields = {
    version: 1,
    config: 'train.yaml',
    run: '',
    optimizer: 'sgd',
    lr: 0.1,
    clipNorm: null,
    steps: 16,
    device: 'cpu',
    parameters: 1000,
    notFinite: [],
    criticalRate: { median: 0.4, low: 0.3, high: 0.5, batches: 5 },
    curvatureRate: { median: 0.4, low: 0.3, high: null, batches: 5 },
    gradNorm: { p10: 0.5, p50: 1, p90: 2, max: 4, clipped: 0 },
    updateRatio: { median: 0.001, largest: 0.002, in: 'head.weight' },
    noiseScale: 100,
    samplesPerStep: 32,
    ...more,
  };
  return `Trainlint · train.yaml\n  weights: unchanged\n${JSON.stringify({ trainlint: fields })}\n`;
}

function measured(more: object = {}): Measured {
  const read = readMeasured(printed(more));
  if (!read || 'problem' in read) throw new Error('not read');
  return read;
}

function about(id: Judgement['id'], fields: Partial<FieldTypes>, more: object = {}): Judgement | undefined {
  return judge(runOf({ optimizer: 'sgd', ...fields }), measured(more)).find((one) => one.id === id);
}

describe('what a script printed', () => {
  it('is found behind its table, behind other output, and alone', () => {
    for (const output of [
      printed(),
      `warning: slow\r\n${printed().replace(/\n/g, '\r\n')}`,
      printed().trim().split('\n').at(-1) ?? '',
    ]) {
      const read = readMeasured(output);
      assert.ok(read && !('problem' in read));
      assert.equal(read.criticalRate?.median, 0.4);
      assert.equal(read.curvatureRate?.high, undefined);
    }
  });

  it('is not looked for in other logs, and a damaged one is told', () => {
    for (const log of ['', 'step,loss\n1,2\n', '{"loss": 1}\n', '{"log_history": []}'])
      assert.equal(readMeasured(log), undefined);
    const cut = printed().trim().slice(0, -20);
    assert.ok('problem' in (readMeasured(cut) ?? {}));
    assert.ok('problem' in (readMeasured('{"trainlint": 3}') ?? {}));
  });

  it('survives fields of any type', () => {
    const odd = measured({
      criticalRate: 'x',
      gradNorm: [1],
      updateRatio: null,
      notFinite: {},
      noiseScale: [],
      lr: 'a',
      run: 3,
    });
    assert.deepEqual(judge(runOf({ optimizer: 'sgd', learningRate: 0.1 }), odd), []);
  });
});

describe('a measurement held against the config', () => {
  it('warns of a first step that raises the loss, and its change passes the same test', () => {
    const run = runOf({ optimizer: 'sgd', learningRate: 2 });
    const found = judge(run, measured()).find(({ id }) => id === 'critical-rate');
    assert.equal(found?.level, 'warning');
    assert.deepEqual(found?.fields, ['learningRate']);
    assert.match(found?.message.en ?? '', /2 is 5 times the critical one \(0\.4, 0\.3–0\.5\)/);
    const [lower, warm] = found?.changes ?? [];
    assert.ok(lower && warm);
    const after = judge(applyChange(run, lower), measured()).find(({ id }) => id === 'critical-rate');
    assert.equal(after?.level, 'fine');
    assert.deepEqual(lower.operations, [{ op: 'set', field: 'learningRate', value: 0.2 }]);
  });

  it('says less where warm-up starts below the limit', () => {
    const found = about('critical-rate', { learningRate: 2, warmupSteps: 500 });
    assert.equal(found?.level, 'information');
    assert.match(found?.message.en ?? '', /Measure again from a checkpoint/);
    assert.deepEqual(found?.changes, []);
  });

  it('knows the three grounds: above, near, below', () => {
    const level = (learningRate: number) => about('critical-rate', { learningRate })?.level;
    assert.deepEqual(
      [level(0.41), level(0.3), level(0.2), level(0.001)],
      ['warning', 'information', 'fine', 'fine'],
    );
  });

  it('says nothing about a rate where the loss never rose or no batch could tell', () => {
    const open = { criticalRate: { median: null, low: 3, high: null, batches: 5 } };
    assert.equal(about('critical-rate', { learningRate: 1 }, open), undefined);
    assert.equal(about('critical-rate', { learningRate: 1 }, { criticalRate: null }), undefined);
  });

  it('counts the clipped share from the quantiles', () => {
    const share = (clipNorm: number) => about('gradient-clipping', { clipNorm })?.evidence.share;
    assert.deepEqual([share(4), share(2), share(1), share(0.75), share(0.1)], [0, 0.1, 0.5, 0.7, 1]);
  });

  it('offers the 90th percentile where weights are not fresh, and waits where they may be', () => {
    const low = { clipNorm: 0.1 };
    const tuned = about('gradient-clipping', { ...low, fromScratch: false }, { clipNorm: 0.1 });
    assert.equal(tuned?.level, 'information');
    assert.deepEqual(tuned?.changes[0]?.operations, [{ op: 'set', field: 'clipNorm', value: 2 }]);
    assert.deepEqual(about('gradient-clipping', low, { clipNorm: 0.1 })?.changes, []);
    assert.equal(about('gradient-clipping', { clipNorm: 2 })?.level, 'fine');
  });

  it('speaks of missing clipping only where a gradient stands out', () => {
    assert.equal(about('gradient-clipping', {}), undefined);
    const wild = about('gradient-clipping', {}, { gradNorm: { p10: 0.5, p50: 1, p90: 2, max: 40 } });
    assert.deepEqual(wild?.changes[0]?.operations, [{ op: 'set', field: 'clipNorm', value: 2 }]);
  });

  it('carries the update ratio over to the rate as it stands now', () => {
    assert.equal(about('update-ratio', { learningRate: 0.1 })?.level, 'fine');
    assert.equal(about('update-ratio', { learningRate: 2 })?.evidence.median, 0.02);
    assert.equal(about('update-ratio', { learningRate: 2 })?.level, 'information');
    assert.equal(about('update-ratio', { learningRate: 2, warmupSteps: 100 })?.level, 'fine');
  });

  it('puts batches that are not finite first', () => {
    const [first] = judge(runOf({ optimizer: 'sgd', learningRate: 0.1 }), measured({ notFinite: [3] }));
    assert.equal(first?.id, 'not-finite');
    assert.match(first?.message.en ?? '', /1 of 16 steps \(3\)/);
  });

  it('says only that it does not hold where the optimizer has changed', () => {
    const found = judge(runOf({ optimizer: 'adamw', learningRate: 5 }), measured());
    assert.deepEqual(
      found.map(({ id }) => id),
      ['other-optimizer'],
    );
  });
});
