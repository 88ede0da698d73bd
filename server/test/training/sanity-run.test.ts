import assert from 'node:assert/strict';
import type { RunSpec } from '@trainlint/kernels';
import { applyChange } from '../../src/run/apply-change.ts';
import type { FieldTypes } from '../../src/run/fields.ts';
import type { TrainingRun } from '../../src/run/training-run.ts';
import { candidates, likeliestFirst } from '../../src/training/fixes.ts';
import { planRun } from '../../src/training/plan.ts';
import { type SanityOptions, sanityRun } from '../../src/training/sanity-run.ts';
import type { Runner, SanityEvent, SanityReport } from '../../src/training/types.ts';
import { verdictOf } from '../../src/training/wording.ts';
import { fakeProxies, fakeRunner, runOf } from './runs.ts';

const gpt: Partial<FieldTypes> = {
  architecture: 'gpt',
  domain: 'llm',
  objective: 'pretraining',
  optimizer: 'adamw',
  learningRate: 6e-4,
  schedule: 'cosine',
  warmupRatio: 0.1,
  clipNorm: 1,
};

async function check(
  fields: Partial<FieldTypes>,
  options: Partial<SanityOptions> = {},
): Promise<SanityReport> {
  const report = await sanityRun(runOf(fields), { runner: fakeRunner(0.01), ...options });
  assert.ok('verdict' in report, 'impossible' in report ? report.impossible.en : '');
  return report;
}

