import assert from 'node:assert/strict';
import { applyEdits } from '../../src/document/edit.ts';
import { fixesFor } from '../../src/engine/fix.ts';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';

/** Configs that no rule has anything to say about, by what they are: file name and text. */
const sound = {
  'hf-trainer': [
    'train.yaml',
    `model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 2.0e-5
lr_scheduler_type: linear
warmup_ratio: 0.1
weight_decay: 0.01
max_grad_norm: 1.0
per_device_train_batch_size: 32
num_train_epochs: 3
`,
  ],
  'hf-json': [
    'train.json',
    `{
  "model_name_or_path": "bert-base-uncased",
  "output_dir": "out",
  "optim": "adamw_torch",
  "learning_rate": 2e-5,
  "lr_scheduler_type": "linear",
  "warmup_ratio": 0.1,
  "weight_decay": 0.01,
  "per_device_train_batch_size": 32,
  "num_train_epochs": 3
}
`,
  ],
  'llama-factory': [
    'lf.yaml',
    `model_name_or_path: meta-llama/Llama-2-7b-hf
stage: sft
finetuning_type: full
template: llama2
output_dir: out
optim: adamw_torch
learning_rate: 1.0e-5
lr_scheduler_type: cosine
warmup_ratio: 0.1
weight_decay: 0.01
max_grad_norm: 1.0
per_device_train_batch_size: 2
gradient_accumulation_steps: 8
num_train_epochs: 3
bf16: true
`,
  ],
  trl: [
    'sft.yaml',
    `model_name_or_path: Qwen/Qwen2-0.5B
dataset_name: trl-lib/Capybara
output_dir: out
optim: adamw_torch
learning_rate: 2.0e-5
lr_scheduler_type: cosine
warmup_ratio: 0.1
weight_decay: 0.01
max_grad_norm: 1.0
per_device_train_batch_size: 2
gradient_accumulation_steps: 8
num_train_epochs: 1
packing: true
max_length: 2048
`,
  ],
  torchtune: [
    'full.yaml',
    `model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
  weight_decay: 0.01
lr_scheduler:
  _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup
  num_warmup_steps: 100
batch_size: 2
gradient_accumulation_steps: 8
epochs: 1
max_steps_per_epoch: 2000
clip_grad_norm: 1.0
dtype: fp32
`,
  ],
  deepspeed: [
    'ds.json',
    `{
  "$trainlint": { "domain": "llm", "architecture": "gpt", "total-steps": "20000" },
  "train_batch_size": 512,
  "gradient_clipping": 1.0,
  "optimizer": { "type": "AdamW", "params": { "lr": 3e-4, "betas": [0.9, 0.95], "weight_decay": 0.1 } },
  "scheduler": { "type": "WarmupDecayLR", "params": { "warmup_max_lr": 3e-4, "warmup_num_steps": 500, "total_num_steps": 20000 } },
  "zero_optimization": { "stage": 2 }
}
`,
  ],
  ultralytics: [
    'args.yaml',
    `task: detect
mode: train
model: yolov8n.pt
data: coco.yaml
epochs: 100
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
momentum: 0.937
weight_decay: 0.0005
warmup_epochs: 3.0
`,
  ],
  generic: [
    'train.yaml',
    `# trainlint: architecture=resnet domain=cv-cnn from-scratch=true world-size=1
optimizer: sgd
momentum: 0.9
lr: 0.1
weight_decay: 0.0001
batch_size: 256
epochs: 90
scheduler: cosine
warmup_epochs: 5
clip_grad_norm: 1.0
`,
  ],
} as const satisfies Record<string, readonly [string, string]>;
type Kind = keyof typeof sound;

