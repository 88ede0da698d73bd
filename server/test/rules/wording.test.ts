import assert from 'node:assert/strict';
import { fixAll } from '../../src/engine/fix.ts';
import { type LintFinding, lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';

/** What a finding says has to be true of the file it stands in. */
describe('findings', () => {
  it('call an optimizer what the file calls it', () => {
    const said = (optimizer: string) =>
      only(
        'ds_config.json',
        `{
  "train_batch_size": 32,
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": { "type": "${optimizer}", "params": { "lr": 1e-4, "weight_decay": 0 } },
  "zero_optimization": { "stage": 2 }
}`,
        'weight-decay-range',
      )?.message.en;
    assert.match(said('Adam') ?? '', /^`Adam`, which is AdamW in DeepSpeed, runs without weight decay/);
    assert.match(said('AdamW') ?? '', /^AdamW runs without weight decay/);
  });

  it('tell a warm-up ratio without a length, and as no more than a warning', () => {
    const finding = only(
      'train.yaml',
      'output_dir: out\nper_device_train_batch_size: 8\nlearning_rate: 5.0e-5\nwarmup_ratio: 1.0\n',
      'warmup-too-long',
    );
    assert.match(finding?.message.en ?? '', /^Warm-up takes 100% of the run: /);
    assert.equal(finding?.severity, 'warning');
  });

  it('do not scale with the batch a rate that does not go with it, so that no fix undoes another', () => {
    const text = 'model: bert-large\noptimizer: adamw\nbatch_size: 65536\nlr: 0.0001\nmax_steps: 8599\n';
    assert.equal(only('train.yaml', text, 'lr-batch-scaling'), undefined);
    assert.match(fixAll(text, 'train.yaml', { unsafe: true }).text, /^lr: 0.0001$/m);
  });

  it('warn of ten times the highest rate of fine-tuning an encoder', () => {
    const text = `# trainlint: method=full
model_name_or_path: bert-base-uncased
output_dir: out
per_device_train_batch_size: 32
num_train_epochs: 3
learning_rate: 1.0e-3
`;
    assert.equal(only('train.yaml', text, 'lr-range')?.severity, 'warning');
  });

  it('say of an unknown framework that nothing is set, not that nothing is done', () => {
    const text = 'model: lstm\noptimizer: adam\nlr: 0.001\nepochs: 50\nbatch_size: 32\n';
    for (const [rule, start] of [
      ['lr-constant', /^No learning-rate schedule is set for 50 epochs\./],
      ['clipping-missing', /^No gradient clipping is set\./],
    ] as const) {
      const finding = only('train.yaml', text, rule);
      assert.match(finding?.message.en ?? '', start);
      assert.match(finding?.message.en ?? '', /unless your code does\.$/);
    }
  });

  it('ask for clipping where it is a habit: PPO, not SAC; an LSTM inside a Hydra module', () => {
    const agent = (algo: string) =>
      `algo: ${algo}\nlearning_rate: 0.0003\nbatch_size: 256\noptimizer: adam\n`;
    assert.equal(only('sac.yaml', agent('SAC'), 'clipping-missing'), undefined);
    assert.ok(only('ppo.yaml', agent('PPO'), 'clipping-missing'));
    const hydra = `defaults: [_self_]
trainer: {_target_: lightning.pytorch.trainer.Trainer, max_epochs: 100, gradient_clip_val: 0}
model:
  _target_: src.models.Sequence
  net: {_target_: torch.nn.LSTM, hidden_size: 100}
  optimizer: {_target_: torch.optim.Adam, _partial_: true, lr: 0.001}
`;
    assert.equal(only('train.yaml', hydra, 'clipping-missing')?.severity, 'warning');
  });

  it('ask no weight decay of LoRA adapters, and take their rates for what they are', () => {
    const text = (more: string) => `model_name_or_path: roberta-large
output_dir: out
per_device_train_batch_size: 32
num_train_epochs: 20
learning_rate: 1.0e-3
warmup_ratio: 0.06
${more}`;
    for (const rule of ['weight-decay-range', 'lr-range']) {
      assert.ok(only('train.yaml', text(''), rule), rule);
      assert.equal(only('train.yaml', text('lora_r: 8\nlora_alpha: 16\n'), rule), undefined, rule);
    }
  });

  it('quote an error as Python prints it, and follow the sound of what they name in Korean', () => {
    const text = (rate: string) =>
      `output_dir: out\nper_device_train_batch_size: 8\nnum_train_epochs: 3\nlearning_rate: ${rate}\n`;
    assert.match(
      only('train.yaml', text('-1.0e-5'), 'hyperparameter-domain')?.message.en ?? '',
      /"Invalid learning rate: -1e-05"/,
    );
    assert.match(
      only('train.yaml', text('5e-3'), 'float-as-string')?.message.ko ?? '',
      /^`learning_rate: 5e-3`은 /,
    );
    assert.match(
      only('train.yaml', text('5e-5'), 'float-as-string')?.message.ko ?? '',
      /^`learning_rate: 5e-5`는 /,
    );
  });

  it('come at once for a value of a hundred thousand digits', () => {
    const text = `output_dir: out\nper_device_train_batch_size: 8\nnum_train_epochs: 3\nrun_name: ${'1'.repeat(100_000)}b\n`;
    const start = performance.now();
    only('train.yaml', text, 'float-as-string');
    assert.ok(performance.now() - start < 2000);
  });
});

function only(name: string, text: string, rule: string): LintFinding | undefined {
  const { file } = openConfig(text, name);
  assert.ok(file, 'the config is recognised');
  return lint(file).findings.find((finding) => finding.rule === rule);
}
