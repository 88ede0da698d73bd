import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { conflictFindings } from './support/setting-conflicts.ts';

export const misplacedKey: Rule = {
  scope: 'file',
  meta: {
    id: 'misplaced-key',
    category: 'key',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['setting-conflicts'],
    what: text(
      'A known key in a block where the framework does not look for it.',
      '아는 키이지만 프레임워크가 보지 않는 블록에 있는 경우입니다.',
    ),
    why: text(
      "The value has no effect and the default is used, usually without a word. Each case is a row of a table, read in the framework's own code.",
      '값이 효과가 없고 대개 아무 경고 없이 기본값이 쓰입니다. 각 사례는 프레임워크의 코드에서 확인해 표로 정리한 것입니다.',
    ),
    bad: [
      example(
        'deepspeed',
        'ds_config.json',
        'A rate beside the type',
        'type 옆에 쓴 학습률',
        `
{
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": {
    "type": "AdamW",
    "lr": 0.0002,
    "params": { "weight_decay": 0.01 }
  },
  "zero_optimization": { "stage": 2 }
}
`,
        ['    "lr": 0.0002,\n', ''],
        ['{ "weight_decay": 0.01 }', '{ "weight_decay": 0.01, "lr": 2e-4 }'],
      ),
    ],
    good: [
      example(
        'deepspeed',
        'ds_config.json',
        'Among the parameters',
        'params 안에 쓴 학습률',
        `
{
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": {
    "type": "AdamW",
    "params": { "lr": 0.0002, "weight_decay": 0.01 }
  },
  "zero_optimization": { "stage": 2 }
}
`,
      ),
    ],
  },
  check: (file) => conflictFindings(file, 'misplaced-key'),
};
