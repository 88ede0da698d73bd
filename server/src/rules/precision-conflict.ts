import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { conflictFindings } from './support/setting-conflicts.ts';

export const precisionConflict: Rule = {
  scope: 'file',
  meta: {
    id: 'precision-conflict',
    category: 'precision',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['setting-conflicts'],
    what: text(
      'Two precisions switched on at once, or one that the framework refuses.',
      '정밀도 두 가지를 함께 켰거나, 프레임워크가 받지 않는 정밀도를 쓴 경우입니다.',
    ),
    why: text(
      'fp16 needs loss scaling and bf16 does not, so a trainer runs one of them. Most refuse the pair; some take one and say nothing.',
      'fp16에는 손실 스케일링이 필요하고 bf16에는 필요 없으므로 트레이너는 하나로만 학습합니다. 대부분 둘을 함께 쓰면 거부하고, 일부는 말없이 하나만 씁니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'fp16 and bf16',
        'fp16과 bf16을 함께 사용',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
bf16: true
fp16: true
`,
        ['bf16: true\nfp16: true\n', 'bf16: true\n'],
      ),
      example(
        'deepspeed',
        'ds_config.json',
        'Both blocks enabled',
        '두 블록을 모두 켠 경우',
        `
{
  "train_micro_batch_size_per_gpu": 4,
  "bf16": { "enabled": true },
  "fp16": { "enabled": true },
  "zero_optimization": { "stage": 2 }
}
`,
        ['  "fp16": { "enabled": true },\n', ''],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'bf16 alone',
        'bf16만 사용',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
bf16: true
fp16: false
`,
      ),
    ],
  },
  check: (file) => conflictFindings(file, 'precision-conflict'),
};
