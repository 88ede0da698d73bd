import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount } from './support/numbers.ts';
import { isNumericField, pathText, scalarsOf } from './support/scalars.ts';

export const octalInteger: Rule = {
  scope: 'file',
  meta: {
    id: 'octal-integer',
    category: 'value',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['yaml.org/type/int.html'],
    what: text(
      'A whole number with a leading zero, which YAML 1.1 reads in base 8: `010` is 8.',
      '0으로 시작하는 정수입니다. YAML 1.1은 이를 8진수로 읽어 `010`이 8이 됩니다.',
    ),
    why: text(
      'PyYAML and OmegaConf follow YAML 1.1, where a leading zero means octal. The run then uses another number than the one on the page, without a word.',
      'PyYAML과 OmegaConf는 YAML 1.1을 따르며, 앞의 0은 8진수를 뜻합니다. 화면에 적힌 것과 다른 수로 아무 경고 없이 학습합니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'A batch of 010 is a batch of 8',
        '배치 크기 010은 8이 됩니다',
        `
output_dir: out
per_device_train_batch_size: 010
num_train_epochs: 3
learning_rate: 5.0e-5
`,
        ['per_device_train_batch_size: 010', 'per_device_train_batch_size: 10'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Without the zero',
        '앞의 0을 뺀 값',
        `
output_dir: out
per_device_train_batch_size: 10
num_train_epochs: 3
learning_rate: 5.0e-5
`,
      ),
    ],
  },
  check: (file) =>
    scalarsOf(file).flatMap(({ node, loaded, view, field, key }) => {
      if (node.style !== 'plain' || loaded.kind !== 'integer' || !/^[-+]?0\d+$/.test(node.text)) return [];
      const decimal = Number(node.text);
      if (loaded.value === decimal || !isNumericField(field)) return [];
      return [
        finding(
          node.span,
          text(
            `\`${key}: ${node.source}\` is ${formatCount(loaded.value)}: ${view.loader.name} reads a leading zero as octal. Write ${decimal} if that is what you mean.`,
            `\`${key}: ${node.source}\`의 값은 ${formatCount(loaded.value)}입니다. ${view.loader.name}은 0으로 시작하는 정수를 8진수로 읽습니다. 10진수를 뜻했다면 앞의 0을 빼고 ${decimal}이라고 쓰세요.`,
          ),
          {
            evidence: ['yaml.org/type/int.html'],
            changes: [
              {
                title: text(`Write ${decimal}`, `앞의 0을 빼고 ${decimal}만 쓰기`),
                safe: false,
                operations: [{ op: 'respell', root: view.root, path: node.path, value: decimal }],
              },
            ],
            data: { path: pathText(node.path), reads: loaded.value, written: decimal },
          },
        ),
      ];
    }),
};
