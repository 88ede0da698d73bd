import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';

/** The parser's own problems, one finding each; the rest of the file is linted as far as the tree goes. */
export const syntaxError: Rule = {
  scope: 'engine',
  meta: {
    id: 'syntax-error',
    category: 'value',
    severity: 'error',
    fix: 'none',
    since: '0.1.0',
    sources: ['yaml.org/spec/1.2.2', 'rfc-editor.org/rfc/rfc8259', 'toml.io/en/v1.0.0'],
    what: text(
      'Text that is not well-formed YAML, JSON or TOML.',
      'YAML, JSON, TOML 문법에 맞지 않는 텍스트입니다.',
    ),
    why: text(
      'The loader stops at it, usually with a message about another line. What can still be read is linted all the same.',
      '로더가 여기서 멈추며, 보통 엉뚱한 줄을 가리키는 메시지를 냅니다. 읽을 수 있는 나머지는 그대로 검사합니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'A quote that is never closed',
        '닫히지 않은 따옴표',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
run_name: "first try
`,
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Closed',
        '닫은 경우',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
run_name: "first try"
`,
      ),
    ],
  },
};
