import assert from 'node:assert/strict';
import { writeChange } from '../../src/dialects/write.ts';
import { applyEdits } from '../../src/document/edit.ts';
import { type Operation, set } from '../../src/run/change.ts';
import { openText } from './open.ts';

/** The text after a change; undefined when the framework cannot say it. */
function after(text: string, fileName: string, operations: readonly Operation[], dialect?: string, run = 0) {
  const file = openText(text, fileName, dialect);
  assert.ok(file, 'opens');
  const edits = writeChange(file, run, { title: { en: 'change', ko: '변경' }, safe: false, operations });
  return edits && applyEdits(text, edits);
}

const hf = 'output_dir: out\nper_device_train_batch_size: 8\nnum_train_epochs: 3\n';
const torchtune =
  'model:\n  _component_: torchtune.models.x\noptimizer:\n  _component_: torch.optim.AdamW\n  lr: 2e-5\n';

describe('writing changes', () => {
  it('turns a key that stands in the way into the new one, in its place and with its comment', () => {
    const text = `${hf}warmup_steps: 0  # none yet\nlearning_rate: 5.0e-5\n`;
    const wanted = `${hf}warmup_ratio: 0.1  # none yet\nlearning_rate: 5.0e-5\n`;
    assert.equal(after(text, 'a.yaml', [set('warmupRatio', 0.1)]), wanted);
  });

  it('makes a constant schedule one that warms up', () => {
    const text = `${hf}lr_scheduler_type: constant\n`;
    const wanted = `${hf}lr_scheduler_type: constant_with_warmup\n`;
    const got = after(text, 'a.yaml', [set('warmupSteps', 50)]);
    assert.ok(got?.startsWith(wanted), got);
    assert.match(got ?? '', /^warmup_steps: 50$/m);
  });

  it('says a share of the run in version 5 as a fraction of steps', () => {
    assert.equal(
      after(`${hf}warmup_steps: 0.05\n`, 'a.yaml', [set('warmupRatio', 0.1)]),
      `${hf}warmup_steps: 0.1\n`,
    );
  });

  it('brings the momentum an optimizer is named for', () => {
    const got = after(`${hf}optim: adamw_torch\n`, 'a.yaml', [set('optimizer', 'sgd-momentum')]);
    assert.match(got ?? '', /^optim: sgd$/m);
    assert.match(got ?? '', /^optim_args: momentum=0\.9$/m);
  });

  it('drops arguments the new class would refuse', () => {
    const text = torchtune
      .replace('AdamW', 'SGD')
      .replace('lr: 2e-5', 'lr: 0.1\n  momentum: 0.9\n  nesterov: true');
    const got = after(text, 'a.yaml', [set('optimizer', 'adamw')]);
    assert.equal(got, torchtune.replace('lr: 2e-5', 'lr: 0.1'));
  });

  it('sees what an earlier operation of the same change wrote', () => {
    const got = after(torchtune, 'a.yaml', [set('warmupSteps', 100), set('schedule', 'cosine')]);
    assert.match(
      got ?? '',
      /_component_: torchtune\.training\.lr_schedulers\.get_cosine_schedule_with_warmup/,
    );
    assert.match(got ?? '', /num_warmup_steps: 100/);
  });

  it('keeps the batch arithmetic of DeepSpeed whole', () => {
    const text =
      '{\n  "train_batch_size": 64,\n  "train_micro_batch_size_per_gpu": 4,\n  "gradient_accumulation_steps": 2,\n  "zero_optimization": {"stage": 1}\n}\n';
    const got = after(text, 'a.json', [set('gradientAccumulation', 4)]);
    assert.equal(
      got,
      text.replace('"train_batch_size": 64', '"train_batch_size": 128').replace('steps": 2', 'steps": 4'),
    );
  });

  it('replaces one number of a pair and keeps the brackets', () => {
    const text =
      'optimization:\n  lr: [0.1]\n  max_update: 10\noptimizer:\n  _name: adam\n  adam_betas: (0.9, 0.98)\ntask:\n  _name: x\n';
    assert.equal(after(text, 'a.yaml', [set('beta2', 0.95)]), text.replace('0.98', '0.95'));
  });

  it('reaches a global batch by nbs in Ultralytics', () => {
    const text =
      'task: detect\nmode: train\nepochs: 3\nbatch: 16\nlr0: 0.01\nlrf: 0.1\nnbs: 64\noptimizer: SGD\n';
    assert.equal(after(text, 'args.yaml', [set('globalBatch', 128)]), text.replace('nbs: 64', 'nbs: 128'));
  });

  it('removes a limit that would win over a new number of epochs', () => {
    const text = `${hf}max_steps: 500\n`;
    assert.equal(after(text, 'a.yaml', [set('epochs', 5)]), hf.replace('epochs: 3', 'epochs: 5'));
  });

  it('respells, renames and deletes by path', () => {
    const text = `${hf}learning_rate: 5e-5\nwarmup_ration: 0.1\nfp16: true\n`;
    const got = after(text, 'a.yaml', [
      { op: 'respell', root: 0, path: ['learning_rate'], value: 5e-5 },
      { op: 'rename', root: 0, path: ['warmup_ration'], to: 'warmup_ratio' },
      { op: 'delete', root: 0, path: ['fp16'] },
    ]);
    assert.equal(got, `${hf}learning_rate: 5.0e-5\nwarmup_ratio: 0.1\n`);
  });

  it('unsets what is there', () => {
    assert.equal(after(`${hf}weight_decay: 0.3\n`, 'a.yaml', [{ op: 'unset', field: 'weightDecay' }]), hf);
    assert.equal(after(hf, 'a.yaml', [{ op: 'unset', field: 'weightDecay' }]), undefined);
  });

  it('changes the run it is asked to and no other', () => {
    const text =
      'train:\n  optim_g:\n    type: Adam\n    lr: 1\n  optim_d:\n    type: Adam\n    lr: 2\n  total_iter: 9\nnetwork_g:\n  type: a\n';
    assert.equal(
      after(text, 'a.yml', [set('learningRate', 0.5)], undefined, 1),
      text.replace('lr: 2', 'lr: 0.5'),
    );
  });

  it('says nothing of a change where the framework has no words for a part of it', () => {
    const text = 'task: detect\nmode: train\nepochs: 3\nlr0: 0.01\nlrf: 0.1\noptimizer: auto\n';
    // The trainer clips at 10, and `auto` ignores the rate.
    assert.equal(after(text, 'args.yaml', [set('clipNorm', 1)]), undefined);
    assert.equal(after(text, 'args.yaml', [set('learningRate', 0.1)]), undefined);
    assert.equal(after(text, 'args.yaml', [set('epochs', 9), set('clipNorm', 1)]), undefined);
    // Nobody reads a new key of an unknown framework.
    assert.equal(after('optimizer: adam\nlr: 0.1\nepochs: 3\n', 'a.yaml', [set('clipNorm', 1)]), undefined);
  });

  it('keeps line ends and the byte-order mark', () => {
    const text = `\uFEFF${hf}warmup_steps: 0\nlearning_rate: 5.0e-5\n`.replaceAll('\n', '\r\n');
    assert.equal(
      after(text, 'a.yaml', [set('warmupSteps', 20)]),
      text.replace('warmup_steps: 0', 'warmup_steps: 20'),
    );
  });
});
