import { architecturePreference } from '../knowledge/architectures.ts';
import { domainPreference } from '../knowledge/domains.ts';
import { limit } from '../knowledge/limits.ts';
import type { ScheduleKind } from '../run/fields.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { endAt, useSchedule } from './support/changes.ts';
import { durationText } from './support/duration.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { optimizerOf } from './support/optimizers.ts';
import { unlessInferred } from './support/severity.ts';
import { usualById } from './support/usual.ts';

export const lrConstant: Rule = {
  scope: 'run',
  meta: {
    id: 'lr-constant',
    category: 'schedule',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['symptoms/late-plateau', 'limits/long-run-epochs', 'limits/long-run-steps'],
    what: text(
      'A learning rate that stays the same through a long run.',
      '긴 학습 내내 학습률이 그대로인 경우입니다.',
    ),
    why: text(
      'At a constant rate the loss settles at a level set by gradient noise times the rate, and stays there. Letting the rate fall towards the end goes below that level for free. Adversarial training, reinforcement learning, preference tuning and optimizers that set their own rate are left alone: there a constant rate is usual.',
      '학습률이 일정하면 손실은 그래디언트 잡음과 학습률이 정하는 수준에서 멈춥니다. 끝으로 갈수록 학습률을 낮추면 추가 비용 없이 그 아래로 내려갑니다. 적대적 학습, 강화학습, 선호 학습, 학습률을 스스로 정하는 옵티마이저에서는 고정 학습률이 보통이므로 알리지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Thirty epochs at one rate',
        '30에폭 내내 같은 학습률',
        `
model_name_or_path: microsoft/resnet-50
output_dir: out
optim: adamw_torch
learning_rate: 1.0e-4
lr_scheduler_type: constant
per_device_train_batch_size: 32
num_train_epochs: 30
`,
        ['lr_scheduler_type: constant', 'lr_scheduler_type: cosine'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'The same run with a cosine',
        '코사인 감쇠를 쓴 같은 학습',
        `
model_name_or_path: microsoft/resnet-50
output_dir: out
optim: adamw_torch
learning_rate: 1.0e-4
lr_scheduler_type: cosine
per_device_train_batch_size: 32
num_train_epochs: 30
`,
      ),
    ],
  },
  check: (run) => {
    const schedule = valueOf(run, 'schedule');
    if (schedule === undefined)
      return cannotTell('the schedule is not known', '학습률 스케줄을 알 수 없습니다');
    // A decay to the whole of the peak (`lrf: 1.0`) decays nothing.
    const flat = isStated(run, 'minLearningRateRatio') && valueOf(run, 'minLearningRateRatio') === 1;
    if ((schedule !== 'constant' && !flat) || constantIsUsual(run)) return [];
    const optimizer = optimizerOf(run);
    // Schedule-free optimizers and those that find their own rate have no row in the tables.
    if (typeof optimizer !== 'string') return optimizer;
    // Adagrad's own steps shrink all the time.
    if (optimizer === 'adagrad') return [];
    const epochs = valueOf(run, 'epochs');
    const steps = valueOf(run, 'totalSteps');
    const limited = (valueOf(run, 'maxSteps') ?? 0) > 0;
    const byEpochs = !limited && epochs !== undefined && epochs >= limit('long-run-epochs');
    const bySteps = steps !== undefined && steps >= limit('long-run-steps');
    if (epochs === undefined && steps === undefined)
      return cannotTell('the length of the run is not known', '학습 길이를 알 수 없습니다');
    if (!byEpochs && !bySteps) return [];
    // Adapters are often trained at a constant rate, image models almost always.
    const adapters = ['lora', 'qlora'].includes(valueOf(run, 'method') ?? '');
    const length = durationText(run);
    const kind = usualKind(run);
    const advice = flat
      ? text('Let it end lower', '최종 학습률을 낮추세요')
      : kind === 'linear'
        ? text('Use linear decay', '선형 감쇠를 쓰세요')
        : text('Use cosine decay', '코사인 감쇠를 쓰세요');
    const stated = run.settings.schedule?.from !== 'inferred';
    return [
      finding(
        spanOf(run, 'schedule', 'learningRate', 'optimizer'),
        stated
          ? text(
              `The learning rate stays constant for ${length?.en}. Long runs usually let it decay, or the loss stops falling (preference tables 6.4.1). ${advice.en}.`,
              `학습률이 ${length?.ko} 내내 일정합니다. 긴 학습에서는 보통 감쇠시키며, 그러지 않으면 후반에 손실이 정체됩니다(선호도 표 6.4.1). ${advice.ko}.`,
            )
          : text(
              `No learning-rate schedule is set for ${length?.en}. Long runs usually let the rate decay, or the loss stops falling (preference tables 6.4.1). ${advice.en}, unless your code does.`,
              `${length?.ko} 학습에 학습률 스케줄 설정이 없습니다. 긴 학습에서는 보통 감쇠시키며, 그러지 않으면 후반에 손실이 정체됩니다(선호도 표 6.4.1). 코드에 스케줄이 없다면 ${advice.ko}.`,
            ),
        {
          severity: unlessInferred(run, adapters ? 'hint' : 'information', 'schedule'),
          evidence: ['symptoms/late-plateau'],
          changes: flat
            ? [endAt(usualById('min-learning-rate-fraction').typical)]
            : [useSchedule(kind), useSchedule(kind === 'cosine' ? 'linear' : 'cosine')],
          data: {
            schedule,
            ...(epochs === undefined ? {} : { epochs }),
            ...(steps === undefined ? {} : { steps }),
          },
        },
      ),
    ];
  },
};

function constantIsUsual(run: TrainingRun): boolean {
  const architecture = valueOf(run, 'architecture');
  const domain = valueOf(run, 'domain');
  const objective = valueOf(run, 'objective');
  return (
    architecture?.startsWith('gan') === true ||
    domain?.startsWith('rl-') === true ||
    domain?.startsWith('recsys-') === true ||
    objective === 'online-rl' ||
    objective === 'preference' ||
    valueOf(run, 'method') === 'prompt'
  );
}

function usualKind(run: TrainingRun): ScheduleKind {
  const architecture = valueOf(run, 'architecture');
  const domain = valueOf(run, 'domain');
  const kinds = [
    ...(architecture ? (architecturePreference(architecture).facts.schedule?.kinds ?? []) : []),
    ...(domain ? domainPreference(domain).schedule.kinds : []),
  ];
  return kinds.includes('cosine') || !kinds.includes('linear') ? 'cosine' : 'linear';
}
