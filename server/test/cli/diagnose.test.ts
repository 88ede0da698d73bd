import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Folder, trainlint } from './harness.ts';

const logs = fileURLToPath(new URL('../../../test-fixtures/logs/', import.meta.url));

const config = (more: string) => `model_name_or_path: gpt2
output_dir: out/run
per_device_train_batch_size: 8
num_train_epochs: 2
lr_scheduler_type: linear
${more}`;
const tooHigh = config('learning_rate: 0.3\nwarmup_steps: 300\nmax_grad_norm: 0.0\n');

interface SymptomRecord {
  readonly symptom: string;
  readonly file: string;
  readonly cause?: {
    readonly file: string;
    readonly field: string;
    readonly range: { start: { line: number } };
  };
  readonly fixes?: { readonly title: string; readonly edits: { readonly newText: string }[] }[];
  readonly otherConfig?: string;
}

describe('trainlint diagnose --config', () => {
  let folder: Folder;
  const put = (log: string, to: string) => {
    mkdirSync(join(folder.path, to, '..'), { recursive: true });
    cpSync(join(logs, log), join(folder.path, to));
  };
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await trainlint(folder, ['diagnose', '--format', 'json', ...args]);
    return { code, stderr, records: JSON.parse(stdout || '[]') as SymptomRecord[] };
  };
  before(() => {
    folder = new Folder({
      'train.yaml': tooHigh,
      'other.yaml': tooHigh.replace('0.3', '2.0e-5'),
      'few.yaml': config('learning_rate: 5.0e-3\n').replace('epochs: 2', 'epochs: 80'),
      'lost.yaml': tooHigh.replace('out/run', 'nowhere'),
    });
    put('real/trainer-rate-too-low.json', 'out/run/checkpoint-200/trainer_state.json');
    put('real/trainer-rate-too-high.json', 'out/run/checkpoint-400/trainer_state.json');
    put('real/trainer-few-samples.json', 'few/trainer_state.json');
    put('tensorboard-scalars.tfevents', 'events/events.out.tfevents.1.host');
    put('tensorboard-tensors.tfevents', 'keras/train/events.out.tfevents.1.host');
  });
  after(() => folder.remove());

  it('finds the last checkpoint’s log where the config writes, and lays the symptom to its line', async () => {
    const { code, records } = await json('--config', 'train.yaml');
    assert.equal(code, 1);
    const [first] = records;
    assert.equal(first?.symptom, 'early-instability');
    assert.equal(first?.file, 'out/run/checkpoint-400/trainer_state.json');
    assert.deepEqual([first?.cause?.file, first?.cause?.field], ['train.yaml', 'learningRate']);
    assert.equal(first?.cause?.range.start.line, 5);
    assert.match(first?.fixes?.[0]?.title ?? '', /a third of where your loss stopped falling/);
    assert.deepEqual(
      first?.fixes?.[0]?.edits.map(({ newText }) => newText),
      ['04'],
      '0.3 becomes 0.043',
    );
  });

  it('prints the line, the reason in the log and what to try, in both languages', async () => {
    const english = await trainlint(folder, ['diagnose', '--config', 'train.yaml']);
    assert.match(english.stdout, /6 │ learning_rate: 0\.3\n.*\^\^\^ cause\n\s+The loss fell until step 1\d0/);
    assert.match(english.stdout, /try Learning rate/);
    const korean = await trainlint(folder, ['diagnose', '--config', 'train.yaml'], { lang: 'ko' });
    assert.match(korean.stdout, /\^\^\^ 원인\n\s+손실은 1\d0 스텝까지/);
    assert.match(korean.stdout, /제안 학습률/);
  });

  it('proposes to stop where the validation loss was lowest', async () => {
    const { records } = await json('few/trainer_state.json', '--config', 'few.yaml');
    assert.deepEqual(
      records.map(({ symptom }) => symptom),
      ['overfitting'],
    );
    assert.equal(records[0]?.cause?.field, 'epochs');
    assert.match(records[0]?.fixes?.[0]?.title ?? '', /^Stop after 13 epochs/);
    assert.equal(records[0]?.fixes?.[0]?.edits[0]?.newText, '13');
  });

  it('lays nothing to a config whose rate is not the log’s', async () => {
    const { records } = await json('out/run/checkpoint-400/trainer_state.json', '--config', 'other.yaml');
    assert.match(records[0]?.otherConfig ?? '', /another run: its learning rate goes up to 0\.299/);
    assert.equal(records[0]?.cause, undefined);
  });

  it('reads a folder of event files, below train/ and validation/ too', async () => {
    assert.equal((await json('events')).code, 0);
    const { code, records } = await json('keras');
    assert.deepEqual([code, records[0]?.symptom], [1, 'loss-divergence']);
  });

  it('says what is missing', async () => {
    assert.match(
      (await trainlint(folder, ['diagnose', '--config', 'lost.yaml'])).stderr,
      /no training log was found/,
    );
    assert.match((await trainlint(folder, ['diagnose'])).stderr, /at least one log file, or --config/);
    assert.match((await json('absent.csv')).stderr, /There is no such file/);
  });

  it('reads the metrics of an MLflow run, and validation losses in a folder of that name', async () => {
    const metric = (from: number) =>
      Array.from({ length: 12 }, (_, i) => `${1700000000000 + i} ${from - 0.1 * i} ${i}\n`).join('');
    const run = new Folder({ 'run/metrics/train_loss': metric(2), 'run/metrics/val_loss': metric(3) });
    put('tensorboard-tensors.tfevents', 'flax/validation/events.out.tfevents.1.host');
    for (const path of ['run', 'run/metrics/val_loss']) {
      const { code, stdout } = await trainlint(run, ['diagnose', path]);
      assert.equal(code, 0);
      assert.match(stdout, /validation loss/);
    }
    assert.match(
      (await trainlint(folder, ['diagnose', 'flax/validation/events.out.tfevents.1.host'])).stdout,
      /validation loss/,
    );
    run.remove();
  });

  it('takes only the last of several runs whose event files lie in one folder', async () => {
    put('tensorboard-tensors.tfevents', 'twice/events.out.tfevents.1.host');
    put('tensorboard-tensors.tfevents', 'twice/events.out.tfevents.2.host');
    const { records } = await json('twice');
    assert.deepEqual(
      records.map(({ symptom }) => symptom),
      ['loss-divergence'],
    );
  });
});
