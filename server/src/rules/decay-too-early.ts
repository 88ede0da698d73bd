import { limit } from '../knowledge/limits.ts';
import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount, formatPercent } from './support/numbers.ts';

export const decayTooEarly: Rule = {
  scope: 'run',
  meta: {
    id: 'decay-too-early',
    category: 'schedule',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['limits/early-decay-share'],
    what: text(
      'A decay that is over before half of the training is.',
      '감쇠가 학습의 절반도 되기 전에 끝나는 경우입니다.',
    ),
    why: text(
      'From then on every step uses the final rate. Where that is 0, the rest of the run trains nothing at all and still costs the same.',
      '그 뒤로는 모든 스텝이 최종 학습률을 씁니다. 최종 학습률이 0이면 나머지는 비용만 들고 아무것도 학습하지 않습니다.',
    ),
    bad: [
      example(
        'gpt-neox',
        'pretrain.yml',
        'Zero after a tenth of the run',
        '전체의 10%가 지나면 0이 되는 학습률',
        `
{
  "pipe_parallel_size": 1,
  "num_layers": 12,
  "hidden_size": 768,
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": { "type": "Adam", "params": { "lr": 0.0006, "betas": [0.9, 0.95] } },
  "min_lr": 0,
  "lr_decay_style": "cosine",
  "warmup": 0.01,
  "train_iters": 100000,
  "lr_decay_iters": 10000,
  "gradient_clipping": 1.0
}
`,
        ['"lr_decay_iters": 10000,', '"lr_decay_iters": 100000,'],
      ),
    ],
    good: [
      example(
        'gpt-neox',
        'pretrain.yml',
        'Decay over the whole run',
        '학습 전체에 걸친 감쇠',
        `
{
  "pipe_parallel_size": 1,
  "num_layers": 12,
  "hidden_size": 768,
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": { "type": "Adam", "params": { "lr": 0.0006, "betas": [0.9, 0.95] } },
  "min_lr": 0,
  "lr_decay_style": "cosine",
  "warmup": 0.01,
  "train_iters": 100000,
  "lr_decay_iters": 100000,
  "gradient_clipping": 1.0
}
`,
      ),
    ],
  },
  check: (run) => {
    const total = valueOf(run, 'totalSteps');
    const decay = valueOf(run, 'decaySteps');
    if (total === undefined || decay === undefined)
      return cannotTell(
        'the number of steps or the end of decay is not known',
        '전체 스텝 수나 감쇠가 끝나는 시점을 알 수 없습니다',
      );
    if (!isStated(run, 'decaySteps') || decay <= 0 || decay >= total * limit('early-decay-share')) return [];
    const schedule = valueOf(run, 'schedule');
    if (schedule === 'cosine-restarts' || schedule === 'step' || schedule === 'constant') return [];
    const final = valueOf(run, 'minLearningRate') ?? valueOf(run, 'minLearningRateRatio');
    const share = formatPercent(1 - decay / total);
    return [
      finding(
        spanOf(run, 'decaySteps', 'schedule'),
        text(
          `Decay ends at step ${formatCount(decay)} of ${formatCount(total)}. The last ${share} of the run ${final === 0 ? 'trains at a rate of 0 and changes nothing' : 'stays at the final rate'}. Usual is to let both end together. Set it to ${formatCount(total)}.`,
          `감쇠가 전체 ${formatCount(total)}스텝 중 ${formatCount(decay)}스텝에서 끝납니다. 나머지 ${share} 구간은 ${final === 0 ? '학습률이 0이라 아무것도 바뀌지 않습니다' : '최종 학습률에 머뭅니다'}. 보통 감쇠와 학습을 함께 끝냅니다. ${formatCount(total)}스텝에 맞추세요.`,
        ),
        {
          severity: final === 0 ? 'warning' : 'information',
          evidence: ['limits/early-decay-share'],
          changes: [
            {
              title: text('Let decay end with the run', '학습이 끝날 때 감쇠도 끝내기'),
              safe: false,
              operations: [set('decaySteps', total)],
            },
          ],
          data: { decaySteps: decay, totalSteps: total },
        },
      ),
    ];
  },
};
