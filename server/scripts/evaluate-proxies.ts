/**
 * Trains every architecture's reference row and rows with a planted trouble, and counts what the detectors say.
 * Usage: npx tsx server/scripts/evaluate-proxies.ts [architecture…] [--seed 100] [--seeds 4] [--healthy 0]
 * `--healthy N` also trains N seeds of each reference row and counts every flag.
 */
import { parseArgs } from 'node:util';
import { backend, proxies, train } from '@trainlint/kernels';
import { architecturePreferenceTable, asRange } from '../src/knowledge/architectures.ts';
import { derive } from '../src/run/derive.ts';
import type { FieldTypes } from '../src/run/fields.ts';
import type { Settings } from '../src/run/setting.ts';
import type { TrainingRun } from '../src/run/training-run.ts';
import { planRun } from '../src/training/plan.ts';
import { sanityRun } from '../src/training/sanity-run.ts';
import type { Runner } from '../src/training/types.ts';
import { judgeSeed } from '../src/training/verdict.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '100' },
    seeds: { type: 'string', default: '4' },
    healthy: { type: 'string', default: '0' },
    fixes: { type: 'boolean', default: false },
    'skip-planted': { type: 'boolean', default: false },
  },
});

const runner: Runner = {
  info: async () => ({ proxies: proxies(), backend: backend() }),
  run: (spec, options = {}) =>
    train(spec, {
      ...(options.onSteps && { onRecords: options.onSteps }),
      ...(options.signal && { signal: options.signal }),
    }),
  close: () => {},
};

function runOf(fields: Partial<FieldTypes>): TrainingRun {
  const settings = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, { value, from: 'file' }]),
  ) as unknown as Settings;
  return derive({ label: '', root: 0, settings, opaque: new Map(), anchor: { start: 0, end: 0 } });
}

for (const row of architecturePreferenceTable) {
  if (positionals.length > 0 && !positionals.includes(row.id)) continue;
  const info = proxies().find(({ id }) => id === row.id || (id === 'gan' && row.id.startsWith('gan')));
  const { low, high } = asRange(row.batchSize);
  const stage = row.conditions.stages?.[0];
  const reference = info?.reference;
  const fields: Partial<FieldTypes> = {
    architecture: row.id,
    ...(row.domains[0] && { domain: row.domains[0] }),
    optimizer: row.optimizer,
    learningRate: row.learningRate,
    globalBatch: Math.sqrt(low * high),
    worldSize: 1,
    schedule: reference?.schedule ?? 'cosine',
    warmupRatio: reference?.warmupFraction ?? 0,
    clipNorm: reference?.clipping?.norm ?? 0,
    ...(row.optimizer === 'sgd-momentum' && { momentum: 0.9 }),
    ...(row.facts.beta1 !== undefined && { beta1: row.facts.beta1 }),
    method: 'full',
    ...(stage === 'pretraining' && { fromScratch: true }),
    ...(stage === 'fine-tuning' && { fromScratch: false }),
  };
  const planted: [string, Partial<FieldTypes>][] = [
    ['reference', {}],
    ['lr x3', { learningRate: row.learningRate * 3 }],
    ['lr x10', { learningRate: row.learningRate * 10 }],
    ['lr x30', { learningRate: row.learningRate * 30 }],
    ['lr x0.1', { learningRate: row.learningRate / 10 }],
    ['lr x0.03', { learningRate: row.learningRate / 30 }],
    ['no warm-up', { warmupRatio: 0 }],
    ['constant', { schedule: 'constant' }],
    ...(row.optimizer === 'sgd-momentum'
      ? [['momentum 0.99', { momentum: 0.99 }] as [string, Partial<FieldTypes>]]
      : []),
  ];
  for (const [name, trouble] of values['skip-planted'] ? [] : planted) {
    const report = await sanityRun(runOf({ ...fields, ...trouble }), {
      runner,
      seed: Number(values.seed),
      seeds: Number(values.seeds),
      verifyFixes: values.fixes,
    });
    if ('impossible' in report) {
      console.log(`${row.id} | ${name} | ${report.impossible.en}`);
      continue;
    }
    const symptoms = report.symptoms.map(
      ({ symptom, shown, seeds, evidence }) =>
        `${symptom}${evidence.kind ? `(${evidence.kind})` : ''} ${shown}/${seeds}`,
    );
    const [best] = report.fixes;
    const fix = best
      ? ` | ${best.verdict} ${best.change.title.en} ${best.before.toFixed(2)}→${best.ratio.toFixed(2)}`
      : '';
    console.log(
      `${row.id} (${report.plan.proxy}) | ${name} | ratio ${report.ratio.toFixed(2)} | ${symptoms.join(', ') || '–'}${fix} | ${report.seconds.toFixed(1)} s`,
    );
  }
  const healthy = Number(values.healthy);
  if (healthy === 0) continue;
  const plan = planRun(runOf(fields), proxies());
  if ('impossible' in plan) continue;
  const flags = new Map<string, number>();
  for (let seed = 0; seed < healthy; seed++) {
    const own = await train({ ...plan.spec, seed });
    const twin = await train({ ...plan.reference, seed });
    for (const { symptom } of judgeSeed(seed, own, twin, plan.spec, plan.earlyStopping).diagnosis.symptoms)
      flags.set(symptom, (flags.get(symptom) ?? 0) + 1);
  }
  const counts = [...flags].map(([symptom, count]) => `${symptom} ${count}`).join(', ');
  console.log(`${row.id} | healthy over ${healthy} seeds | ${counts || 'no flags'}`);
}
