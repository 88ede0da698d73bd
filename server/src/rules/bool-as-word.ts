import { wordSettingTable } from '../knowledge/framework-facts.ts';
import { withParticle } from '../korean.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { pathText, scalarsOf } from './support/scalars.ts';

export const boolAsWord: Rule = {
  scope: 'file',
  meta: {
    id: 'bool-as-word',
    category: 'value',
    severity: 'error',
    fix: 'safe',
    since: '0.1.0',
    sources: ['word-settings', 'yaml.org/type/bool.html'],
    what: text(
      '`no`, `off`, `yes` or `on` where the framework wants the word: YAML 1.1 reads a boolean.',
      '단어가 필요한 자리에 쓴 `no`, `off`, `yes`, `on`입니다. YAML 1.1은 이를 불리언으로 읽습니다.',
    ),
    why: text(
      '`eval_strategy: no` reaches the Trainer as False, for which it has no strategy. In quotes the word stays a word.',
      '`eval_strategy: no`는 Trainer에 False로 전달되는데, 그런 전략은 없습니다. 따옴표로 감싸면 단어로 남습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'No evaluation, unquoted',
        '따옴표 없이 쓴 no',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
eval_strategy: no
`,
        ['eval_strategy: no', 'eval_strategy: "no"'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Quoted',
        '따옴표로 감싼 값',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
eval_strategy: "no"
bf16: yes
`,
      ),
    ],
  },
  check: (file) => {
    const rows = wordSettingTable.filter((row) => row.dialects.includes(file.dialect.id));
    return scalarsOf(file).flatMap(({ node, loaded, view, key }) => {
      if (node.style !== 'plain' || loaded.kind !== 'boolean') return [];
      const row = rows.find((one) => one.keys.includes(key) && one.words.includes(node.text));
      if (!row) return [];
      return [
        finding(
          node.span,
          text(
            `\`${key}: ${node.source}\` is the boolean ${loaded.value ? 'True' : 'False'} to ${view.loader.name}: ${row.consequence.en}. Put the word in quotes.`,
            `${withParticle(`\`${key}: ${node.source}\``, '은/는')} ${view.loader.name}에서 불리언 ${loaded.value ? 'True' : 'False'}로 읽혀, ${row.consequence.ko}. 단어를 따옴표로 감싸세요.`,
          ),
          {
            severity: row.severity,
            evidence: [`word-settings/${row.id}`],
            changes: [
              {
                title: text(`Quote ${node.source}`, `${node.source}에 따옴표 붙이기`),
                safe: true,
                operations: [{ op: 'respell', root: view.root, path: node.path, value: node.text }],
              },
            ],
            data: { path: pathText(node.path) },
          },
        ),
      ];
    });
  },
};
