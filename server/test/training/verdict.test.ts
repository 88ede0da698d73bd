import assert from 'node:assert/strict';
import type { RunResult, StepRecord } from '@trainlint/kernels';
import { stopEarly } from '../../src/training/early-stopping.ts';
import { endLoss } from '../../src/training/series.ts';
import {
  agreed,
  isDecided,
  isSettled,
  judgeFix,
  judgeSeed,
  ratioOf,
  type SeedOutcome,
} from '../../src/training/verdict.ts';

const steps = 100;

/** A run whose losses follow `loss`, at the constant rate `lr`. */
function result(
  loss: (x: number) => number,
  lr = 1,
  extra: (x: number) => Partial<StepRecord> = () => ({}),
): RunResult {
  const records: StepRecord[] = [];
  for (let step = 1; step <= steps; step++) {
    const value = loss(step / steps);
    records.push({
      step,
      loss: value,
      gradNorm: 1,
      lr: lr * (1 - step / steps),
      updateRatio: 1e-3,
      ...(step % 2 === 0 && { probeLoss: value }),
      ...(step % 5 === 0 && { valLoss: value }),
      ...extra(step / steps),
    });
  }
  const broken = records.find(({ loss: each }) => !Number.isFinite(each));
  return {
    records,
    initial: { probeLoss: loss(0), valLoss: loss(0) },
    finite: !broken,
    ...(broken && { nonFiniteAt: broken.step }),
    cancelled: false,
    seconds: 0,
    backend: 'fake',
    proxy: 'fake',
    parameterCount: 1,
    stateBytes: 0,
  };
}

const good = result((x) => 0.5 + 1.8 * Math.exp(-6 * x));
const high = result((x) => 1.4 + 0.9 * Math.exp(-6 * x), 10);
const between = result((x) => 0.65 + 1.65 * Math.exp(-6 * x), 10);
const broken = result((x) => (x > 0.3 ? Number.NaN : 2.3), 10);

const judge = (run: RunResult, seed = 0): SeedOutcome => judgeSeed(seed, run, good, { steps });

