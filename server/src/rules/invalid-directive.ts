import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';

/** Reported by the engine while it reads `# trainlint: …` and `# trainlint-disable…`. */
export const invalidDirective: Rule = {
  scope: 'engine',
  meta: {
    id: 'invalid-directive',
    category: 'key',
    severity: 'warning',
    fix: 'none',
    since: '0.1.0',
    sources: ['docs/comments.md'],
    what: text(
      'A trainlint comment with a word, a value or a rule id that does not exist.',
      '없는 단어, 값, 규칙 이름이 적힌 trainlint 주석입니다.',
    ),
    why: text(
      'A comment nobody can follow looks as if it worked.',
      '따를 수 없는 주석은 마치 효과가 있는 것처럼 보입니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'There is no domain `vision`',
        '`vision`이라는 도메인은 없습니다',
        `
# trainlint: domain=vision
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
`,
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'A domain of the tables',
        '표에 있는 도메인',
        `
# trainlint: domain=cv-vit
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
`,
      ),
    ],
  },
};
