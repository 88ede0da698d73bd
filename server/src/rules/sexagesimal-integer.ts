import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount } from './support/numbers.ts';
import { isNumericField, pathText, scalarsOf } from './support/scalars.ts';

export const sexagesimalInteger: Rule = {
  scope: 'file',
  meta: {
    id: 'sexagesimal-integer',
    category: 'value',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['yaml.org/type/int.html'],
    what: text(
      'Digits with colons (`1:30`), which YAML 1.1 reads in base 60: 90.',
      '`1:30`처럼 콜론이 든 숫자입니다. YAML 1.1은 이를 60진수로 읽어 90이 됩니다.',
    ),
    why: text(
      'PyYAML and OmegaConf follow YAML 1.1, where colons separate base-60 digits. A duration, a ratio or a host:port pair turns into one number.',
      'PyYAML과 OmegaConf는 YAML 1.1을 따르며, 콜론으로 나뉜 수를 60진수로 읽습니다. 시간, 비율, 호스트:포트가 하나의 정수가 되어 버립니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'A time limit that becomes a number',
        '숫자가 되어 버린 시간 제한',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
time_limit: 1:30:00
`,
        ['time_limit: 1:30:00', 'time_limit: "1:30:00"'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Quoted, it stays text',
        '따옴표로 감싸면 문자열로 남습니다',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
time_limit: "1:30:00"
`,
      ),
    ],
  },
  check: (file) =>
    scalarsOf(file).flatMap(({ node, loaded, view, field, key }) => {
      const digits = node.style === 'plain' && /^[-+]?\d+(:\d+)+(\.\d*)?$/.test(node.text);
      if (!digits || (loaded.kind !== 'integer' && loaded.kind !== 'float')) return [];
      return [
        finding(
          node.span,
          text(
            `\`${key}: ${node.source}\` is the number ${formatCount(loaded.value)}: ${view.loader.name} reads colons as base 60. Quote it to keep the text.`,
            `\`${key}: ${node.source}\`의 값은 숫자 ${formatCount(loaded.value)}입니다. ${view.loader.name}은 콜론이 든 수를 60진수로 읽습니다. 글자 그대로 쓰려면 따옴표로 감싸세요.`,
          ),
          {
            severity: isNumericField(field) ? 'error' : 'warning',
            evidence: ['yaml.org/type/int.html'],
            changes: [
              {
                title: text(`Quote ${node.source}`, `${node.source}에 따옴표 붙이기`),
                safe: false,
                operations: [{ op: 'respell', root: view.root, path: node.path, value: node.text }],
              },
            ],
            data: { path: pathText(node.path), reads: loaded.value },
          },
        ),
      ];
    }),
};
