import { bf16ModelTable } from '../knowledge/framework-facts.ts';
import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';

export const fp16Bf16Model: Rule = {
  scope: 'run',
  meta: {
    id: 'fp16-bf16-model',
    category: 'precision',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['bf16-models', 'numeric-formats/fp16'],
    what: text(
      'fp16 training of a model that was pretrained in bf16 and overflows in fp16.',
      'bf16으로 사전 학습되어 fp16에서는 넘치는 모델을 fp16으로 학습하는 경우입니다.',
    ),
    why: text(
      'fp16 ends at 65,504. T5 and Gemma carry activations beyond it; in fp16 they become infinite and the loss NaN, often after a while. bf16 has the range of fp32.',
      'fp16의 최댓값은 65,504입니다. T5와 Gemma는 이를 넘는 활성값을 가지며, fp16에서는 무한대가 되어 손실이 NaN이 됩니다. 학습 도중에 나타나기도 합니다. bf16의 범위는 fp32와 같습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'T5 in fp16',
        'fp16으로 학습하는 T5',
        `
model_name_or_path: google/flan-t5-base
output_dir: out
per_device_train_batch_size: 16
num_train_epochs: 3
learning_rate: 1.0e-4
fp16: true
`,
        ['fp16: true', 'fp16: false\nbf16: true'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'T5 in bf16',
        'bf16으로 학습하는 T5',
        `
model_name_or_path: google/flan-t5-base
output_dir: out
per_device_train_batch_size: 16
num_train_epochs: 3
learning_rate: 1.0e-4
bf16: true
`,
      ),
    ],
  },
  check: (run) => {
    const precision = valueOf(run, 'precision');
    if (precision === undefined) return cannotTell('the precision is not known', '정밀도를 알 수 없습니다');
    if (precision !== 'fp16' && precision !== 'fp16-mixed') return [];
    // The trouble is in the published weights; a model of that shape trained from nothing has its own.
    const objective = valueOf(run, 'objective');
    if (valueOf(run, 'fromScratch') === true || objective === 'pretraining' || objective === 'masked-lm')
      return [];
    const model = valueOf(run, 'model');
    if (!model) return cannotTell('the model is not known', '모델을 알 수 없습니다');
    const row = bf16ModelTable.find(({ pattern }) => new RegExp(pattern, 'i').test(model));
    if (!row || !isStated(run, 'precision')) return [];
    return [
      finding(
        spanOf(run, 'precision', 'model'),
        text(
          `${row.name} is trained in fp16. ${row.text.en} Use bf16, or fp32 on hardware without it.`,
          `${row.name} 모델을 fp16으로 학습합니다. ${row.text.ko} bf16을 쓰고, 하드웨어가 지원하지 않으면 fp32를 쓰세요.`,
        ),
        {
          evidence: [`bf16-models/${row.id}`, 'numeric-formats/fp16'],
          changes: [
            {
              title: text('Train in bf16', 'bf16으로 학습하기'),
              safe: false,
              operations: [set('precision', precision === 'fp16' ? 'bf16' : 'bf16-mixed')],
            },
          ],
          data: { model, precision },
        },
      ),
    ];
  },
};