describe('verdicts on fixes', () => {
  it('take what a run ended at from its probes, infinite where it broke off', () => {
    assert.ok(Math.abs(endLoss(good, steps) - 0.506) < 0.01);
    assert.equal(endLoss(broken, steps), Number.POSITIVE_INFINITY);
    assert.equal(endLoss(good, 2 * steps), Number.POSITIVE_INFINITY);
    const game = result(
      () => 3,
      1,
      (x) => ({ metrics: { return: 200 * x } }),
    );
    assert.ok(Math.abs(endLoss(game, steps) - 1 / 190) < 1e-3);
  });

  it('compare with the reference', () => {
    assert.equal(ratioOf(judge(good)), 1);
    assert.ok(ratioOf(judge(high)) > 2.5);
    assert.equal(ratioOf(judge(broken)), Number.POSITIVE_INFINITY);
  });

  it('say heals, partly, no and worse', () => {
    const before = [0, 1, 2].map((seed) => judge(high, seed));
    const after = (run: RunResult) =>
      judgeFix(
        'loss-divergence',
        before,
        [0, 1, 2].map((seed) => judge(run, seed)),
      );
    assert.equal(after(good).verdict, 'heals');
    assert.equal(after(good).healed, 3);
    assert.equal(after(good).ratio, 1);
    assert.equal(after(between).verdict, 'partly');
    assert.equal(after(high).verdict, 'no');
    const bad = result((x) => 1.4 + 6 * x, 10);
    assert.equal(after(bad).verdict, 'worse');
    const mixed = [judge(good, 0), judge(good, 1), judge(bad, 2)];
    assert.equal(
      judgeFix('loss-divergence', before, mixed).verdict,
      'partly',
      'worse on one seed is no cure',
    );
  });

  it('judge only seeds that showed the symptom', () => {
    const before = [judge(high, 0), judge(good, 1)];
    const { shown, verdict } = judgeFix('loss-divergence', before, [judge(good, 0), judge(broken, 1)]);
    assert.equal(shown, 1);
    assert.equal(verdict, 'heals');
  });

  it('report what most seeds show, and a NaN from the first seed on', () => {
    assert.deepEqual(agreed([judge(high, 0), judge(good, 1), judge(good, 2)]), []);
    const [most] = agreed([judge(high, 0), judge(high, 1), judge(good, 2)]);
    assert.deepEqual([most?.symptom, most?.shown, most?.seeds], ['loss-divergence', 2, 3]);
    const [nan] = agreed([judge(broken, 0), judge(good, 1), judge(good, 2)]);
    assert.equal(nan?.evidence.kind, 'non-finite');
    assert.ok((nan?.confidence ?? 1) < 0.5);
  });

  it('do not blame the settings for what the healthy twin shows too, but for a small data set', () => {
    const rising = (x: number) => ({ valLoss: 1 + (x - 0.4) ** 2 * 2 });
    const overfitted = result((x) => 2 * Math.exp(-6 * x), 1, rising);
    const symptoms = (dataset?: { size: number }) =>
      judgeSeed(0, overfitted, overfitted, { steps, ...(dataset && { dataset }) }).diagnosis.symptoms.map(
        ({ symptom }) => symptom,
      );
    assert.deepEqual(symptoms(), []);
    assert.deepEqual(symptoms({ size: 100 }), ['overfitting']);
  });

  it('judge overfitting, and nothing else, where a run stops early', () => {
    const rising = (x: number) => ({ valLoss: 1 + Math.max(0, x - 0.4) * 2 - Math.min(x, 0.4) });
    const overfitted = result((x) => 2 * Math.exp(-6 * x), 1, rising);
    const dataset = { size: 100 };
    const whole = judgeSeed(0, overfitted, overfitted, { steps, dataset });
    const stopped = judgeSeed(0, overfitted, overfitted, { steps, dataset }, 0.02);
    assert.equal(whole.diagnosis.symptoms[0]?.symptom, 'overfitting');
    assert.deepEqual(stopped.diagnosis.symptoms, []);
    assert.ok(ratioOf(stopped, 'valLoss') < 0.5 * ratioOf(whole, 'valLoss'));
    assert.equal(ratioOf(stopped), ratioOf(whole));
    const { verdict } = judgeFix('overfitting', [whole], [stopped]);
    assert.equal(verdict, 'heals');
    // A patience of nearly the whole run comes too late.
    const late = judgeSeed(0, overfitted, overfitted, { steps, dataset }, 0.5);
    assert.equal(judgeFix('overfitting', [whole], [late]).healed, 0);
  });

  it('stop after so many evaluations in a row without a better one, and only then', () => {
    const jagged = result(
      () => 1,
      1,
      (x) => ({ valLoss: [3, 2, 2.5, 1, 2, 2, 2, 0.5][Math.floor(8 * x)] ?? 4 }),
    );
    const evaluations = jagged.records.filter(({ valLoss }) => valLoss !== undefined).length;
    const cut = stopEarly(jagged, 3 / evaluations);
    assert.ok(cut.records.length < jagged.records.length);
    assert.deepEqual(cut.records, jagged.records.slice(0, cut.records.length));
    const falling = result(
      (x) => 2 - x,
      1,
      (x) => ({ valLoss: 2 - x }),
    );
    assert.equal(stopEarly(falling, 0.05), falling);
  });

  it('are settled when further seeds could not change what most of them show', () => {
    assert.equal(isSettled([judge(high, 0)], 3), false);
    assert.equal(isSettled([judge(high, 0), judge(high, 1)], 3), true);
    assert.equal(isSettled([judge(high, 0), judge(good, 1)], 3), false);
    assert.equal(isSettled([judge(good, 0), judge(good, 1)], 3), false, 'the third might break off');
    assert.equal(isSettled([judge(broken, 0)], 3), true, 'no healthy run breaks off');
    assert.equal(isSettled([judge(high, 0), judge(good, 1), judge(good, 2)], 3), true);
  });

  it('are decided when the seeds that are left could not change them', () => {
    const sick = [0, 1, 2].map((seed) => judge(high, seed));
    const symptom = sick[0]?.diagnosis.symptoms[0]?.symptom;
    assert.ok(symptom);
    const decided = (...runs: RunResult[]) =>
      isDecided(
        symptom,
        sick,
        runs.map((run, seed) => judge(run, seed)),
      );
    assert.equal(decided(), false);
    assert.equal(decided(good), false);
    assert.equal(decided(good, good), true);
    assert.equal(decided(high), true, 'what fails at once is not tried again');
    assert.equal(decided(good, high), false);
    assert.equal(decided(good, high, good), true);
    assert.equal(judgeFix(symptom, sick, [judge(good, 0), judge(good, 1)]).verdict, 'heals');
    // Two seeds that show it, and a third that might.
    const open = (...runs: RunResult[]) =>
      isDecided(
        symptom,
        sick.slice(0, 2),
        runs.map((run, seed) => judge(run, seed)),
        1,
      );
    assert.equal(open(good, good), true);
    assert.equal(open(between, between), true);
    assert.equal(open(good, between), false);
    assert.equal(open(good, high), false);
  });
});
