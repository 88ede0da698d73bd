import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { FieldTypes } from '../../src/run/fields.ts';
import { createRunner } from '../../src/training/runner.ts';
import { type SanityOptions, sanityRun } from '../../src/training/sanity-run.ts';
import { sweepRates } from '../../src/training/sweep.ts';
import type { Runner, SanityReport } from '../../src/training/types.ts';
import { runOf } from './runs.ts';

/** A dense on-device model; its proxy takes milliseconds. */
const device: Partial<FieldTypes> = {
  domain: 'on-device',
  optimizer: 'adam',
  learningRate: 1e-3,
  schedule: 'cosine',
  warmupRatio: 0,
};
const language: Partial<FieldTypes> = {
  architecture: 'gpt',
  domain: 'llm',
  objective: 'pretraining',
  optimizer: 'adamw',
  learningRate: 6e-4,
  schedule: 'cosine',
  warmupRatio: 0.1,
  clipNorm: 1,
};

describe('sanity run on the kernels', function () {
  this.timeout(120_000);
  let runner: Runner;

  before(() => {
    const runnerPath = fileURLToPath(new URL('../../src/training/runner-process.ts', import.meta.url));
    runner = createRunner({ runnerPath, execArgv: ['--import', 'tsx'] });
  });
  after(() => runner.close());

  async function check(
    fields: Partial<FieldTypes>,
    options: Partial<SanityOptions> = {},
  ): Promise<SanityReport> {
    const report = await sanityRun(runOf(fields), { runner, ...options });
    assert.ok('verdict' in report, 'impossible' in report ? report.impossible.en : '');
    return report;
  }

  it('finds nothing wrong with the reference rows', async () => {
    for (const seed of [0, 50]) {
      const report = await check(device, { seed });
      assert.deepEqual(report.symptoms, []);
      assert.equal(report.healthy, true);
    }
    const report = await check(language, { seeds: 2, steps: 150 });
    assert.deepEqual(report.symptoms, []);
    assert.ok(report.ratio < 1.1);
  });

  it('sees a language model at thirty times the usual rate settle far too high, and a tenth heal it', async () => {
    const report = await check(
      { ...language, learningRate: 1.8e-2 },
      { verifyFixes: true, seeds: 2, steps: 150 },
    );
    const divergence = report.symptoms.find(({ symptom }) => symptom === 'loss-divergence');
    assert.equal(divergence?.shown, 2);
    assert.ok(report.ratio > 1.25);
    const tenth = report.fixes.find(
      ({ symptom, change }) => symptom === 'loss-divergence' && /÷ 10/.test(change.title.en),
    );
    assert.equal(tenth?.verdict, 'heals');
    assert.ok((tenth?.ratio ?? 9) < 1.15);
  });

  it('sees a dense model at a hundred times the usual rate start unstably', async () => {
    const report = await check({ ...device, learningRate: 1e-1 });
    assert.ok(report.symptoms.some(({ symptom }) => symptom === 'early-instability'));
    assert.equal(report.healthy, false);
  });

  it('sees a rate far too low', async () => {
    const report = await check({ ...device, learningRate: 1e-8 });
    assert.equal(report.symptoms[0]?.symptom, 'slow-convergence');
  });

  it('gives the same curve for the same seed and another one for another', async () => {
    const curve = (report: SanityReport) => report.run.records.map(({ loss }) => loss);
    const first = await check(device, { seed: 3 });
    const again = await check(device, { seed: 3 });
    const other = await check(device, { seed: 4 });
    assert.deepEqual(curve(first), curve(again));
    assert.notDeepEqual(curve(first), curve(other));
    assert.ok(first.run.records.length === 300 && curve(first).every(Number.isFinite));
  });

  it('passes on what the kernels refuse', async () => {
    await assert.rejects(check({ ...device, beta1: 1.5 }), /beta/i);
  });

  it('sweeps the rate, marks the best range and suggests a rate inside it', async () => {
    const report = await sweepRates(runOf(device), { runner, seeds: 2 });
    assert.ok('points' in report);
    const { suggestion, points, configured } = report;
    assert.equal(configured, 1e-3);
    assert.ok((points[0]?.learningRate ?? 1) <= 1e-5 && (points.at(-1)?.learningRate ?? 0) >= 3e-2);
    assert.ok('learningRate' in suggestion);
    assert.ok(suggestion.learningRate >= 2e-4 && suggestion.learningRate <= 5e-3);
    assert.ok((suggestion.limit ?? 1) > suggestion.learningRate);
  });

  it('shares a sweep without gap or overlap', async () => {
    const rates = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
    const shares = await Promise.all(
      [1, 2].map((index) =>
        sweepRates(runOf(device), { runner, seeds: 1, rates, shard: { index, count: 2 } }),
      ),
    );
    const seen = shares
      .flatMap((share) => ('points' in share ? share.points : []))
      .map(({ learningRate }) => learningRate);
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      rates,
    );
  });
});
