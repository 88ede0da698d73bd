import { limit } from '../knowledge/limits.ts';
import { optimizerByFrameworkName } from '../knowledge/optimizers.ts';
import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber } from './support/numbers.ts';

export const multiplierRateLow: Rule = {
  scope: 'run',
  meta: {
    id: 'multiplier-rate-low',
    category: 'learning-rate',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['limits/multiplier-rate-low', 'optimizer-names'],
    what: text(
      'An ordinary learning rate given to Prodigy or D-Adaptation, which expect about 1.',
      '1 정도를 기대하는 Prodigy나 D-Adaptation에 일반적인 학습률을 쓴 경우입니다.',
    ),
    why: text(
      'These optimizers estimate the rate themselves and multiply the estimate by the value in the file. 1e-4 there makes the steps ten thousand times too small, and the estimate cannot make up for it.',
      '이 옵티마이저들은 학습률을 스스로 추정한 뒤 설정한 값을 곱합니다. 1e-4를 쓰면 스텝이 만 배 작아지고, 추정으로도 만회하지 못합니다.',
    ),
    bad: [
      example(
        'kohya',
        'lora.toml',
        'The rate of AdamW given to Prodigy',
        'Prodigy에 AdamW의 학습률 사용',
        `
pretrained_model_name_or_path = "model.safetensors"
network_module = "networks.lora"
network_dim = 16
optimizer_type = "Prodigy"
learning_rate = 0.0001
train_batch_size = 2
max_train_epochs = 10
output_dir = "out"
`,
        ['learning_rate = 0.0001', 'learning_rate = 1'],
      ),
    ],
    good: [
      example(
        'kohya',
        'lora.toml',
        'A multiplier of 1',
        '배율 1',
        `
pretrained_model_name_or_path = "model.safetensors"
network_module = "networks.lora"
network_dim = 16
optimizer_type = "Prodigy"
learning_rate = 1.0
train_batch_size = 2
max_train_epochs = 10
output_dir = "out"
`,
      ),
    ],
  },
  check: (run) => {
    const name = valueOf(run, 'optimizer');
    const rate = valueOf(run, 'learningRate');
    if (name === undefined || rate === undefined || !isStated(run, 'learningRate')) return [];
    const row = optimizerByFrameworkName(name);
    // Adadelta's rate is a multiplier too, but a small one is in use.
    if (!row?.learningRateIsMultiplier || /adadelta/i.test(name)) return [];
    if (rate <= 0 || rate >= limit('multiplier-rate-low')) return [];
    return [
      finding(
        spanOf(run, 'learningRate', 'optimizer'),
        text(
          `The learning rate is ${formatNumber(rate)} with ${row.name}, which finds the rate itself and takes this as a multiplier. About 1 is usual (Mishchenko & Defazio 2023). Set it to 1.`,
          `${row.name}의 학습률이 ${formatNumber(rate)}입니다. 이 옵티마이저는 학습률을 스스로 찾고 이 값은 배율로 씁니다. 보통 1 정도를 씁니다(Mishchenko & Defazio 2023). 1로 설정하세요.`,
        ),
        {
          evidence: ['limits/multiplier-rate-low'],
          changes: [
            {
              title: text('Set the multiplier to 1', '배율을 1로 바꾸기'),
              safe: false,
              operations: [set('learningRate', 1)],
            },
          ],
          data: { learningRate: rate },
        },
      ),
    ];
  },
};
