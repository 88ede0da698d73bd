import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { knownOptimizer, optimizerName } from './support/optimizers.ts';

export const radamWarmup: Rule = {
  scope: 'run',
  meta: {
    id: 'radam-warmup',
    category: 'schedule',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['principles/schedule-radam', 'domain-preferences/nlp'],
    what: text(
      'Warm-up with RAdam, which does not need one.',
      '워밍업이 필요 없는 RAdam에 워밍업을 둔 경우입니다.',
    ),
    why: text(
      'RAdam rectifies the variance of the first steps itself: until its second moment can be trusted it steps like SGD. A warm-up on top only delays it.',
      'RAdam은 초반의 분산을 스스로 보정하며, 2차 모멘트를 믿을 수 있을 때까지 SGD처럼 움직입니다. 워밍업을 더하면 늦어질 뿐입니다.',
    ),
    bad: [
      example(
        'generic',
        'train.yaml',
        'A thousand steps of warm-up for RAdam',
        'RAdam에 1,000스텝 워밍업',
        `
# trainlint: domain=nlp
optimizer: radam
learning_rate: 0.0001
batch_size: 32
max_steps: 20000
warmup_steps: 1000
`,
        ['warmup_steps: 1000', 'warmup_steps: 0'],
      ),
    ],
    good: [
      example(
        'generic',
        'train.yaml',
        'RAdam from the first step',
        '첫 스텝부터 RAdam',
        `
# trainlint: domain=nlp
optimizer: radam
learning_rate: 0.0001
batch_size: 32
max_steps: 20000
warmup_steps: 0
`,
      ),
    ],
  },
  check: (run) => {
    const optimizer = knownOptimizer(run);
    if (optimizer !== 'radam' && optimizer !== 'ranger') return [];
    const field = (['warmupSteps', 'warmupRatio', 'warmupEpochs'] as const).find(
      (one) => isStated(run, one) && (valueOf(run, one) ?? 0) > 0,
    );
    if (!field) return [];
    const name = optimizerName(optimizer);
    return [
      finding(
        spanOf(run, field),
        text(
          `There is a warm-up, and the optimizer is ${name}. ${name} is stable without one (preference tables 5.2.2). It can go.`,
          `옵티마이저가 ${name}인데 워밍업이 있습니다. ${name} 학습은 워밍업 없이도 안정적입니다(선호도 표 5.2.2). 없애도 됩니다.`,
        ),
        {
          evidence: ['principles/schedule-radam'],
          changes: [
            {
              title: text('Train without warm-up', '워밍업 없이 학습하기'),
              safe: false,
              operations: [set(field, 0)],
            },
          ],
        },
      ),
    ];
  },
};
