import { fileURLToPath } from 'node:url';
import { derive } from '../src/run/derive.ts';
import { createRunner } from '../src/training/runner.ts';
import { sanityRun } from '../src/training/sanity-run.ts';

const runnerPath = fileURLToPath(new URL('../src/training/runner-process.ts', import.meta.url));
const runner = createRunner({ runnerPath, execArgv: ['--import', 'tsx'] });
const mk = (s: Record<string, unknown>) =>
  derive({
    label: '',
    root: 0,
    opaque: new Map(),
    anchor: { start: 0, end: 0 },
    settings: Object.fromEntries(Object.entries(s).map(([k, v]) => [k, { value: v, from: 'file' }])),
  } as never);
const base = {
  optimizer: 'adamw',
  architecture: 'gpt',
  domain: 'llm',
  learningRate: 6e-4,
  schedule: 'cosine',
  warmupRatio: 0.1,
  clipNorm: 1,
  beta1: 0.9,
  beta2: 0.95,
  objective: 'pretraining',
  fromScratch: true,
};
const cases: [string, Record<string, unknown>][] = [
  ['ref', base],
  ['x10', { ...base, learningRate: 6e-3 }],
  ['x30', { ...base, learningRate: 1.8e-2 }],
  ['x0.03', { ...base, learningRate: 2e-5 }],
  ['nowarm', { ...base, warmupRatio: 0 }],
  [
    'bert ref',
    {
      optimizer: 'adamw',
      architecture: 'bert',
      domain: 'nlp',
      learningRate: 5e-5,
      schedule: 'linear',
      warmupRatio: 0.1,
      clipNorm: 1,
      goal: 'fine-tuning',
    },
  ],
  [
    'bert x30',
    {
      optimizer: 'adamw',
      architecture: 'bert',
      domain: 'nlp',
      learningRate: 1.5e-3,
      schedule: 'linear',
      warmupRatio: 0.1,
      clipNorm: 1,
      goal: 'fine-tuning',
    },
  ],
  [
    'resnet ref',
    {
      optimizer: 'sgd-momentum',
      momentum: 0.9,
      architecture: 'resnet',
      domain: 'cv-cnn',
      learningRate: 0.1,
      globalBatch: 256,
      schedule: 'cosine',
      warmupRatio: 0.05,
      weightDecay: 1e-4,
      fromScratch: true,
    },
  ],
  [
    'resnet x10',
    {
      optimizer: 'sgd-momentum',
      momentum: 0.9,
      architecture: 'resnet',
      domain: 'cv-cnn',
      learningRate: 1,
      globalBatch: 256,
      schedule: 'cosine',
      warmupRatio: 0.05,
      weightDecay: 1e-4,
      fromScratch: true,
    },
  ],
  [
    'resnet mu.99',
    {
      optimizer: 'sgd-momentum',
      momentum: 0.99,
      architecture: 'resnet',
      domain: 'cv-cnn',
      learningRate: 0.1,
      globalBatch: 256,
      schedule: 'cosine',
      warmupRatio: 0.05,
      weightDecay: 1e-4,
      fromScratch: true,
    },
  ],
  [
    'rcnn const',
    {
      optimizer: 'sgd-momentum',
      momentum: 0.9,
      architecture: 'mask-rcnn',
      domain: 'cv-cnn',
      learningRate: 0.02,
      globalBatch: 16,
      schedule: 'constant',
      warmupRatio: 0,
      weightDecay: 1e-4,
    },
  ],
  [
    'ondevice ref',
    { optimizer: 'adam', domain: 'on-device', learningRate: 1e-3, schedule: 'cosine', warmupRatio: 0 },
  ],
  [
    'ondevice x10',
    { optimizer: 'adam', domain: 'on-device', learningRate: 1e-2, schedule: 'cosine', warmupRatio: 0 },
  ],
];
const pick = process.argv.slice(2);
for (const [name, s] of cases) {
  if (pick.length && !pick.some((p) => name.startsWith(p))) continue;
  const r = await sanityRun(mk(s), { runner, verifyFixes: true });
  if ('impossible' in r) {
    console.log(name, r.impossible.en);
    continue;
  }
  console.log(
    `\n== ${name}: ${r.plan.proxy} ${r.seconds.toFixed(2)}s ratio ${r.ratio.toFixed(2)} lr ${Math.max(...r.plan.spec.learningRates).toPrecision(3)} ref ${Math.max(...r.plan.reference.learningRates).toPrecision(3)}\n  ${r.verdict.en}`,
  );
  for (const y of r.symptoms)
    console.log(
      '  SYM',
      y.symptom,
      y.step,
      y.confidence,
      `${y.shown}/${y.seeds}`,
      JSON.stringify(y.evidence),
    );
  for (const f of r.fixes)
    console.log(
      '  FIX',
      f.symptom,
      f.change.title.en,
      f.verdict,
      f.before.toFixed(2),
      '->',
      f.ratio.toFixed(2),
      `${f.healed}/${f.shown}`,
    );
  if (name === 'ref') {
    console.log(JSON.stringify(r.plan.scaled, null, 1));
    console.log(r.caveats.map((c) => c.en));
  }
}
runner.close();
