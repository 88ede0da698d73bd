import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, formatRange } from './support/numbers.ts';
import { isAdamLike, optimizerName, optimizerOf } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const epsHigh: Rule = {
  scope: 'run',
  meta: {
    id: 'eps-high',
    category: 'optimizer',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['usual-values/epsilon', 'optimizers/adam'],
    what: text(
      'An ε of Adam large enough to take the adaptation out of it.',
      'Adam의 적응성을 없앨 만큼 큰 ε입니다.',
    ),
    why: text(
      'Adam divides by the root of the second moment plus ε. Where ε is larger than the usual gradient, the division no longer evens out the layers, and Adam turns into momentum with a rate divided by ε.',
      'Adam은 2차 모멘트의 제곱근에 ε을 더한 값으로 나눕니다. ε이 보통의 그래디언트보다 크면 층 사이의 차이를 고르게 하지 못하고, 학습률을 ε으로 나눈 모멘텀 방법이 됩니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'ε of 0.1',
        'ε이 0.1인 경우',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
optim: adamw_torch
adam_epsilon: 0.1
`,
        ['adam_epsilon: 0.1', 'adam_epsilon: 1.0e-8'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'The default',
        '기본값',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
optim: adamw_torch
adam_epsilon: 1.0e-8
`,
      ),
    ],
  },
  check: (run) => {
    const eps = valueOf(run, 'eps');
    if (eps === undefined) return cannotTell('ε is not known', 'ε을 알 수 없습니다');
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const usual = usualById('epsilon');
    if (!isAdamLike(optimizer) || !isStated(run, 'eps') || eps <= usual.highest) return [];
    const range = formatRange(usual.low, usual.high);
    const source = cite(usual.row.sources);
    return [
      finding(
        spanOf(run, 'eps', 'optimizer'),
        text(
          `ε is ${formatNumber(eps)}: ${optimizerName(optimizer)} then no longer adapts its steps. Usual is ${range.en} (${source.en}). Set it to ${formatNumber(usual.typical)}.`,
          `ε이 ${formatNumber(eps)}입니다. ${optimizerName(optimizer)}의 적응적 스텝이 사라지는 값입니다. 보통 ${range.ko} 범위를 씁니다(${source.ko}). ${formatNumber(usual.typical)}로 설정하세요.`,
        ),
        {
          evidence: ['usual-values/epsilon'],
          changes: [
            {
              title: text(
                `Set ε to ${formatNumber(usual.typical)}`,
                `ε을 ${formatNumber(usual.typical)}로 바꾸기`,
              ),
              safe: false,
              operations: [set('eps', usual.typical)],
            },
          ],
          data: { eps, usual: [usual.low, usual.high] },
        },
      ),
    ];
  },
};
