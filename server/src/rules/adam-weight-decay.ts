import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber } from './support/numbers.ts';
import { knownOptimizer } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const adamWeightDecay: Rule = {
  scope: 'run',
  meta: {
    id: 'adam-weight-decay',
    category: 'regularisation',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['optimizers/adam', 'optimizers/adamw', 'usual-values/weight-decay-coupled-adaptive'],
    what: text(
      'A weight decay meant for AdamW, given to plain Adam.',
      'AdamW에 맞는 가중치 감쇠를 일반 Adam에 쓴 경우입니다.',
    ),
    why: text(
      "Adam adds the decay to the gradient and then divides by the gradient's own size: weights with large gradients hardly decay. AdamW takes the decay out of that and shrinks all weights alike.",
      'Adam은 감쇠를 그래디언트에 더한 뒤 그래디언트 크기로 나누므로, 그래디언트가 큰 가중치는 거의 줄지 않습니다. AdamW는 감쇠를 분리해 모든 가중치를 같은 비율로 줄입니다.',
    ),
    bad: [
      example(
        'generic',
        'train.yaml',
        'Decay 0.05 in Adam',
        'Adam에 감쇠 0.05',
        `
optimizer: adam
learning_rate: 0.001
weight_decay: 0.05
batch_size: 128
epochs: 20
`,
        ['optimizer: adam', 'optimizer: adamw'],
      ),
    ],
    good: [
      example(
        'generic',
        'train.yaml',
        'Decay 0.05 in AdamW',
        'AdamW에 감쇠 0.05',
        `
optimizer: adamw
learning_rate: 0.001
weight_decay: 0.05
batch_size: 128
epochs: 20
`,
      ),
    ],
  },
  check: (run) => {
    if (knownOptimizer(run) !== 'adam') return [];
    const decay = valueOf(run, 'weightDecay');
    if (decay === undefined) return cannotTell('weight decay is not known', '가중치 감쇠를 알 수 없습니다');
    const coupled = usualById('weight-decay-coupled-adaptive');
    if (decay < coupled.highest || !isStated(run, 'weightDecay')) return [];
    return [
      finding(
        spanOf(run, 'weightDecay', 'optimizer'),
        text(
          `Weight decay is ${formatNumber(decay)} with plain Adam, which adds it to the gradient. AdamW is usual for such a value (Loshchilov & Hutter 2017). Use AdamW.`,
          `가중치 감쇠가 ${formatNumber(decay)}인데 옵티마이저가 일반 Adam입니다. Adam은 감쇠를 그래디언트에 더하므로 이런 값에는 보통 AdamW를 씁니다(Loshchilov & Hutter 2017). AdamW를 쓰세요.`,
        ),
        {
          evidence: ['usual-values/weight-decay-coupled-adaptive', 'optimizers/adamw'],
          changes: [
            {
              title: text('Use AdamW', 'AdamW 사용하기'),
              safe: false,
              operations: [set('optimizer', 'adamw')],
            },
          ],
          data: { weightDecay: decay },
        },
      ),
    ];
  },
};
