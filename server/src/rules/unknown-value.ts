import { withParticle } from '../korean.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { pathText } from './support/scalars.ts';

export const unknownValue: Rule = {
  scope: 'file',
  meta: {
    id: 'unknown-value',
    category: 'key',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['optimizer-names', 'transformers SchedulerType, OptimizerNames'],
    what: text(
      'The name of an optimizer, a schedule or a precision, one slip away from one the framework knows.',
      '프레임워크가 아는 이름과 한두 글자만 다른 옵티마이저, 스케줄, 정밀도 이름입니다.',
    ),
    why: text(
      'Most frameworks stop at a name they do not know, after data and model were loaded; some take their default without a word. Names far from every known one are left alone: plugins bring their own.',
      '대부분의 프레임워크는 데이터와 모델을 모두 불러온 뒤에야 모르는 이름이라며 멈추고, 일부는 아무 말 없이 기본값을 씁니다. 플러그인이 추가한 이름일 수 있어 아는 이름과 많이 다르면 알리지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Two letters swapped',
        '글자 순서가 바뀐 이름',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
optim: adamw_troch
learning_rate: 5.0e-5
`,
        ['adamw_troch', 'adamw_torch'],
      ),
      example(
        'axolotl',
        'lora.yml',
        'A letter missing',
        '글자가 하나 빠진 이름',
        `
base_model: NousResearch/Llama-3.2-1B
datasets:
  - path: data.jsonl
    type: alpaca
adapter: lora
lora_r: 16
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 1
optimizer: adamw_torch
lr_scheduler: cosin
learning_rate: 0.0002
warmup_ratio: 0.1
`,
        ['lr_scheduler: cosin\n', 'lr_scheduler: cosine\n'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'A name of its own',
        '별개의 이름',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
optim: adamw_apex_fused
lr_scheduler_type: my_own_schedule
learning_rate: 5.0e-5
`,
      ),
    ],
  },
  check: (file) => {
    if (file.dialect.id === 'generic')
      return cannotTell('the framework is not known', '프레임워크를 알 수 없습니다');
    return file.unknownWords().map(({ root, path, span, word, meant }) =>
      finding(
        span,
        text(
          `${file.dialect.name} knows no \`${word}\`. Did you mean \`${meant}\`?`,
          `\`${word}\`: ${file.dialect.name}에 없는 이름입니다. ${withParticle(`\`${meant}\``, '을/를')} 쓰려고 했나요?`,
        ),
        {
          changes: [
            {
              title: text(`Write ${meant}`, `${meant} 쓰기`),
              safe: false,
              operations: [{ op: 'respell', root, path, value: meant }],
            },
          ],
          data: { path: pathText(path), word, meant },
        },
      ),
    );
  },
};