describe('sanity run', () => {
  it('calls the reference row healthy on every seed', async () => {
    const report = await check(gpt);
    assert.equal(report.healthy, true);
    assert.equal(report.seeds, 3);
    assert.ok(Math.abs(report.ratio - 1) < 1e-9);
    assert.match(report.verdict.en, /No symptom on 3 of 3 seeds/);
    assert.match(report.caveats[0]?.en ?? '', /Resolution: a factor of ten/);
  });

  it('finds a rate that is ten times too high and heals it by a tenth, trained beside the original', async () => {
    const report = await check({ ...gpt, learningRate: 6e-3 }, { verifyFixes: true });
    assert.equal(report.healthy, false);
    const symptom = report.symptoms.find((each) => each.symptom === 'early-instability');
    assert.deepEqual([symptom?.shown, report.seeds], [3, 3]);
    const [best, ...others] = report.fixes.filter((fix) => fix.symptom === 'early-instability');
    assert.equal(best?.verdict, 'heals');
    assert.deepEqual(best?.change.operations, [{ op: 'set', field: 'learningRate', value: 6e-4 }]);
    assert.ok(Math.abs((best?.ratio ?? 0) - 1) < 1e-9);
    assert.ok((best?.before ?? 0) > 2);
    assert.equal(best?.seeds, 3, 'what is said to heal was tried on every seed');
    for (const fix of others) assert.ok(fix.ratio >= (best?.ratio ?? 0));
  });

  it('names a rate far above the usual before the cause that the table gives', async () => {
    const { symptoms } = await check({ ...gpt, learningRate: 6e-3 });
    const symptom = symptoms.find((each) => each.symptom === 'early-instability');
    assert.ok(symptom);
    const far = verdictOf(runOf({ ...gpt, learningRate: 6e-3 }), [symptom], 2, 3, true);
    assert.match(far.en, /Likeliest cause: the learning rate of 0\.006, where 6e-4 is usual/);
    assert.match(far.ko, /가장 유력한 원인: 학습률 0\.006/);
    const near = verdictOf(runOf({ ...gpt, learningRate: 4e-3 }), [symptom], 2, 3, true);
    assert.match(near.en, /Usual cause: too little warm-up\./);
    assert.match(near.ko, /흔한 원인: 워밍업 부족\./);
  });

  it('reports NaN as divergence with its step', async () => {
    const report = await check({ ...gpt, learningRate: 0.06 });
    assert.equal(report.symptoms[0]?.symptom, 'loss-divergence');
    assert.equal(report.symptoms[0]?.evidence.kind, 'non-finite');
    assert.equal(report.symptoms[0]?.step, 11);
    assert.equal(report.ratio, Number.POSITIVE_INFINITY);
  });

  it('finds a rate far too low, and the cause', async () => {
    const report = await check({ ...gpt, learningRate: 1e-6 }, { verifyFixes: true });
    assert.equal(report.symptoms[0]?.symptom, 'slow-convergence');
    assert.equal(report.symptoms[0]?.evidence.cause, 'too-small-steps');
    assert.equal(report.fixes[0]?.verdict, 'heals');
  });

  it('trains user and reference on the same seeds, and a twin only once', async () => {
    const log: RunSpec[] = [];
    const runner = fakeRunner(0.01, 5, log);
    await check(gpt, { runner, seed: 40 });
    assert.deepEqual([...new Set(log.map(({ seed }) => seed))].sort(), [40, 41, 42]);
    assert.equal(log.length, 6);
    await check({ ...gpt, learningRate: 6e-3 }, { runner, seed: 40 });
    assert.equal(log.length, 8, 'a third seed could not change what the first two say');
    await check({ ...gpt, learningRate: 6e-3 }, { runner, seed: 40 });
    assert.equal(log.length, 8, 'nothing is trained twice');
  });

  it('tells what goes on in order: the plan first, then the steps, then what was found', async () => {
    const events: SanityEvent[] = [];
    await check(
      { ...gpt, learningRate: 6e-3 },
      { verifyFixes: true, onEvent: (event) => events.push(event) },
    );
    assert.equal(events[0]?.type, 'plan');
    const types = events.map(({ type }) => type);
    assert.ok(types.indexOf('steps') < types.indexOf('symptom'));
    assert.ok(types.indexOf('symptom') < types.indexOf('fix'));
    const series = new Set(events.flatMap((event) => (event.type === 'steps' ? [event.of] : [])));
    assert.deepEqual([...series].sort(), ['reference', 'run']);
    const shares = events.flatMap((event) => (event.type === 'progress' ? [event.done] : []));
    assert.equal(shares.at(-1), 1);
  });

  it('begins the likeliest fix as soon as the first seed shows a symptom, and trains nothing twice', async () => {
    const log: RunSpec[] = [];
    const fast = fakeRunner(0.01, 5, log);
    const begun: string[] = [];
    const runner: Runner = {
      ...fast,
      run: async (spec, options) => {
        begun.push(`${spec.seed}`);
        if (spec.seed === 1) await new Promise((resolve) => setTimeout(resolve, 30));
        return fast.run(spec, options);
      },
    };
    let before = 0;
    const report = await check(
      { ...gpt, learningRate: 6e-3 },
      {
        runner,
        verifyFixes: true,
        onEvent: ({ type }) => {
          if (type === 'symptom') before ||= begun.length;
        },
      },
    );
    assert.equal(report.fixes[0]?.verdict, 'heals');
    // User and twin on two seeds, then the fix on the first, while the second was still being trained.
    assert.deepEqual(begun.slice(0, before), ['0', '0', '1', '1', '0']);
    const specs = log.map((spec) => JSON.stringify(spec));
    assert.equal(new Set(specs).size, specs.length);
  });

  /** Highest rate of a spec: 0.1 the run's own, 0.01 the twin's. */
  const peak = (spec: RunSpec) => Math.max(...spec.learningRates);
  const tooHigh = 0.05;

  it('asks a third seed where the first two disagree, and ends what it began in vain', async () => {
    const [ill, well] = [fakeRunner(0.01), fakeRunner(0.1)];
    const begun: string[] = [];
    let ended = 0;
    const runner: Runner = {
      ...well,
      run: async (spec, options = {}) => {
        const isOwn = peak(spec) > tooHigh;
        const isTwin = !isOwn && spec.seed + 1 > begun.filter((name) => name.startsWith('twin')).length;
        begun.push(isOwn ? `run ${spec.seed}` : isTwin ? `twin ${spec.seed}` : `fix ${spec.seed}`);
        // Too high a rate on the first seed alone.
        if (isOwn || isTwin) return (spec.seed === 0 ? ill : well).run(spec, options);
        await new Promise((resolve) => options.signal?.addEventListener('abort', resolve));
        ended++;
        return well.run(spec, options);
      },
    };
    const report = await check({ ...gpt, learningRate: 6e-3 }, { runner, verifyFixes: true });
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual(begun, ['run 0', 'twin 0', 'run 1', 'twin 1', 'fix 0', 'run 2', 'twin 2']);
    assert.equal(ended, 1);
    assert.equal(report.seeds, 3);
    assert.deepEqual(report.fixes, []);
  });

  it('names what is certain at once and tries its likeliest fix while the last seed says what else there is', async () => {
    const [ill, well] = [fakeRunner(0.01), fakeRunner(0.1)];
    const told: string[] = [];
    const runner: Runner = {
      ...well,
      run: async (spec, options = {}) => {
        if (peak(spec) <= tooHigh) return well.run(spec, options);
        if (spec.seed === 2) {
          await new Promise((resolve) => setTimeout(resolve, 30));
          told.push('last seed');
        }
        const result = await ill.run(spec, options);
        if (spec.seed === 0) return result;
        // One more symptom on the other seeds.
        const records = result.records.map((record) => ({
          ...record,
          gradNorm: record.step > 20 && record.step % 25 === 0 ? 1e3 : 1,
        }));
        return { ...result, records };
      },
    };
    const report = await check(
      { ...gpt, learningRate: 6e-3 },
      {
        runner,
        verifyFixes: true,
        onEvent: (event) => {
          if (event.type === 'symptom') told.push(event.symptom.symptom);
          if (event.type === 'fix') told.push(`fix of ${event.fix.symptom}`);
        },
      },
    );
    assert.deepEqual(told.slice(0, 4), [
      'early-instability',
      'fix of early-instability',
      'last seed',
      'gradient-explosion',
    ]);
    assert.equal(report.seeds, 3);
    assert.deepEqual(
      report.symptoms.map(({ symptom, shown }) => [symptom, shown]),
      [
        ['early-instability', 3],
        ['gradient-explosion', 2],
      ],
    );
    for (const { symptom } of report.symptoms)
      assert.equal(report.fixes.find((fix) => fix.symptom === symptom)?.verdict, 'heals');
  });

  it('gives the same report for the same seed', async () => {
    const strip = ({ seconds: _, ...report }: SanityReport) => report;
    const fields = { ...gpt, learningRate: 6e-3 };
    assert.deepEqual(
      strip(await check(fields, { verifyFixes: true })),
      strip(await check(fields, { verifyFixes: true })),
    );
  });

  it('rejects with the reason of an abort', async () => {
    const abort = new AbortController();
    const running = check(gpt, { signal: abort.signal, onEvent: () => abort.abort(new Error('closed')) });
    await assert.rejects(running, /closed/);
  });

  it('passes on why nothing can be trained', async () => {
    const report = await sanityRun(runOf({ ...gpt, optimizer: 'prodigy' }), { runner: fakeRunner(0.01) });
    assert.ok('impossible' in report);
  });
});

