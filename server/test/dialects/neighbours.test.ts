import assert from 'node:assert/strict';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';
import { valueOf } from '../../src/run/training-run.ts';

function open(text: string, name = 'train.yaml') {
  const { file } = openConfig(text, name);
  assert.ok(file);
  const [run] = file.runs;
  assert.ok(run);
  const severities = lint(file).findings.map(({ rule, severity }) => `${rule} ${severity}`);
  return { file, run, severities };
}

/** Tools that took over the words of another one, with a loader or defaults of their own. */
describe('a framework that borrows the words of another', () => {
  it('is Hydra where the header of a config group says so', () => {
    const { file, run, severities } = open(
      '# @package _group_\nbatch_size: 2\nlearning_rate: 1e-5\nwarmup_steps: 100\nnum_train_epochs: 40\nmax_grad_norm: 1.0\nweight_decay: 0.0\n',
    );
    assert.equal(file.dialect.id, 'hydra');
    assert.equal(valueOf(run, 'learningRate'), 1e-5);
    assert.equal(valueOf(run, 'batchPerDevice'), 2);
    assert.ok(!severities.some((one) => one.startsWith('float-as-string')));
  });

  it('is not the Trainer where batch and length have other names', () => {
    const { file, run } = open(
      'training:\n  num_epochs: 2\n  batch_size: 2\n  learning_rate: 2.0e-4\n  lr_scheduler_type: linear\n  warmup_steps: 5\n  weight_decay: 0.001\n  optim: adamw_8bit\n',
    );
    assert.equal(file.dialect.id, 'generic');
    assert.deepEqual([valueOf(run, 'batchPerDevice'), valueOf(run, 'epochs')], [2, 2]);
  });

  it('is FunASR where the words of the loop stand in a block', () => {
    const { file, run, severities } = open(
      'model: FsmnKWS\ntrain_conf:\n  accum_grad: 2\n  grad_clip: 5\n  max_epoch: 60\noptim: adam\noptim_conf:\n  lr: 5e-4\nscheduler: warmuplr\nscheduler_conf:\n  warmup_steps: 10000\ndataset_conf:\n  batch_type: length\n  batch_size: 32000\n',
    );
    assert.equal(file.dialect.id, 'wenet');
    assert.deepEqual(
      [
        valueOf(run, 'learningRate'),
        valueOf(run, 'clipNorm'),
        valueOf(run, 'epochs'),
        valueOf(run, 'gradientAccumulation'),
      ],
      [5e-4, 5, 60, 2],
    );
    assert.ok(!severities.some((one) => one.startsWith('float-as-string')));
  });

  it('is not ESPnet with the words of PaddleSpeech', () => {
    const { run } = open(
      'n_epoch: 120\naccum_grad: 2\nglobal_grad_clip: 3.0\nbatch_size: 16\noptim: adam\noptim_conf:\n  lr: 0.002\nscheduler: warmuplr\nscheduler_conf:\n  warmup_steps: 25000\n',
    );
    assert.deepEqual(
      [
        valueOf(run, 'epochs'),
        valueOf(run, 'clipNorm'),
        valueOf(run, 'schedule'),
        valueOf(run, 'learningRate'),
      ],
      [120, 3, 'inverse-sqrt', 0.002],
    );
  });

  it('reads NeMo Automodel with its own loader, and the rank of its adapter', () => {
    const { run, severities } = open(
      'step_scheduler:\n  global_batch_size: 1024\n  local_batch_size: 128\n  num_epochs: 2\n  max_steps: None\nmodel:\n  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained\n  pretrained_model_name_or_path: Qwen/Qwen3-30B-A3B\npeft:\n  _target_: nemo_automodel.components._peft.lora.PeftConfig\n  dim: 32\n  alpha: 32\noptimizer:\n  _target_: torch.optim.AdamW\n  lr: 2.0e-4\n  weight_decay: 0.01\n  eps: 1e-8\n',
    );
    assert.deepEqual(
      [
        valueOf(run, 'method'),
        valueOf(run, 'globalBatch'),
        valueOf(run, 'batchPerDevice'),
        valueOf(run, 'epochs'),
      ],
      ['lora', 1024, 128, 2],
    );
    assert.ok(!severities.some((one) => / (error|warning)$/.test(one)), severities.join());
  });

  it('leaves a batch in frames out, and reads the words of Lightning for precision', () => {
    const { run } = open(
      'optimizer: adam\nlr: 1.0e-4\nepochs: 11\ndataset:\n  batch_size: 38400\n  batch_size_type: frame\nprecision: bf16-mixed\n',
    );
    assert.deepEqual([valueOf(run, 'batchPerDevice'), valueOf(run, 'precision')], [undefined, 'bf16-mixed']);
  });

  it('knows BigVGAN by its limit of the gradient', () => {
    const { run } = open(
      '{"batch_size": 4, "learning_rate": 0.0001, "adam_b1": 0.8, "adam_b2": 0.99, "lr_decay": 0.999, "resblock": "1", "segment_size": 8192, "clip_grad_norm": 10}',
      'config.json',
    );
    assert.equal(valueOf(run, 'clipNorm'), 10);
  });
});

