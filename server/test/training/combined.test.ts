import assert from 'node:assert/strict';
import type { RunSpec } from '@trainlint/kernels';
import { type Change, set } from '../../src/run/change.ts';
import type { FieldTypes } from '../../src/run/fields.ts';
import { text } from '../../src/text.ts';
import { combinations } from '../../src/training/combined.ts';
import { sanityRun } from '../../src/training/sanity-run.ts';
import type { Runner, SanityEvent } from '../../src/training/types.ts';
import { fakeRunner, runOf } from './runs.ts';

const tenth: Change = {
  title: text('Learning rate ÷ 10 (6e-4)', '학습률 ÷ 10 (6e-4)'),
  safe: false,
  operations: [set('learningRate', 6e-4)],
};
const gpt: Partial<FieldTypes> = {
  architecture: 'gpt',
  domain: 'llm',
  objective: 'pretraining',
  fromScratch: true,
  optimizer: 'adamw',
  learningRate: 6e-3,
  schedule: 'constant',
  warmupRatio: 0.1,
  clipNorm: 1,
};
const fields = ({ operations }: Change) =>
  operations.map((operation) => ('field' in operation ? operation.field : ''));

describe('cures of two faults at once', () => {
  it('put the furthest change together with what else is off, each alone and then all', () => {
    const [schedule, warmup, all, ...more] = combinations(
      runOf({ ...gpt, warmupRatio: 0, clipNorm: 0 }),
      tenth,
      [],
    );
    assert.deepEqual(schedule && fields(schedule), ['learningRate', 'schedule']);
    assert.deepEqual(warmup && fields(warmup), ['learningRate', 'warmupRatio']);
    assert.deepEqual(all && fields(all), ['learningRate', 'schedule', 'warmupRatio', 'clipNorm']);
    assert.deepEqual(more, []);
    assert.equal(schedule?.title.en, 'Learning rate ÷ 10 (6e-4) and cosine decay of the learning rate');
    assert.equal(schedule?.title.ko, '학습률 ÷ 10 (6e-4), 코사인 스케줄로 학습률 감소');
  });

  it('need something else that is off', () => {
    assert.deepEqual(combinations(runOf({ ...gpt, schedule: 'cosine' }), tenth, []), []);
  });

  it('take the rate first where something else got further', () => {
    const clip: Change = { title: text('Clip', '클리핑'), safe: false, operations: [set('clipNorm', 1)] };
    const [first] = combinations(runOf({ ...gpt, schedule: 'cosine', clipNorm: 0 }), clip, [tenth]);
    assert.deepEqual(first && fields(first), ['clipNorm', 'learningRate']);
  });

  it('set no field twice', () => {
    const run = runOf({ ...gpt, beta1: 0.99, warmupRatio: 0 });
    const both: Change = { ...tenth, operations: [...tenth.operations, set('beta1', 0.9)] };
    for (const change of combinations(run, both, []))
      assert.equal(new Set(fields(change)).size, fields(change).length);
  });
});

describe('the seeds of a fix', () => {
  it('are all trained where it is said to heal, the last after the first verdict, and counted in the end', async () => {
    const log: RunSpec[] = [];
    const events: SanityEvent[] = [];
    const fast = fakeRunner(0.01, 5, log);
    const priorities: number[] = [];
    const runner: Runner = {
      ...fast,
      run: (spec, options = {}) => {
        priorities.push(options.priority ?? 0);
        return fast.run(spec, options);
      },
    };
    const report = await sanityRun(runOf({ ...gpt, schedule: 'cosine' }), {
      runner,
      verifyFixes: true,
      onEvent: (event) => events.push(event),
    });
    assert.ok('fixes' in report);
    const told = events.flatMap((event) => (event.type === 'fix' ? [event] : []));
    const tenths = told.filter(
      ({ fix }) => fix.symptom === report.symptoms[0]?.symptom && /÷ 10/.test(fix.change.title.en),
    );
    assert.deepEqual(
      tenths.map(({ fix, final }) => [fix.seeds, final]),
      [
        [2, false],
        [3, true],
      ],
    );
    assert.ok(Math.max(...priorities) >= 100, 'behind everything else');
    for (const fix of report.fixes) if (fix.verdict === 'heals') assert.equal(fix.seeds, fix.shown);
  });
});

describe('fixes that the proxy cannot tell apart', () => {
  it('are not tried where they change nothing, nor as a second half', async () => {
    // So many steps of warm-up are as warm as 10 % of the run in the proxy.
    const { warmupRatio: _, ...cold } = gpt;
    const report = await sanityRun(
      runOf({ ...cold, learningRate: 6e-3, warmupSteps: 2000, maxSteps: 1_000_000 }),
      { runner: fakeRunner(0.01), verifyFixes: true },
    );
    assert.ok('fixes' in report && report.fixes.length > 0);
    assert.ok(report.fixes.every(({ change }) => !fields(change).includes('warmupRatio')));
  });
});