describe('a cooldown against a late plateau', () => {
  const constant: Partial<FieldTypes> = { ...gpt, schedule: 'constant', totalSteps: 1000 };
  const plateau = {
    symptom: 'late-plateau',
    step: 50,
    confidence: 0.8,
    evidence: {},
    message: { en: '', ko: '' },
  } as const;
  const observed = { gradNorms: [], clipScale: 1 };

  it('is proposed after the cosine, in two lengths, and only for a rate that is constant', () => {
    const changes = candidates(runOf(constant), plateau, observed);
    assert.deepEqual(
      changes.map(({ operations }) => operations.map((each) => 'value' in each && each.value)),
      [['cosine'], ['warmup-stable-decay', 0.2], ['warmup-stable-decay', 0.1], [2e-4]],
    );
    for (const schedule of ['step', 'inverse-sqrt'] as const)
      assert.ok(
        !candidates(runOf({ ...constant, schedule }), plateau, observed).some(({ title }) =>
          /Cooldown/.test(title.en),
        ),
      );
  });

  it('is the same run up to where it begins: a fork of it', () => {
    const plan = (run: TrainingRun) => {
      const made = planRun(run, fakeProxies);
      assert.ok('spec' in made);
      return made.spec;
    };
    const run = runOf(constant);
    const change = candidates(run, plateau, observed)[1];
    assert.ok(change);
    const { learningRates: before, ...rest } = plan(run);
    const { learningRates: after, ...others } = plan(applyChange(run, change));
    assert.deepEqual(others, rest);
    const fork = 0.8 * before.length;
    assert.deepEqual(after.slice(0, fork), before.slice(0, fork));
    assert.ok((after[fork + 1] ?? 1) < (before[fork + 1] ?? 0));
    assert.ok((after.at(-1) ?? 1) < 0.06 * (before.at(-1) ?? 0));
  });
});

describe('the order fixes are trained in', () => {
  const run = (learningRate: number) =>
    runOf({
      architecture: 'resnet',
      domain: 'cv-cnn',
      fromScratch: true,
      optimizer: 'sgd-momentum',
      learningRate,
    });
  const first = (learningRate: number) => {
    const symptom = {
      symptom: 'early-instability',
      step: 1,
      confidence: 1,
      evidence: {},
      message: { en: '', ko: '' },
    } as const;
    const own = run(learningRate);
    const all = candidates(own, symptom, { gradNorms: [], clipScale: 1 });
    const ordered = likeliestFirst(own, all);
    assert.deepEqual(new Set(ordered), new Set(all));
    return ordered[0]?.title.en;
  };

  it('tries the usual rate and momentum together only where both are off', () => {
    const titles = (learningRate: number, momentum: number) =>
      candidates(
        {
          ...run(learningRate),
          settings: { ...run(learningRate).settings, momentum: { value: momentum, from: 'file' } },
        } as TrainingRun,
        { symptom: 'oscillation', step: 1, confidence: 1, evidence: {}, message: { en: '', ko: '' } },
        { gradNorms: [], clipScale: 1 },
      ).filter(({ operations }) => operations.length === 2);
    assert.equal(titles(5, 0.9).length, 0);
    assert.equal(titles(0.1, 0.99).length, 0);
    const [both] = titles(5, 0.99);
    assert.deepEqual(
      both?.operations.map((each) => 'value' in each && each.value),
      [0.1, 0.9],
    );
    assert.match(both?.title.en ?? '', /rate 0\.1 and momentum 0\.9/);
  });

  it('begins with the cure of the table, far above the usual rate with that rate', () => {
    assert.match(first(1) ?? '', /warm-up/);
    assert.match(first(5) ?? '', /usual 0\.1/);
  });
});