describe('a DeepSpeed file with a key twice', () => {
  const text = (batch: string) =>
    `{"train_micro_batch_size_per_gpu": ${batch}, "zero_optimization": {"stage": 3, "overlap_comm": true, "overlap_comm": false}}`;
  it('is refused by DeepSpeed, and not where Accelerate fills it in', () => {
    assert.ok(open(text('4'), 'ds_config.json').severities.includes('duplicate-key error'));
    assert.ok(open(text('"auto"'), 'ds_config.json').severities.includes('duplicate-key warning'));
  });
});

describe('numbers that no optimizer bears, in a file of unknown optimizer', () => {
  const base = 'lr: 1.0e-3\nbatch_size: 8\nepochs: 3\n';
  it('has a β of 1 or more refused', () => {
    assert.ok(open(`${base}beta2: 1.5\n`).severities.includes('hyperparameter-domain error'));
    assert.ok(
      !open(`${base}beta2: 0.95\n`).severities.some((one) => one.startsWith('hyperparameter-domain')),
    );
  });
  it('has what is no number at all named', () => {
    for (const rate of ['.nan', '.inf', '1.0e+400']) {
      const { severities } = open(
        `output_dir: out\nper_device_train_batch_size: 8\nnum_train_epochs: 3\nlearning_rate: ${rate}\n`,
      );
      assert.ok(severities.includes('hyperparameter-domain error'), rate);
    }
  });
  it('has a negative limit of the gradient norm named, -1 not', () => {
    assert.ok(open(`${base}grad_clip: -1.5\n`).severities.includes('clip-norm-range information'));
    const deepspeed = open(
      '{"train_micro_batch_size_per_gpu": 4, "zero_optimization": {"stage": 2}, "gradient_clipping": -1.5}',
      'ds_config.json',
    );
    assert.ok(deepspeed.severities.includes('clip-norm-range information'));
    assert.ok(!open(`${base}grad_clip: -1\n`).severities.some((one) => one.startsWith('clip-norm-range')));
  });
});

describe('a drop of the rate at the last step', () => {
  const text = (step: number) =>
    `model_type: SRModel\nnetwork_g: {type: RRDBNet}\ntrain:\n  optim_g: {type: Adam, lr: 0.0001}\n  scheduler: {type: MultiStepLR, milestones: [${step}], gamma: 0.5}\n  total_iter: 400000\n`;
  it('is a hint, one behind the end a warning', () => {
    assert.ok(open(text(400000), 'train.yml').severities.includes('decay-beyond-run hint'));
    assert.ok(open(text(500000), 'train.yml').severities.includes('decay-beyond-run warning'));
  });
});
