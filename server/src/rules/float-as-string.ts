import type { ConfigFile } from '../engine/config-file.ts';
import { withParticle } from '../korean.ts';
import { text } from '../text.ts';
import type { Finding, Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { type FileScalar, isNumericField, pathText, scalarsOf, stringForNumber } from './support/scalars.ts';

/** What anybody reads as a number with an exponent: `5e-5`, `1E6`, `3.0e5`, `.5e4`. */
const exponentNumber = /^[-+]?(\d[\d_]*(\.\d*)?|\.\d+)[eE][-+]?\d{1,3}$/;

export const floatAsString: Rule = {
  scope: 'file',
  meta: {
    id: 'float-as-string',
    category: 'value',
    severity: 'error',
    fix: 'safe',
    since: '0.1.0',
    sources: ['yaml/pyyaml#173', 'yaml.org/type/float.html'],
    what: text(
      'A number such as `5e-5` that a YAML 1.1 loader reads as text.',
      '`5e-5`처럼 쓴 숫자를 YAML 1.1 로더가 문자열로 읽는 경우입니다.',
    ),
    why: text(
      'PyYAML takes an exponent for a number only with a dot before it and a sign in it (`5.0e-5`). Without them the optimizer gets text and stops with a TypeError, or compares and multiplies text. OmegaConf, jsonargparse, JSON and TOML read `5e-5` as a number, and some frameworks convert text themselves: there the rule is silent.',
      'PyYAML은 지수 표기에 소수점과 지수 부호가 모두 있어야(`5.0e-5`) 숫자로 읽습니다. 없으면 옵티마이저가 문자열을 받아 TypeError로 멈추거나 잘못 계산합니다. OmegaConf, jsonargparse, JSON, TOML은 `5e-5`를 숫자로 읽고, 문자열을 직접 변환하는 프레임워크도 있습니다. 그런 곳에서는 알리지 않습니다.',
    ),
    bad: [
      example(
        'ultralytics',
        'args.yaml',
        'Ultralytics refuses text for `lr0`',
        'Ultralytics는 `lr0`에 문자열을 받지 않습니다',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: SGD
lr0: 1e-2 # tuned
lrf: 0.01
warmup_epochs: 3.0
`,
        ['lr0: 1e-2 # tuned', 'lr0: 0.01 # tuned'],
      ),
      example(
        'hf-trainer',
        'train.yaml',
        'HfArgumentParser hands the text on',
        'HfArgumentParser는 문자열을 그대로 넘깁니다',
        `
model_name_or_path: bert-base-uncased
output_dir: out
per_device_train_batch_size: 32
num_train_epochs: 3
learning_rate: 5e-5
warmup_ratio: 0.1
`,
        ['learning_rate: 5e-5', 'learning_rate: 5.0e-5'],
      ),
    ],
    good: [
      example(
        'torchtune',
        'full.yaml',
        'torchtune loads with OmegaConf, where 2e-5 is a number',
        'torchtune은 OmegaConf로 읽으므로 2e-5가 숫자입니다',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
batch_size: 2
epochs: 1
`,
      ),
    ],
  },
  check: (file) => scalarsOf(file).flatMap((scalar) => judge(file, scalar)),
};

function judge(file: ConfigFile, { node, loaded, view, field, key }: FileScalar): Finding[] {
  if (node.style !== 'plain' || loaded.kind !== 'string' || !exponentNumber.test(node.text)) return [];
  const value = Number(node.text.replaceAll('_', ''));
  const treatment = stringForNumber(file, node.path);
  if (!Number.isFinite(value) || treatment === 'cast' || treatment === 'evaluated') return [];
  const certain = treatment === 'kept';
  const spelling = view.loader.spellNumber(value);
  const { name } = view.loader;
  const said = `\`${key}: ${node.source}\``;
  const change = {
    title: text(`Write ${spelling}`, `${withParticle(spelling, '으로/로')} 쓰기`),
    safe: true,
    operations: [{ op: 'respell', root: view.root, path: node.path, value } as const],
  };
  const message = certain
    ? text(
        `\`${key}: ${node.source}\` is text, not a number: ${name} takes an exponent for a number only with a dot and a sign, and ${file.dialect.name} uses the text as it is. Write \`${spelling}\`.`,
        `${withParticle(said, '은/는')} 숫자가 아니라 문자열로 읽힙니다. ${withParticle(name, '은/는')} 소수점과 지수 부호가 있어야 숫자로 읽고, ${file.dialect.name}에서는 문자열을 그대로 씁니다. ${withParticle(`\`${spelling}\``, '으로/로')} 쓰세요.`,
      )
    : text(
        `\`${key}: ${node.source}\` is text to ${name}, which wants a dot and a sign in an exponent. \`${spelling}\` is a number to every loader.`,
        `${withParticle(said, '은/는')} ${name}에서 문자열로 읽힙니다(소수점과 지수 부호가 필요합니다). ${withParticle(`\`${spelling}\``, '으로/로')} 쓰면 어느 로더에서나 숫자입니다.`,
      );
  return [
    finding(node.span, message, {
      severity: certain ? (isNumericField(field) ? 'error' : 'warning') : 'hint',
      evidence: [file.loader.source],
      changes: [change],
      data: { path: pathText(node.path), text: node.text, spelling },
    }),
  ];
}
