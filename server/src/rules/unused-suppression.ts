import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';

/** Reported by the engine after suppressions were matched with findings. */
export const unusedSuppression: Rule = {
  scope: 'engine',
  meta: {
    id: 'unused-suppression',
    category: 'key',
    severity: 'hint',
    fix: 'none',
    since: '0.1.0',
    sources: ['docs/comments.md'],
    what: text(
      'A `trainlint-disable` comment that silences nothing.',
      '막는 진단이 없는 `trainlint-disable` 주석입니다.',
    ),
    why: text(
      'It outlived what it was written for, and would hide the next finding on its line.',
      '쓰인 이유가 사라졌는데 남아 있으면 그 줄의 다음 진단을 가립니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Nothing to silence on the next line',
        '다음 줄에 막을 진단이 없음',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
# trainlint-disable-next-line momentum-high -- tuned
learning_rate: 5.0e-5
`,
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Without the comment',
        '주석이 없는 경우',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
`,
      ),
    ],
  },
};
