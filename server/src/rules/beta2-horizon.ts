import { limit } from '../knowledge/limits.ts';
import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount, formatNumber } from './support/numbers.ts';
import { isAdamLike, optimizerOf } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const beta2Horizon: Rule = {
  scope: 'run',
  meta: {
    id: 'beta2-horizon',
    category: 'optimizer',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['limits/horizon-share', 'usual-values/beta2'],
    what: text(
      'A β₂ of Adam whose memory is longer than the whole run.',
      'Adam의 β₂가 기억하는 길이가 학습 전체보다 긴 경우입니다.',
    ),
    why: text(
      'The second moment averages over about 1 / (1 - β₂) steps. When the run is shorter, it ends before the estimate has settled, and only bias correction keeps the steps in size.',
      '2차 모멘트는 약 1 / (1 - β₂) 스텝에 걸친 평균입니다. 학습이 그보다 짧으면 추정값이 자리 잡기 전에 끝나고, 편향 보정에만 의존하게 됩니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Ten thousand steps of memory in a run of 500',
        '500스텝 학습에 10,000스텝의 기억',
        `
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
adam_beta2: 0.9999
per_device_train_batch_size: 8
max_steps: 500
warmup_steps: 50
`,
        ['adam_beta2: 0.9999', 'adam_beta2: 0.95'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Memory of twenty steps',
        '20스텝의 기억',
        `
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
adam_beta2: 0.95
per_device_train_batch_size: 8
max_steps: 500
warmup_steps: 50
`,
      ),
    ],
  },
  check: (run) => {
    const beta2 = valueOf(run, 'beta2');
    const steps = valueOf(run, 'totalSteps');
    if (beta2 === undefined || steps === undefined)
      return cannotTell('β₂ or the number of steps is not known', 'β₂나 전체 스텝 수를 알 수 없습니다');
    // The default is what everybody trains with; a word is due where somebody chose the value.
    if (!isStated(run, 'beta2') || beta2 >= 1) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const usual = usualById('beta2');
    const horizon = 1 / (1 - beta2);
    if (!isAdamLike(optimizer) || beta2 <= usual.typical || horizon <= steps * limit('horizon-share'))
      return [];
    return [
      finding(
        spanOf(run, 'beta2', 'optimizer'),
        text(
          `β₂ is ${formatNumber(beta2)}: a memory of ${formatCount(horizon)} steps in a run of ${formatCount(steps)}. Usual is ${usual.low} to ${usual.high} (Kingma & Ba 2014). Lower it.`,
          `β₂가 ${beta2}입니다. ${formatCount(horizon)}스텝을 기억하는데 학습은 ${formatCount(steps)}스텝입니다. 보통 ${usual.low}~${usual.high} 값을 씁니다(Kingma & Ba 2014). 낮추세요.`,
        ),
        {
          evidence: ['usual-values/beta2', 'limits/horizon-share'],
          changes: [
            {
              title: text(`Set β₂ to ${usual.low}`, `β₂를 ${usual.low}로 바꾸기`),
              safe: false,
              operations: [set('beta2', usual.low)],
            },
          ],
          data: { beta2, horizon, steps },
        },
      ),
    ];
  },
};