/** One slip each: the config, the rule that must speak, and what is altered. */
const slips: readonly (readonly [Kind, rule: string, from: string | RegExp, to: string])[] = [
  ['hf-trainer', 'optimizer-architecture', 'adamw_torch', 'sgd'],
  ['hf-trainer', 'lr-range', '2.0e-5', '2.0e-2'],
  ['hf-trainer', 'warmup-missing', 'warmup_ratio: 0.1', 'warmup_ratio: 0.0'],
  ['hf-trainer', 'warmup-missing', 'warmup_ratio: 0.1\n', ''],
  ['hf-trainer', 'warmup-too-long', 'warmup_ratio: 0.1', 'warmup_ratio: 1.0'],
  ['hf-trainer', 'lr-constant', /linear([\s\S]*)epochs: 3/, 'constant$1epochs: 30'],
  ['hf-trainer', 'weight-decay-range', 'weight_decay: 0.01', 'weight_decay: 5'],
  ['hf-trainer', 'float-as-string', '2.0e-5', '2e-5'],
  ['hf-json', 'lr-range', '2e-5', '2e-2'],
  ['hf-json', 'warmup-missing', '"warmup_ratio": 0.1,\n', ''],
  ['hf-json', 'optimizer-architecture', 'adamw_torch', 'sgd'],
  ['llama-factory', 'lr-range', '1.0e-5', '1.0e-2'],
  ['llama-factory', 'optimizer-architecture', 'adamw_torch', 'sgd'],
  ['llama-factory', 'warmup-missing', 'warmup_ratio: 0.1\n', ''],
  ['llama-factory', 'clipping-missing', 'max_grad_norm: 1.0', 'max_grad_norm: 0'],
  ['llama-factory', 'lr-constant', /cosine([\s\S]*)epochs: 3/, 'constant$1epochs: 30'],
  ['llama-factory', 'warmup-too-long', 'warmup_ratio: 0.1', 'warmup_ratio: 0.9'],
  ['llama-factory', 'weight-decay-range', 'weight_decay: 0.01', 'weight_decay: 2.0'],
  ['trl', 'lr-range', '2.0e-5', '2.0e-2'],
  ['trl', 'warmup-missing', 'warmup_ratio: 0.1\n', ''],
  ['trl', 'clipping-missing', 'max_grad_norm: 1.0', 'max_grad_norm: 0'],
  ['trl', 'lr-constant', /cosine([\s\S]*)epochs: 1/, 'constant$1epochs: 30'],
  ['trl', 'optimizer-architecture', 'adamw_torch', 'sgd'],
  ['torchtune', 'lr-range', '2e-5', '2e-2'],
  ['torchtune', 'optimizer-architecture', 'optim.AdamW', 'optim.SGD'],
  ['torchtune', 'warmup-missing', 'num_warmup_steps: 100', 'num_warmup_steps: 0'],
  ['torchtune', 'warmup-too-long', 'num_warmup_steps: 100', 'num_warmup_steps: 5000'],
  ['torchtune', 'clipping-missing', 'clip_grad_norm: 1.0', 'clip_grad_norm: null'],
  ['torchtune', 'clipping-missing', 'clip_grad_norm: 1.0\n', ''],
  [
    'torchtune',
    'lr-constant',
    /lr_scheduler:[\s\S]*num_warmup_steps: 100\n([\s\S]*)epochs: 1/,
    '$1epochs: 30',
  ],
  ['torchtune', 'weight-decay-range', 'weight_decay: 0.01', 'weight_decay: 3.0'],
  ['torchtune', 'warmup-missing', /lr_scheduler:[\s\S]*num_warmup_steps: 100\n/, ''],
  ['deepspeed', 'lr-range', /3e-4/g, '3e-2'],
  ['deepspeed', 'optimizer-architecture', '"AdamW"', '"SGD"'],
  ['deepspeed', 'warmup-missing', '"warmup_num_steps": 500', '"warmup_num_steps": 0'],
  ['deepspeed', 'warmup-too-long', '"warmup_num_steps": 500', '"warmup_num_steps": 30000'],
  ['deepspeed', 'clipping-missing', '"gradient_clipping": 1.0', '"gradient_clipping": 0'],
  ['deepspeed', 'lr-constant', '"WarmupDecayLR"', '"WarmupLR"'],
  ['deepspeed', 'weight-decay-range', '"weight_decay": 0.1', '"weight_decay": 2'],
  ['deepspeed', 'adam-large-batch', '512', '65536'],
  ['ultralytics', 'lr-range', 'lr0: 0.01', 'lr0: 0.9'],
  ['ultralytics', 'momentum-high', '0.937', '0.999'],
  ['ultralytics', 'weight-decay-range', '0.0005', '0.1'],
  ['ultralytics', 'warmup-too-long', 'warmup_epochs: 3.0', 'warmup_epochs: 100'],
  ['ultralytics', 'lr-constant', 'lrf: 0.01', 'lrf: 1.0'],
  ['ultralytics', 'float-as-string', 'lr0: 0.01', 'lr0: 1e-2'],
  ['generic', 'lr-range', 'lr: 0.1', 'lr: 50'],
  ['generic', 'momentum-high', 'momentum: 0.9', 'momentum: 0.999'],
  ['generic', 'weight-decay-range', '0.0001', '0.1'],
  ['generic', 'warmup-too-long', 'warmup_epochs: 5', 'warmup_epochs: 90'],
  ['generic', 'lr-batch-scaling', 'batch_size: 256', 'batch_size: 4096'],
  ['generic', 'float-as-string', 'lr: 0.1', 'lr: 1e-1'],
  [
    'generic',
    'warmup-missing',
    /architecture=resnet domain=cv-cnn([\s\S]*)sgd\nmomentum: 0.9([\s\S]*)warmup_epochs: 5/,
    'architecture=vit domain=cv-vit$1adamw$2warmup_epochs: 0',
  ],
  [
    'generic',
    'clipping-missing',
    /architecture=resnet domain=cv-cnn([\s\S]*)clip_grad_norm: 1.0/,
    'architecture=lstm$1clip_grad_norm: 0',
  ],
];

describe('a slip in a sound config', () => {
  for (const [kind, [name, text]] of Object.entries(sound))
    it(`${kind}: nothing is said of the sound config`, () => {
      assert.deepEqual(findings(text, name).found, []);
    });

  for (const [kind, rule, from, to] of slips)
    it(`${kind}: ${rule} speaks of ${to || 'what is missing'}, and its first fix heals it`, () => {
      const [name, text] = sound[kind];
      const slipped = text.replace(from, to);
      assert.notEqual(slipped, text);
      const { file, found, result } = findings(slipped, name);
      assert.ok(found.includes(rule), `found: ${found.join(', ')}`);
      const finding = result.findings.find((one) => one.rule === rule);
      const fix = finding && fixesFor(file, finding)[0];
      assert.ok(fix, 'there is a fix');
      const fixed = findings(applyEdits(slipped, fix.edits), name);
      assert.ok(!fixed.found.includes(rule), 'the fix silences it');
    });
});

function findings(text: string, name: string) {
  const { file } = openConfig(text, name);
  assert.ok(file, 'the config is recognised');
  const result = lint(file);
  return { file, result, found: result.findings.map((one) => one.rule) };
}
