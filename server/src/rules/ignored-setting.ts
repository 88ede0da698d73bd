import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { conflictFindings } from './support/setting-conflicts.ts';

export const ignoredSetting: Rule = {
  scope: 'file',
  meta: {
    id: 'ignored-setting',
    category: 'key',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['setting-conflicts'],
    what: text(
      'A setting that the framework accepts and does not use.',
      '프레임워크가 받아들이지만 쓰지 않는 설정입니다.',
    ),
    why: text(
      'Nothing fails and nothing is said: the run uses another value than the one on the page, and the experiment compares what was never changed.',
      '오류도 경고도 없습니다. 화면에 적힌 것과 다른 값으로 학습하고, 실제로는 바뀌지 않은 것을 비교하게 됩니다.',
    ),
    bad: [
      example(
        'ultralytics',
        'args.yaml',
        'A rate that `optimizer: auto` ignores',
        '`optimizer: auto`가 무시하는 학습률',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: auto
lr0: 0.002
lrf: 0.01
`,
        ['optimizer: auto', 'optimizer: SGD'],
      ),
      example(
        'deepspeed',
        'ds_config.json',
        'Two learning rates',
        '서로 다른 두 학습률',
        `
{
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": { "type": "AdamW", "params": { "lr": 0.00002 } },
  "scheduler": {
    "type": "WarmupLR",
    "params": { "warmup_max_lr": 0.001, "warmup_num_steps": 100 }
  },
  "zero_optimization": { "stage": 2 }
}
`,
        ['"warmup_max_lr": 0.001', '"warmup_max_lr": 2e-5'],
      ),
    ],
    good: [
      example(
        'ultralytics',
        'args.yaml',
        'A named optimizer uses the rate',
        '옵티마이저를 지정하면 학습률이 쓰입니다',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: SGD
lr0: 0.002
lrf: 0.01
`,
      ),
    ],
  },
  check: (file) => conflictFindings(file, 'ignored-setting'),
};
