import { limit } from '../knowledge/limits.ts';
import { set } from '../run/change.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Finding, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount } from './support/numbers.ts';

export const decayBeyondRun: Rule = {
  scope: 'run',
  meta: {
    id: 'decay-beyond-run',
    category: 'schedule',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['limits/late-decay-factor', 'detectron2/solver/build.py'],
    what: text(
      'A decay that ends after the training does, or a drop that never comes.',
      '감쇠가 학습보다 늦게 끝나거나, 학습률이 떨어질 시점이 학습 뒤에 있는 경우입니다.',
    ),
    why: text(
      'A cosine laid out for a longer run is cut off while the rate is still high; more than a quarter too long measurably hurts (Hoffmann et al. 2022). A milestone behind the end does nothing, and some frameworks drop it with a line in the log.',
      '더 긴 학습에 맞춘 코사인은 학습률이 높을 때 끊깁니다. 25% 넘게 길면 성능이 눈에 띄게 나빠집니다(Hoffmann et al. 2022). 학습이 끝난 뒤의 마일스톤은 효과가 없으며, 로그 한 줄만 남기고 버리는 프레임워크도 있습니다.',
    ),
    bad: [
      example(
        'gpt-neox',
        'pretrain.yml',
        'A cosine of 600,000 steps in a run of 100,000',
        '100,000스텝 학습에 600,000스텝 코사인',
        `
{
  "pipe_parallel_size": 1,
  "num_layers": 12,
  "hidden_size": 768,
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": { "type": "Adam", "params": { "lr": 0.0006, "betas": [0.9, 0.95] } },
  "min_lr": 0.00006,
  "lr_decay_style": "cosine",
  "warmup": 0.01,
  "train_iters": 100000,
  "lr_decay_iters": 600000,
  "gradient_clipping": 1.0
}
`,
        ['"lr_decay_iters": 600000,', '"lr_decay_iters": 100000,'],
      ),
    ],
    good: [
      example(
        'gpt-neox',
        'pretrain.yml',
        'Both end together',
        '함께 끝나는 설정',
        `
{
  "pipe_parallel_size": 1,
  "num_layers": 12,
  "hidden_size": 768,
  "train_micro_batch_size_per_gpu": 4,
  "optimizer": { "type": "Adam", "params": { "lr": 0.0006, "betas": [0.9, 0.95] } },
  "min_lr": 0.00006,
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
    if (total === undefined)
      return cannotTell('the number of steps is not known', '전체 스텝 수를 알 수 없습니다');
    return [...cutOff(run, total), ...lateMilestones(run, total)];
  },
};

function cutOff(run: TrainingRun, total: number): readonly Finding[] {
  const decay = valueOf(run, 'decaySteps');
  const schedule = valueOf(run, 'schedule');
  if (decay === undefined || !isStated(run, 'decaySteps') || schedule === 'cosine-restarts') return [];
  if (decay <= total * limit('late-decay-factor') || total <= limit('smoke-run-steps')) return [];
  return [
    finding(
      spanOf(run, 'decaySteps', 'schedule'),
      text(
        `Decay is laid out for ${formatCount(decay)} steps, the run has ${formatCount(total)}: it ends while the rate is still high. Usual is to let both end together (Hoffmann et al. 2022). Set it to ${formatCount(total)}.`,
        `감쇠가 ${formatCount(decay)}스텝에 맞춰져 있는데 학습은 ${formatCount(total)}스텝이라 학습률이 높을 때 끝납니다. 보통 감쇠와 학습을 함께 끝냅니다(Hoffmann et al. 2022). ${formatCount(total)}스텝에 맞추세요.`,
      ),
      {
        severity: 'information',
        evidence: ['limits/late-decay-factor'],
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
}

function lateMilestones(run: TrainingRun, total: number): readonly Finding[] {
  const milestones = valueOf(run, 'decayMilestones');
  if (!milestones || !isStated(run, 'decayMilestones')) return [];
  const late = milestones.filter((step) => step >= total);
  if (late.length === 0) return [];
  const list = late.map(formatCount).join(', ');
  return [
    finding(
      spanOf(run, 'decayMilestones', 'schedule'),
      text(
        `The learning rate is to drop at step ${list}, but the run has ${formatCount(total)} steps: that drop never comes. Move it into the run.`,
        `학습률이 ${list}스텝에서 떨어지도록 되어 있지만 학습은 ${formatCount(total)}스텝에서 끝나 떨어지지 않습니다. 학습 구간 안으로 옮기세요.`,
      ),
      {
        severity: severityOf(late, milestones, total),
        data: { milestones, totalSteps: total },
      },
    ),
  ];
}

/** A drop at the very last step is how many write a rate that stays; one behind the end was meant to come. */
function severityOf(late: readonly number[], milestones: readonly number[], total: number) {
  if (late.every((step) => step === total)) return 'hint';
  return late.length === milestones.length ? 'warning' : 'information';
}
