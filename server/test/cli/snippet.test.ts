import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, trainlint } from './harness.ts';

const config = `model_name_or_path: bert-base-uncased
output_dir: out
per_device_train_batch_size: 16
learning_rate: 5.0e-3   # too fast
max_steps: 1000
lr_scheduler_type: constant
`;
/** What the script for this config printed on a model whose critical rate is a tenth of the config's. */
const printed = `Trainlint · train.yaml · measured on your own model
  weights: unchanged
${JSON.stringify({
  trainlint: {
    version: 1,
    config: 'train.yaml',
    run: '',
    optimizer: 'adamw',
    lr: 0.005,
    clipNorm: 1,
    steps: 16,
    device: 'cpu',
    parameters: 120000,
    notFinite: [],
    criticalRate: { median: 0.0005, low: 0.0004, high: 0.0006, batches: 5 },
    gradNorm: { p10: 0.2, p50: 0.4, p90: 0.8, max: 0.9, clipped: 0 },
    updateRatio: { median: 0.25, largest: 0.3, in: 'classifier.weight' },
    noiseScale: null,
    samplesPerStep: 16,
  },
})}
`;

describe('trainlint snippet', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder({ 'train.yaml': config, 'measured.txt': printed });
  });
  afterEach(() => folder.remove());

  it('prints the script, in the language asked for', async () => {
    const english = await trainlint(folder, ['snippet', 'train.yaml']);
    assert.equal(english.code, 0);
    assert.match(english.stdout, /^"""Measures train\.yaml/);
    assert.match((await trainlint(folder, ['snippet', 'train.yaml'], { lang: 'ko' })).stdout, /수정/);
  });

  it('writes it into a file, and never over one', async () => {
    const first = await trainlint(folder, ['snippet', 'train.yaml', '-o', 'measure.py']);
    assert.equal(first.code, 0);
    assert.equal(first.stdout, '');
    const path = join(folder.path, 'measure.py');
    assert.match(readFileSync(path, 'utf8'), /def build\(\):/);
    writeFileSync(path, 'mine');
    const second = await trainlint(folder, ['snippet', 'train.yaml', '-o', 'measure.py']);
    assert.equal(second.code, 2);
    assert.equal(readFileSync(path, 'utf8'), 'mine');
  });

  it('exits 2 for a file that is no training config', async () => {
    assert.equal((await trainlint(folder, ['snippet', 'measured.txt'])).code, 2);
  });

  it('is read back by diagnose onto the lines of the config, with the fix in its keys', async () => {
    const { code, stdout } = await trainlint(folder, ['diagnose', 'measured.txt']);
    assert.equal(code, 1);
    assert.match(stdout, /measured on your own model/);
    assert.match(stdout, /critical-rate · train\.yaml:4/);
    assert.match(stdout, /- learning_rate: 5\.0e-3 {3}# too fast\n +\+ learning_rate: 2\.5e-4 {3}# too fast/);
    assert.match(stdout, /\+ warmup_ratio: 0\.1/);
    const korean = await trainlint(folder, ['diagnose', 'measured.txt'], { lang: 'ko' });
    assert.match(korean.stdout, /임계 학습률/);
  });

  it('gives records of a type of their own as JSON', async () => {
    const { stdout } = await trainlint(folder, ['diagnose', 'measured.txt', '--format', 'json']);
    const records = JSON.parse(stdout) as {
      type: string;
      id: string;
      level: string;
      range: object;
      fixes: object[];
    }[];
    assert.ok(records.length > 0 && records.every(({ type }) => type === 'own-model'));
    const rate = records.find(({ id }) => id === 'critical-rate');
    assert.equal(rate?.level, 'warning');
    assert.deepEqual(rate?.range, { start: { line: 3, character: 15 }, end: { line: 3, character: 21 } });
    assert.equal(rate?.fixes.length, 2);
  });

  it('is silent with exit 0 once the config has the measured rate', async () => {
    writeFileSync(join(folder.path, 'train.yaml'), config.replace('5.0e-3', '2.5e-4'));
    const { code, stdout } = await trainlint(folder, ['diagnose', 'measured.txt']);
    assert.equal(code, 0, stdout);
  });

  it('works without its config, and refuses one that cannot be read', async () => {
    const lone = new Folder({ 'measured.txt': printed });
    const { code, stdout } = await trainlint(lone, ['diagnose', 'measured.txt']);
    assert.equal(code, 1);
    assert.match(stdout, /train\.yaml was not found/);
    assert.equal((await trainlint(lone, ['diagnose', 'measured.txt', '--config', 'no.yaml'])).code, 2);
    lone.remove();
  });
});
