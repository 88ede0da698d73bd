import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { isNumericField, pathText, scalarsOf, stringForNumber } from './support/scalars.ts';

export const noneAsText: Rule = {
  scope: 'file',
  meta: {
    id: 'none-as-text',
    category: 'value',
    severity: 'error',
    fix: 'safe',
    since: '0.1.0',
    sources: ['yaml.org/type/null.html'],
    what: text(
      '`None` where a number is wanted: YAML reads it as the text "None".',
      '숫자 자리에 `None`을 쓴 경우입니다. YAML은 이를 문자열 "None"으로 읽습니다.',
    ),
    why: text(
      'Python prints nothing as `None`, YAML writes it `null` or `~`. The text "None" is true, is not equal to None, and breaks the first comparison with a number.',
      'Python의 `None`은 YAML에서 `null`이나 `~`로 씁니다. 문자열 "None"은 참으로 취급되고 None과 같지 않아, 숫자와 처음 비교할 때 오류가 납니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'No step limit, the Python way',
        'Python 표기로 쓴 스텝 제한 없음',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
max_steps: None
`,
        ['max_steps: None', 'max_steps: null'],
      ),
    ],
    good: [
      example(
        'torchtune',
        'full.yaml',
        'null is nothing to every loader',
        'null은 모든 로더에서 빈 값입니다',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
batch_size: 2
epochs: 1
max_steps_per_epoch: null
`,
      ),
    ],
  },
  check: (file) =>
    scalarsOf(file).flatMap(({ node, loaded, view, field, key }) => {
      const isNone = node.style === 'plain' && loaded.kind === 'string' && node.text === 'None';
      if (!isNone || !isNumericField(field)) return [];
      const treatment = stringForNumber(file, node.path);
      // yacs evaluates "None" to None.
      if (treatment === 'evaluated') return [];
      return [
        finding(
          node.span,
          text(
            `\`${key}: None\` is the text "None" to ${view.loader.name}, not an empty value. Write \`null\`.`,
            `\`${key}: None\`은 ${view.loader.name}에서 빈 값이 아니라 문자열 "None"입니다. \`null\`로 쓰세요.`,
          ),
          {
            severity: treatment === 'unverified' ? 'hint' : 'error',
            evidence: [file.loader.source],
            changes: [
              {
                title: text('Write null', 'null로 쓰기'),
                safe: true,
                operations: [{ op: 'respell', root: view.root, path: node.path, value: null }],
              },
            ],
            data: { path: pathText(node.path) },
          },
        ),
      ];
    }),
};
