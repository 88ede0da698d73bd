import { withParticle } from '../korean.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { isNumericField, pathText, scalarsOf, stringForNumber } from './support/scalars.ts';

const number = /^[-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?$/;

export const quotedNumber: Rule = {
  scope: 'file',
  meta: {
    id: 'quoted-number',
    category: 'value',
    severity: 'error',
    fix: 'safe',
    since: '0.1.0',
    sources: ['hiyouga/LLaMA-Factory#1116', 'deepspeed/runtime/config_utils.py'],
    what: text(
      'A number in quotes where the framework uses the text as it is.',
      '숫자를 따옴표로 감쌌는데 프레임워크가 문자열을 그대로 쓰는 경우입니다.',
    ),
    why: text(
      'Quotes make text of a number in every format. Where the framework does not convert it, arithmetic or a comparison with it fails, often far from the line that caused it.',
      '따옴표로 감싸면 어떤 형식에서든 숫자가 문자열이 됩니다. 프레임워크가 변환하지 않으면 계산이나 비교에서 실패하며, 오류는 원인과 먼 곳에서 나기 쉽습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'A quoted learning rate',
        '따옴표로 감싼 학습률',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: "0.0003"
`,
        ['learning_rate: "0.0003"', 'learning_rate: 3.0e-4'],
      ),
    ],
    good: [
      example(
        'deepspeed',
        'ds_config.json',
        'A word that is meant: "auto"',
        '실제로 단어인 값: "auto"',
        `
{
  "train_micro_batch_size_per_gpu": "auto",
  "gradient_accumulation_steps": 4,
  "zero_optimization": { "stage": 2 }
}
`,
      ),
    ],
  },
  check: (file) =>
    scalarsOf(file).flatMap(({ node, loaded, view, field, key }) => {
      const quoted = node.style === 'single-quoted' || node.style === 'double-quoted';
      if (!quoted || loaded.kind !== 'string' || !isNumericField(field) || !number.test(node.text)) return [];
      // `device: '0'` names a device; it is no count.
      if (field === 'worldSize') return [];
      const value = Number(node.text.replaceAll('_', ''));
      const treatment = stringForNumber(file, node.path);
      if (!Number.isFinite(value) || treatment === 'cast' || treatment === 'evaluated') return [];
      const certain = treatment === 'kept';
      const plain = view.loader.spellNumber(value);
      return [
        finding(
          node.span,
          text(
            `\`${key}\` is the text ${node.source}, not a number${certain ? `, and ${file.dialect.name} uses it as it is` : ''}. Write ${plain} without quotes.`,
            `\`${key}\` 값이 숫자가 아니라 문자열 ${node.source}입니다.${certain ? ` ${file.dialect.name}에서는 문자열을 그대로 씁니다.` : ''} 따옴표 없이 ${withParticle(plain, '으로/로')} 쓰세요.`,
          ),
          {
            severity: certain ? 'error' : 'hint',
            evidence: [file.loader.source],
            changes: [
              {
                title: text(
                  `Write ${plain} without quotes`,
                  `따옴표 없이 ${withParticle(plain, '으로/로')} 쓰기`,
                ),
                safe: true,
                operations: [{ op: 'respell', root: view.root, path: node.path, value }],
              },
            ],
            data: { path: pathText(node.path), text: node.text },
          },
        ),
      ];
    }),
};
