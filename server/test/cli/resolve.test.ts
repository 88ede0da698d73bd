import assert from 'node:assert/strict';
import { Folder, trainlint } from './harness.ts';

const config = `# trainlint: dataset-size=3668 world-size=2
model_name_or_path: bert-base-uncased
learning_rate: 2.0e-5
per_device_train_batch_size: 16
gradient_accumulation_steps: 2
num_train_epochs: 3
warmup_ratio: 0.1
adam_beta2: 0.98
lr_scheduler_type: cosine
`;

describe('trainlint resolve', () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  async function resolved(text: string, name = 'train.yaml') {
    folder = new Folder({ [name]: text });
    const { code, stdout } = await trainlint(folder, ['resolve', name]);
    assert.equal(code, 0);
    return JSON.parse(stdout);
  }

  it('prints every leaf with its value, origin and place', async () => {
    const { dialect, confidence, runs } = await resolved(config);
    assert.equal(dialect, 'hf-trainer');
    assert.ok(confidence > 0.5);
    const [run] = runs;
    assert.deepEqual(run.lr, {
      value: 2e-5,
      from: 'file',
      path: ['learning_rate'],
      range: { start: { line: 2, character: 15 }, end: { line: 2, character: 21 } },
    });
    assert.equal(run.batch.global.value, 64);
    assert.equal(run.batch.worldSize.value, 2);
    assert.equal(run.duration.steps.value, 3 * Math.ceil(3668 / 64));
    assert.equal(run.schedule.kind.value, 'cosine');
    assert.equal(run.schedule.warmupSteps.value, Math.ceil(0.1 * 174));
    assert.deepEqual(run.betas.value, [0.9, 0.98]);
    assert.equal(run.clipping.norm.from, 'default');
    assert.equal(run.architecture.value, 'bert');
    assert.equal(run.architecture.from, 'inferred');
    assert.match(run.architecture.why, /bert-base-uncased/);
  });

  it('leaves out what is not known, and names what cannot be read', async () => {
    const { runs } = await resolved(`${config}optim: \${oc.env:OPTIM}\n`.replace('gradient', '#gradient'));
    assert.equal(runs[0].optimizer, undefined);
    assert.deepEqual(runs[0].unreadable, ['optimizer']);
  });

  it('says of any other file that it has no dialect and no runs', async () => {
    const { dialect, confidence, runs } = await resolved('services:\n  web:\n    image: x\n', 'compose.yaml');
    assert.deepEqual([dialect, confidence, runs], [null, 0, []]);
  });

  it('reads a file for the framework that is asked for', async () => {
    folder = new Folder({ 'a.yaml': 'learning_rate: 0.1\n' });
    const { stdout } = await trainlint(folder, ['resolve', 'a.yaml', '--dialect', 'hf-trainer']);
    assert.equal(JSON.parse(stdout).runs[0].lr.value, 0.1);
  });

  it('exits 2 without a file, for a missing one and for an unknown dialect', async () => {
    folder = new Folder({ 'a.yaml': 'x: 1\n' });
    for (const args of [[], ['b.yaml'], ['a.yaml', 'a.yaml'], ['a.yaml', '--dialect', 'none-such']])
      assert.equal((await trainlint(folder, ['resolve', ...args])).code, 2);
  });
});
