import { numericFormat } from '../knowledge/numbers.ts';
import { set } from '../run/change.ts';
import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber } from './support/numbers.ts';
import { isAdamLike, knownOptimizer } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const epsBelowFp16: Rule = {
  scope: 'run',
  meta: {
    id: 'eps-below-fp16',
    category: 'precision',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['numeric-formats/fp16', 'usual-values/epsilon'],
    what: text(
      'Weights in pure fp16 with an ε of Adam that fp16 rounds to 0.',
      '순수 fp16 가중치에 fp16에서 0이 되는 Adam의 ε을 쓰는 경우입니다.',
    ),
    why: text(
      'The smallest number of fp16 is 6e-8; the default ε of 1e-8 becomes 0. A weight without gradient then divides 0 by 0, and one NaN spreads to all. Mixed precision keeps the optimizer in fp32 and is not affected.',
      'fp16의 가장 작은 수는 6e-8이라 기본값 ε 1e-8은 0이 됩니다. 그래디언트가 없는 가중치에서 0을 0으로 나누게 되고, NaN이 전체로 퍼집니다. 혼합 정밀도는 옵티마이저를 fp32로 두므로 해당하지 않습니다.',
    ),
    bad: [
      example(
        'litgpt',
        'config.yaml',
        'Adam in pure fp16',
        '순수 fp16으로 학습하는 Adam',
        `
checkpoint_dir: checkpoints/org/model
precision: 16-true
devices: 1
optimizer:
  class_path: torch.optim.AdamW
  init_args:
    lr: 0.0001
    eps: 0.00000001
train:
  global_batch_size: 8
  micro_batch_size: 1
  lr_warmup_steps: 10
  epochs: 1
`,
        ['eps: 0.00000001', 'eps: 1e-5'],
      ),
    ],
    good: [
      example(
        'litgpt',
        'config.yaml',
        'Mixed precision',
        '혼합 정밀도',
        `
checkpoint_dir: checkpoints/org/model
precision: 16-mixed
devices: 1
optimizer:
  class_path: torch.optim.AdamW
  init_args:
    lr: 0.0001
    eps: 0.00000001
train:
  global_batch_size: 8
  micro_batch_size: 1
  lr_warmup_steps: 10
  epochs: 1
`,
      ),
    ],
  },
  check: (run) => {
    if (valueOf(run, 'precision') !== 'fp16') return [];
    const optimizer = knownOptimizer(run);
    if (!optimizer || !isAdamLike(optimizer)) return [];
    const eps = valueOf(run, 'eps');
    if (eps === undefined) return cannotTell('ε is not known', 'ε을 알 수 없습니다');
    const { zeroBelow } = numericFormat('fp16');
    if (eps >= zeroBelow) return [];
    const better = usualById('epsilon').high;
    return [
      finding(
        spanOf(run, 'eps', 'precision'),
        text(
          `ε is ${formatNumber(eps)} and the weights are fp16, which rounds it to 0: weights without gradient become NaN. Use ${formatNumber(better)} or mixed precision.`,
          `ε이 ${formatNumber(eps)}인데 가중치가 fp16이라 0으로 반올림됩니다. 그래디언트가 없는 가중치가 NaN이 됩니다. ${formatNumber(better)}를 쓰거나 혼합 정밀도를 쓰세요.`,
        ),
        {
          evidence: ['numeric-formats/fp16'],
          changes: [
            {
              title: text(`Set ε to ${formatNumber(better)}`, `ε을 ${formatNumber(better)}로 바꾸기`),
              safe: false,
              operations: [set('eps', better)],
            },
            {
              title: text('Use mixed precision', '혼합 정밀도 쓰기'),
              safe: false,
              operations: [set('precision', 'fp16-mixed')],
            },
          ],
          data: { eps, zeroBelow },
        },
      ),
    ];
  },
};
