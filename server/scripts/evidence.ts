/**
 * Trains the evidence and writes docs/evidence.md and the numbers that the READMEs quote.
 * Usage: npm run evidence -- [--seeds 4] [--healthy 20] [--first-seed 1000] [--only resnet,gpt] [--quick] [--out file] [--resume folder]
 *
 * `--quick` is two architectures on two seeds, for a test; it and `--only` print the page. With `--out` the page goes to a
 * file and the READMEs stay as they are.
 * `--resume` keeps results in a folder, so that an interrupted evaluation goes on; delete it when the kernels change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backend } from '@trainlint/kernels';
import { collect } from './evidence/collect.ts';
import { page } from './evidence/page.ts';
import { readmeBlock, withEvidence } from './evidence/readme.ts';
import { createTrainer } from './evidence/trainer.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    healthy: { type: 'string' },
    'first-seed': { type: 'string', default: '1000' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    resume: { type: 'string' },
  },
});

function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least)
    throw new Error(`--${name} takes a whole number from ${least}, not "${value}"`);
  return number;
}

const first = whole('first-seed', values['first-seed'], 0);
const from = (count: number) => Array.from({ length: count }, (_, index) => first + index);
const seeds = from(whole('seeds', values.seeds ?? (values.quick ? '2' : '4'), 1));
const healthySeeds = from(whole('healthy', values.healthy ?? (values.quick ? '2' : '20'), 1));
const only = values.only?.split(',') ?? (values.quick ? ['lstm', 'mlp'] : undefined);
const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const evidence = await collect(createTrainer(values.resume), {
  seeds,
  healthySeeds,
  ...(only && { only }),
  onProgress: (message) => console.error(message),
});
const text = page(evidence, { seeds, healthySeeds, backend: backend() });
if (values.out) writeFileSync(values.out, text);
else if (only) process.stdout.write(text);
else {
  writeFileSync(root('docs/evidence.md'), text);
  for (const [file, language] of [
    ['README.md', 'en'],
    ['README.ko.md', 'ko'],
  ] as const)
    writeFileSync(
      root(file),
      withEvidence(readFileSync(root(file), 'utf8'), readmeBlock(evidence, seeds.length, language)),
    );
}
