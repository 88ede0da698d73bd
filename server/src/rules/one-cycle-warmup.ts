import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';

export const oneCycleWarmup: Rule = {
  scope: 'run',
  meta: {
    id: 'one-cycle-warmup',
    category: 'schedule',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['torch/optim/lr_scheduler.py', 'Smith & Topin 2017'],
    what: text(
      'A warm-up on top of the one-cycle schedule, which begins with one.',
      '이미 상승 구간으로 시작하는 원사이클 스케줄에 워밍업을 더한 경우입니다.',
    ),
    why: text(
      'One-cycle raises the rate over the first 30% of the run itself. A second warm-up either has no effect or starts the cycle late.',
      '원사이클은 전체의 처음 30% 동안 학습률을 스스로 올립니다. 워밍업을 더하면 효과가 없거나 사이클이 늦게 시작됩니다.',
    ),
    bad: [
      example(
        'generic',
        'train.yaml',
        'Two rises',
        '두 번 올리는 학습률',
        `
optimizer: sgd
momentum: 0.9
learning_rate: 0.1
scheduler: onecycle
warmup_steps: 500
batch_size: 128
max_steps: 10000
`,
        ['warmup_steps: 500', 'warmup_steps: 0'],
      ),
    ],
    good: [
      example(
        'generic',
        'train.yaml',
        'One-cycle alone',
        '원사이클만 사용',
        `
optimizer: sgd
momentum: 0.9
learning_rate: 0.1
scheduler: onecycle
warmup_steps: 0
batch_size: 128
max_steps: 10000
`,
      ),
    ],
  },
  check: (run) => {
    if (valueOf(run, 'schedule') !== 'one-cycle') return [];
    const field = (['warmupSteps', 'warmupRatio', 'warmupEpochs'] as const).find(
      (one) => isStated(run, one) && (valueOf(run, one) ?? 0) > 0,
    );
    if (!field) return [];
    return [
      finding(
        spanOf(run, field),
        text(
          'There is a warm-up, and the schedule is one-cycle. One-cycle rises over the first 30% by itself (Smith & Topin 2017). The warm-up can go.',
          '원사이클 스케줄에 워밍업이 더해져 있습니다. 원사이클은 처음 30% 동안 스스로 학습률을 올립니다(Smith & Topin 2017). 워밍업은 없애도 됩니다.',
        ),
        {
          changes: [
            {
              title: text('Train without the extra warm-up', '추가 워밍업 없이 학습하기'),
              safe: false,
              operations: [set(field, 0)],
            },
          ],
        },
      ),
    ];
  },
};
