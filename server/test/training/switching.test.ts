import assert from 'node:assert/strict';
import type { OptimizerSpec, RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import type { FieldTypes } from '../../src/run/fields.ts';
import {
  canSwitch,
  type SwitchOptions,
  type SwitchReport,
  trySwitching,
} from '../../src/training/switching.ts';
import type { Runner } from '../../src/training/types.ts';
import { fakeProxies, runOf } from './runs.ts';

const resnet: Partial<FieldTypes> = {
  architecture: 'resnet',
  domain: 'cv-cnn',
  optimizer: 'adam',
  learningRate: 1e-3,
  globalBatch: 256,
  schedule: 'constant',
  totalSteps: 1000,
};

/** Adam falls fast and stalls at `stall` of the run; SGD from a switch on ends `gain` times lower. */
function kernels({ stall = 0.4, gain = 0.5, log = [] as RunSpec[] } = {}): Runner {
  return {
    info: async () => ({ proxies: fakeProxies, backend: 'fake' }),
    close: () => {},
    run: async (spec): Promise<RunResult> => {
      log.push(spec);
      const every = spec.validateEvery ?? 10;
      const records = Array.from({ length: spec.steps }, (_, index): StepRecord => {
        const step = index + 1;
        const x = step / spec.steps;
        const sgd = spec.optimizer.kind === 'sgd-momentum';
        const adamLoss = 2.3 - (2 * Math.min(x, stall)) / stall;
        const later = spec.switch && step >= spec.switch.at;
        const loss = (sgd ? 2.3 - 1.9 * x : later ? adamLoss * gain : adamLoss) * (1 + 0.001 * spec.seed);
        return {
          step,
          loss,
          gradNorm: 1,
          lr: spec.learningRates[index] ?? 0,
          updateRatio: 1e-3,
          ...(step % every === 0 && { valLoss: loss }),
        };
      });
      return {
        records,
        initial: { valLoss: 2.3 },
        finite: true,
        cancelled: false,
        seconds: 0.001,
        backend: 'fake',
        proxy: spec.proxy,
        parameterCount: 10,
        stateBytes: 0,
      };
    },
  };
}

async function attempt(
  fields: Partial<FieldTypes>,
  options: Partial<SwitchOptions> = {},
): Promise<SwitchReport> {
  const report = await trySwitching(runOf(fields), { runner: kernels(), ...options });
  assert.ok('arms' in report, 'impossible' in report ? report.impossible.en : '');
  return report;
}

describe('switching from Adam to SGD', () => {
  it('switches where the validation loss of the same seed stalls, and says what that brought', async () => {
    const report = await attempt(resnet);
    assert.deepEqual(
      report.arms.map(({ id, losses }) => [id, losses.length]),
      [
        ['adam', 3],
        ['switch', 3],
        ['sgd', 3],
      ],
    );
    assert.ok(report.at !== undefined && Math.abs(report.at - 0.55) < 0.04, `at ${report.at}`);
    assert.ok(report.points.every(({ begins, at }) => begins !== undefined && begins < at));
    assert.equal(report.outcome, 'better');
    assert.match(report.verdict.en, /below Adam's, on 3 of 3 seeds \(proxy evidence\)/);
    assert.match(report.verdict.ko, /대리 모델 근거/);
  });

  it("keeps Adam's run up to the switch and takes SGD's optimizer and rates from there", async () => {
    const log: RunSpec[] = [];
    await attempt(resnet, { runner: kernels({ log }), seeds: 1 });
    const adam = log.find((spec) => spec.optimizer.kind === 'adam' && !spec.switch);
    const sgd = log.find((spec) => spec.optimizer.kind === 'sgd-momentum');
    const switched = log.find((spec) => spec.switch);
    assert.ok(adam && sgd && switched?.switch);
    const before = switched.switch.at - 1;
    assert.deepEqual(switched.learningRates.slice(0, before), adam.learningRates.slice(0, before));
    assert.deepEqual(switched.learningRates.slice(before), sgd.learningRates.slice(before));
    assert.deepEqual(switched.switch.optimizer, sgd.optimizer);
    assert.equal((switched.switch.optimizer as OptimizerSpec).momentum, 0.9);
    assert.equal(switched.seed, adam.seed);
  });

  it('has the rate from the tables and says what the schedule leaves of it', async () => {
    const { rates } = await attempt({ ...resnet, schedule: 'cosine' }, { at: 0.5 });
    assert.equal(rates.peak, 0.1);
    assert.equal(rates.atSwitch, 0.05);
    assert.match(rates.source, /situations|architecture-preferences/);
  });

  it("carries AdamW's decay over by what it takes from the weights a step", async () => {
    const { rates } = await attempt({ ...resnet, optimizer: 'adamw', weightDecay: 0.05 });
    // 1e-3 · 0.05 a step; 0.1 · wd / (1 − 0.9) for SGD with momentum.
    assert.equal(rates.weightDecay, 5e-5);
  });

  it('does not switch where the loss falls to the end, unless told where', async () => {
    const runner = kernels({ stall: 1 });
    const report = await attempt(resnet, { runner });
    assert.equal(report.outcome, 'no-stall');
    assert.deepEqual(
      report.arms.map(({ id }) => id),
      ['adam', 'sgd'],
    );
    assert.equal(report.at, undefined);
    const told = await attempt(resnet, { runner, at: 0.7 });
    assert.equal(told.at, 0.7);
    assert.ok(told.points.every(({ begins }) => begins === undefined));
  });

  it('calls a small difference none, and a loss a loss', async () => {
    const small = await attempt(resnet, { runner: kernels({ gain: 0.98 }) });
    assert.equal(small.outcome, 'unresolved');
    assert.match(small.verdict.en, /no difference that these seeds resolve/);
    const worse = await attempt(resnet, { runner: kernels({ gain: 1.5 }) });
    assert.equal(worse.outcome, 'worse');
  });

  it('refuses in a sentence what is no switch from Adam', async () => {
    for (const fields of [
      { ...resnet, optimizer: 'sgd-momentum' },
      { ...resnet, optimizer: 'lion' },
    ]) {
      assert.equal(canSwitch(runOf(fields)), false);
      const report = await trySwitching(runOf(fields), { runner: kernels() });
      assert.ok('impossible' in report);
      assert.match(report.impossible.en, /from Adam or AdamW/);
    }
    const beyond = await trySwitching(runOf(resnet), { runner: kernels(), at: 1.5 });
    assert.ok('impossible' in beyond);
  });
});
