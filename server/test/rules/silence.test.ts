import assert from 'node:assert/strict';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';
import { defaultSettings } from '../../src/engine/project-settings.ts';

/** A false alarm costs more trust than a missed hint: what the rules must not speak of, and that they say so. */
describe('rules that cannot tell', () => {
  it('stay silent about a learning rate decided elsewhere', () => {
    const { rules, notRun } = judge(
      'full.yaml',
      `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: \${base_lr}
batch_size: 2
epochs: 1
`,
    );
    assert.ok(!rules.has('lr-range'));
    assert.ok(notRun.has('lr-range'));
  });

  it('stay silent about optimizers the tables do not cover', () => {
    const { rules, notRun } = judge(
      'train.yaml',
      `
# trainlint: domain=nlp architecture=bert
optimizer: muon
learning_rate: 0.02
batch_size: 32
epochs: 3
`,
    );
    for (const rule of ['optimizer-domain', 'optimizer-architecture', 'lr-range'])
      assert.ok(!rules.has(rule), rule);
    assert.ok(notRun.has('optimizer-architecture'));
  });

  it('take a rate of 0 beside a SpeechBrain scheduler for a place holder, and a variable for a variable', () => {
    const { rules } = judge(
      'train.yaml',
      `
seed: 1
__set_seed: !apply:torch.manual_seed [!ref <seed>]
output_folder: out
save_folder: out/save
number_of_epochs: 100
batch_size: 16
lr_warmup_steps: 500
epoch_counter: !new:speechbrain.utils.epoch_loop.EpochCounter
    limit: !ref <number_of_epochs>
opt_class: !name:torch.optim.Adam
    lr: 0
noam_annealing: !new:speechbrain.nnet.schedulers.NoamScheduler
    lr_initial: 0.0008
    n_warmup_steps: 25000
`,
    );
    assert.deepEqual([...rules], []);
  });

  it('know the habits of image restoration: Adam, β₁ of 0.9 beside an adversarial loss, milestones', () => {
    const restoration = (network: string, lr: string) =>
      judge(
        'train.yml',
        `
model_type: SRGANModel
num_gpu: 1
datasets:
  train: {name: pictures, batch_size_per_gpu: 16}
network_g: {type: ${network}}
network_d: {type: VGGStyleDiscriminator}
train:
  total_iter: 400000
  optim_g: {type: Adam, lr: ${lr}, betas: [0.9, 0.99]}
  optim_d: {type: Adam, lr: ${lr}, betas: [0.9, 0.99]}
  scheduler: {type: MultiStepLR, milestones: [200000], gamma: 0.5}
`,
      ).rules;
    for (const network of ['RRDBNet', 'SwinIR'])
      assert.deepEqual([...restoration(network, '1.0e-4')], [], network);
    assert.ok(restoration('RRDBNet', '0.02').has('lr-range'));
  });

  it('leave open what the file that a PaddleSeg config builds on may say', () => {
    const segmentation = (base: string) =>
      judge(
        'hrnet.yml',
        `
${base}
batch_size: 2
iters: 60000
train_dataset: {type: Cityscapes}
optimizer: {type: SGD, weight_decay: 0.0002}
lr_scheduler: {type: PolynomialDecay, learning_rate: 0.01}
model: {type: HRNetW48}
`,
      ).rules;
    assert.ok(segmentation('').has('optimizer-domain'));
    assert.deepEqual([...segmentation('_base_: ../_base_/cityscapes.yml')], []);
  });

  it('take DETR in detectron2 for no Mask R-CNN, and DeepLab for no U-Net', () => {
    const detr = judge(
      'detr.yaml',
      `
MODEL: {META_ARCHITECTURE: Detr, MASK_ON: true}
SOLVER: {IMS_PER_BATCH: 64, BASE_LR: 0.0001, MAX_ITER: 92400, OPTIMIZER: ADAMW, STEPS: [55440]}
`,
    );
    assert.ok(!detr.rules.has('optimizer-architecture'));
    const segmentation = (model: string) =>
      judge(
        'seg.yml',
        `
batch_size: 4
iters: 80000
train_dataset: {type: Cityscapes}
optimizer: {type: SGD, momentum: 0.9, weight_decay: 0.0005}
lr_scheduler: {type: PolynomialDecay, learning_rate: 0.01}
model: {type: ${model}}
`,
      ).rules.has('optimizer-architecture');
    assert.deepEqual(
      [segmentation('UNet'), segmentation('DeepLabV3P'), segmentation('BiSeNetV2')],
      [true, false, false],
    );
  });

  it('take a negative limit of the gradient norm for none, but where it is handed on to PyTorch', () => {
    const trainer = judge(
      'train.yaml',
      'output_dir: out\nper_device_train_batch_size: 8\nnum_train_epochs: 3\nlearning_rate: 5.0e-5\nmax_grad_norm: -1\n',
    );
    assert.ok(!trainer.rules.has('clip-norm-range'));
    const zoo = judge(
      'ppo.yml',
      'CartPole-v1:\n  policy: MlpPolicy\n  n_envs: 8\n  n_timesteps: 100000\n  n_steps: 32\n  learning_rate: 0.0003\n  max_grad_norm: -1\n',
    );
    assert.equal(zoo.rules.get('clip-norm-range'), 'warning');
    const tune = judge(
      'full.yaml',
      'model:\n  _component_: torchtune.models.llama3.llama3_8b\noptimizer:\n  _component_: torch.optim.AdamW\n  lr: 2e-5\nbatch_size: 2\nepochs: 1\nclip_grad_norm: -1\n',
    );
    assert.equal(tune.rules.get('clip-norm-range'), 'warning');
  });

  it('know the rates of recurrent language models under plain SGD', () => {
    const lstm = (lr: number, momentum: number) =>
      judge(
        'lm.yaml',
        `# trainlint: architecture=lstm
optimizer: sgd
lr: ${lr}
momentum: ${momentum}
batch_size: 20
epochs: 40
clip_grad_norm: 0.25
`,
      ).rules;
    assert.ok(!lstm(20, 0).has('lr-range'));
    assert.ok(lstm(200, 0).has('lr-range'));
    assert.ok(lstm(20, 0.9).has('lr-range'));
  });

  it('do not judge how a LLaMA-Factory file trains that only predicts', () => {
    const factory = (does: string) =>
      judge(
        'predict.yaml',
        `
model_name_or_path: org/llama-8b
stage: sft
${does}
finetuning_type: full
template: llama3
cutoff_len: 2048
warmup_steps: 0
per_device_train_batch_size: 1
`,
      ).rules;
    assert.ok(factory('do_train: true').has('warmup-missing'));
    assert.deepEqual([...factory('do_predict: true')], []);
  });

  it('leave the dictionaries of a program to the program', () => {
    const { rules } = judge(
      'train_diffusion.json',
      `{"train_batch_size": 4, "lr": 1e-05, "network_def": {"_target_": "my.net.Diffusion"},
"optimizer": {"_target_": "torch.optim.Adam", "params": "$@net.parameters()", "lr": "@lr"}}`,
    );
    assert.ok(!rules.has('misplaced-key'));
  });

  it('know that pydantic turns the text of a nested axolotl key into a number', () => {
    const { rules } = judge(
      'config.yml',
      `
base_model: org/base-1b
sequence_len: 512
micro_batch_size: 4
num_epochs: 1
learning_rate: 2.0e-5
diffusion:
  eps: 1e-3
`,
    );
    assert.equal(rules.get('float-as-string'), 'hint');
  });

  it('count on several devices where a framework gives the batch of one', () => {
    const paddle = (batch: number) =>
      judge(
        'ResNet50.yaml',
        `
Global:
  epochs: 120
Arch:
  name: ResNet50
Optimizer:
  name: Momentum
  momentum: 0.9
  lr:
    name: Piecewise
    learning_rate: 0.1
    decay_epochs: [30, 60, 90]
    values: [0.1, 0.01, 0.001, 0.0001]
DataLoader:
  Train:
    sampler:
      name: DistributedBatchSampler
      batch_size: ${batch}
`,
      ).rules;
    assert.ok(!paddle(64).has('lr-batch-scaling'));
    assert.ok(paddle(16).has('lr-batch-scaling'));
  });

  it('take no letters of a speaker network for a deep Q-network', () => {
    const { rules } = judge(
      'ecapa.yaml',
      `
model: ECAPA_TDNN_GLOB_c512
num_epochs: 150
optimizer: SGD
optimizer_args:
  momentum: 0.9
  nesterov: true
  weight_decay: 0.0001
scheduler_args:
  initial_lr: 0.1
`,
    );
    assert.ok(!rules.has('optimizer-architecture'));
  });

  it('pass over what a program still has to fill in', () => {
    const source = '{"train_batch_size": CONFIG_BATCH, "zero_optimization": {"stage": 1}}';
    assert.ok(!judge('ds_config_TEMPLATE.json', source).rules.has('syntax-error'));
    assert.ok(judge('ds_config.json', source).rules.has('syntax-error'));
  });

  it('take a quoted device for the name it is', () => {
    const { rules } = judge(
      'args.yaml',
      `
task: detect
mode: train
model: yolov8n.pt
data: coco128.yaml
epochs: 100
batch: 16
device: '0'
optimizer: SGD
lr0: 0.01
`,
    );
    assert.ok(!rules.has('quoted-number'));
  });

  it('count a nanotron decay from the step where it starts', () => {
    const nanotron = (start: number) =>
      judge(
        'config.yaml',
        `
general: { project: p, run: r }
parallelism: { dp: 8, tp: 1, pp: 1 }
tokens: { micro_batch_size: 8, batch_accumulation_per_replica: 1, sequence_length: 2048, train_steps: 200000 }
optimizer:
  weight_decay: 0.01
  clip_grad: 1.0
  optimizer_factory: { name: adamW, adam_beta1: 0.9, adam_beta2: 0.95, adam_eps: 1.0e-8 }
  learning_rate_scheduler:
    learning_rate: 0.003
    lr_warmup_steps: 2000
    lr_decay_style: linear
    lr_decay_starting_step: ${start}
    lr_decay_steps: 40000
    min_decay_lr: 0
`,
      ).rules;
    assert.ok(!nanotron(160000).has('decay-too-early'));
    assert.ok(nanotron(20000).has('decay-too-early'));
  });

  it('leave the warm-up of a pretraining that goes on from a checkpoint to its recipe', () => {
    const olmo = (extra: string) =>
      judge(
        'anneal.yaml',
        `
model: { d_model: 4096, n_layers: 32, max_sequence_length: 4096 }
optimizer: { name: adamw, learning_rate: 3.0e-4, weight_decay: 0.1, betas: [0.9, 0.95] }
scheduler: { name: linear_with_warmup, t_warmup: 0 }
global_train_batch_size: 1024
device_train_microbatch_size: 2
max_grad_norm: 1.0
max_duration: 50000
${extra}`,
      ).rules;
    assert.ok(!olmo('load_path: checkpoints/step596057').has('warmup-missing'));
    assert.ok(olmo('').has('warmup-missing'));
  });

  it('take the clip range of a policy for no ε of Adam', () => {
    const run = (key: string) =>
      judge(
        'grpo.yaml',
        `
optimizer: adamw
learning_rate: 1.0e-6
batch_size: 8
epochs: 1
${key}: 0.2
`,
      ).rules;
    assert.ok(!run('epsilon').has('eps-high'));
    assert.ok(run('adam_epsilon').has('eps-high'));
  });

  it('take a rate of 2 under Noam for the multiplier it is', () => {
    const { rules } = judge(
      'config.yml',
      `
save_model: run/model
src_vocab: run/vocab.src
tgt_vocab: run/vocab.tgt
optim: adam
learning_rate: 2
decay_method: noam
warmup_steps: 8000
train_steps: 100000
batch_size: 4096
batch_type: tokens
max_grad_norm: 0
`,
    );
    assert.ok(!rules.has('lr-range'));
  });

  const llm = (method: string) => `
model_name_or_path: meta-llama/Meta-Llama-3-8B
stage: sft
finetuning_type: ${method}
template: llama3
output_dir: out
learning_rate: 2.0e-4
lr_scheduler_type: cosine
warmup_ratio: 0.1
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
num_train_epochs: 3
`;
  it('know that 2e-4 is usual for LoRA and not for all weights', () => {
    assert.ok(!judge('lora.yaml', llm('lora')).rules.has('lr-range'));
    assert.ok(judge('full.yaml', llm('full')).rules.has('lr-range'));
  });

  it('compare generously where the number of devices is not known', () => {
    const resnet = (rate: number) => `
# trainlint: architecture=resnet from-scratch=true
optimizer: sgd
momentum: 0.9
learning_rate: ${rate}
batch_size: 256
epochs: 90
`;
    assert.ok(!judge('train.yaml', resnet(0.4)).rules.has('lr-range'));
    assert.ok(judge('train.yaml', resnet(40)).rules.has('lr-range'));
  });

  it('say of a dotless float nothing where the framework casts, a hint where nobody knows', () => {
    const timm = `
model: resnet50
opt: sgd
sched: cosine
lr: 5e-2
warmup_lr: 1.0e-5
epochs: 300
batch_size: 128
drop_path: 0.1
mixup: 0.2
aa: rand-m9
`;
    assert.equal(judge('timm.yaml', timm).rules.get('float-as-string'), undefined);
    const unknown = 'optimizer: adam\nlearning_rate: 5e-4\nbatch_size: 32\nepochs: 3\n';
    assert.equal(judge('train.yaml', unknown).rules.get('float-as-string'), 'hint');
  });
});

describe('deprecated-key', () => {
  const config = `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
evaluation_strategy: epoch
`;
  const at = (transformers: string) =>
    judge('train.yaml', config, { transformers }).rules.get('deprecated-key');

  it('goes by the installed version', () => {
    assert.equal(at('4.40.2'), undefined);
    assert.equal(at('4.41.0'), 'warning');
    assert.equal(at('4.46'), 'error');
    assert.equal(at('5.18.0'), 'error');
  });
});

function judge(name: string, text: string, frameworkVersions: Record<string, string> = {}) {
  const { file } = openConfig(text.replace(/^\n/, ''), name, {
    project: { ...defaultSettings, frameworkVersions },
  });
  assert.ok(file, 'the config is recognised');
  const result = lint(file);
  return {
    rules: new Map(result.findings.map((one) => [one.rule, one.severity])),
    notRun: new Set(result.notRun.map((one) => one.rule)),
  };
}
