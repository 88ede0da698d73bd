import { principleTable } from '../knowledge/choosing.ts';
import type { ScheduleKind } from '../run/fields.ts';
import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { scheduleName, useSchedule } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { isAdamLike, optimizerName, optimizerOf } from './support/optimizers.ts';

/** Schedules that drop the rate in steps, as recipes for SGD do. */
const stepped: readonly ScheduleKind[] = ['step', 'multi-step', 'exponential'];
const transformerDomains = ['nlp', 'llm', 'cv-vit', 'timeseries-transformer'];

export const scheduleOptimizer: Rule = {
  scope: 'run',
  meta: {
    id: 'schedule-optimizer',
    category: 'schedule',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['principles/schedule-adam', 'principles/schedule-sgd'],
    what: text(
      'A stepwise schedule with Adam on a transformer.',
      '트랜스포머를 Adam으로 학습하면서 계단식 스케줄을 사용한 경우입니다.',
    ),
    why: text(
      'SGD on CNNs goes well with step decay and cosine. Adam on transformers is trained with a linear warm-up and a smooth linear or cosine decay: a sudden drop meets moments gathered at the old rate.',
      'CNN의 SGD 학습에는 스텝 감쇠와 코사인이 잘 맞습니다. 트랜스포머의 Adam 학습에는 선형 워밍업 뒤에 선형 또는 코사인으로 부드럽게 감쇠합니다. 학습률이 갑자기 떨어지면 이전 학습률에서 쌓인 모멘트와 어긋납니다.',
    ),
    bad: [
      example(
        'torchtune',
        'full.yaml',
        'Step decay for a language model',
        '언어 모델에 스텝 감쇠 사용',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
lr_scheduler:
  _component_: torch.optim.lr_scheduler.StepLR
  step_size: 100
batch_size: 2
epochs: 1
`,
        [
          'torch.optim.lr_scheduler.StepLR\n  step_size: 100\n',
          'torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup\n  step_size: 100\n  num_warmup_steps: 0\n',
        ],
      ),
    ],
    good: [
      example(
        'torchtune',
        'full.yaml',
        'Cosine decay after a warm-up',
        '워밍업 뒤 코사인 감쇠',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
lr_scheduler:
  _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup
  num_warmup_steps: 100
batch_size: 2
epochs: 1
`,
      ),
    ],
  },
  check: (run) => {
    const schedule = valueOf(run, 'schedule');
    if (!schedule) return cannotTell('the schedule is not known', '학습률 스케줄을 알 수 없습니다');
    if (!stepped.includes(schedule)) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const domain = valueOf(run, 'domain');
    if (!isAdamLike(optimizer) || !domain || !transformerDomains.includes(domain)) return [];
    // Restoration transformers such as SwinIR halve the rate at milestones.
    if (valueOf(run, 'objective') === 'restoration') return [];
    const row = principleTable.find(({ id }) => id === 'schedule-adam');
    const name = scheduleName(schedule);
    return [
      finding(
        spanOf(run, 'schedule', 'optimizer'),
        text(
          `The schedule is ${name.en}, the optimizer ${optimizerName(optimizer)}. Usual for it: linear warm-up, then linear or cosine decay (preference tables 6.2). Use cosine decay.`,
          `스케줄이 ${name.ko}, 옵티마이저가 ${optimizerName(optimizer)}입니다. 보통 선형 워밍업 뒤 선형 또는 코사인 감쇠를 씁니다(선호도 표 6.2). 코사인 감쇠를 쓰세요.`,
        ),
        {
          evidence: row ? [`principles/${row.id}`] : [],
          changes: [useSchedule('cosine'), useSchedule('linear')],
          data: { schedule, optimizer },
        },
      ),
    ];
  },
};
