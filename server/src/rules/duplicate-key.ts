import type { ConfigFile } from '../engine/config-file.ts';
import { strictnessOf } from '../knowledge/framework-facts.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';

export const duplicateKey: Rule = {
  scope: 'file',
  meta: {
    id: 'duplicate-key',
    category: 'key',
    severity: 'error',
    fix: 'none',
    since: '0.1.0',
    sources: ['loader-strictness', 'yaml.org/spec/1.2.2'],
    what: text('A key that stands twice in the same block.', '같은 블록에 두 번 나오는 키입니다.'),
    why: text(
      "PyYAML and Python's json keep the last value and say nothing, so the line you edit may be the one that does not count. OmegaConf, TOML and DeepSpeed refuse the file.",
      'PyYAML과 Python의 json은 아무 말 없이 마지막 값을 쓰므로, 고친 줄이 쓰이지 않는 줄일 수 있습니다. OmegaConf, TOML, DeepSpeed는 파일을 거부합니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Which rate is it?',
        '어느 학습률이 쓰일까요?',
        `
output_dir: out
per_device_train_batch_size: 8
learning_rate: 5.0e-5
num_train_epochs: 3
learning_rate: 2.0e-5
`,
      ),
      example(
        'deepspeed',
        'ds_config.json',
        'DeepSpeed refuses it',
        'DeepSpeed는 거부합니다',
        `
{
  "train_micro_batch_size_per_gpu": 4,
  "gradient_accumulation_steps": 2,
  "zero_optimization": { "stage": 2 },
  "gradient_accumulation_steps": 4
}
`,
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Each key once',
        '키마다 한 번씩',
        `
output_dir: out
per_device_train_batch_size: 8
learning_rate: 2.0e-5
num_train_epochs: 3
`,
      ),
    ],
  },
  check: (file) => {
    const { loader } = file.loader;
    const strict = filledInByOthers(file)
      ? undefined
      : strictnessOf('refusesDuplicateKeys', file.dialect.id, loader.id);
    return file.document.problems
      .filter(({ code }) => code === 'duplicate-key')
      .map(({ span }) => {
        const name = file.document.text.slice(span.start, span.end).replace(/["']/g, '');
        return finding(
          span,
          strict
            ? text(
                `\`${name}\` already stands in this block, and ${file.dialect.name} refuses a file with a key twice. Remove one.`,
                `\`${name}\` 키가 이 블록에 이미 있습니다. ${file.dialect.name}에서는 키가 두 번 나오는 파일을 거부합니다. 하나를 지우세요.`,
              )
            : text(
                `\`${name}\` already stands in this block. ${loader.name} keeps the last value and ignores the others. Remove one.`,
                `\`${name}\` 키가 이 블록에 이미 있습니다. ${loader.name}에서는 마지막 값만 쓰고 나머지는 무시합니다. 하나를 지우세요.`,
              ),
          {
            severity: strict ? 'error' : 'warning',
            evidence: strict ? [`loader-strictness/${strict.id}`] : [],
            data: { key: name },
          },
        );
      });
  },
};

/**
 * A DeepSpeed file with `"auto"` is read by Accelerate, which fills it in (accelerate/utils/deepspeed.py: `json.load`
 * keeps the last value) before DeepSpeed, which would refuse it, sees any key.
 */
function filledInByOthers({ dialect, document }: ConfigFile): boolean {
  return dialect.id === 'deepspeed' && /:\s*"auto"/.test(document.text);
}
