import type { Severity } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { warmUp } from './support/changes.ts';
import { durationText, totalStepsAreCertain } from './support/duration.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount, formatPercent } from './support/numbers.ts';
import { usualById } from './support/usual.ts';

export const warmupTooLong: Rule = {
  scope: 'run',
  meta: {
    id: 'warmup-too-long',
    category: 'schedule',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['usual-values/warmup-fraction'],
    what: text(
      'Warm-up that lasts as long as the training, or most of it.',
      '워밍업이 학습 전체만큼, 또는 그 대부분을 차지하는 경우입니다.',
    ),
    why: text(
      'When warm-up is not over before training is, the learning rate never reaches the value in the file and no decay happens. Usual is 1 to 10% of the steps.',
      '학습이 끝날 때까지 워밍업이 끝나지 않으면 학습률은 설정한 값에 도달하지 못하고 감쇠도 일어나지 않습니다. 보통 전체 스텝의 1~10%입니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'More warm-up than steps',
        '전체 스텝보다 긴 워밍업',
        `
output_dir: out
per_device_train_batch_size: 8
max_steps: 500
learning_rate: 5.0e-5
lr_scheduler_type: linear
warmup_steps: 1000
`,
        ['warmup_steps: 1000', 'warmup_ratio: 0.1'],
      ),
      example(
        'ultralytics',
        'args.yaml',
        'Every epoch is warm-up',
        '모든 에폭이 워밍업',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 3
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
warmup_epochs: 3
`,
        ['warmup_epochs: 3', 'warmup_epochs: 0.3'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'A tenth of the steps',
        '전체 스텝의 10%',
        `
output_dir: out
per_device_train_batch_size: 8
max_steps: 500
learning_rate: 5.0e-5
lr_scheduler_type: linear
warmup_steps: 50
`,
      ),
    ],
  },
  check: (run) => {
    const share = warmupShare(run);
    if (!share)
      return cannotTell(
        'the warm-up or the length of the run is not known',
        '워밍업 길이나 학습 길이를 알 수 없습니다',
      );
    const { typical: usual, highest } = usualById('warmup-fraction');
    if (share.value <= highest) return [];
    const whole = share.value >= 1;
    const span = spanOf(run, 'warmupSteps', 'warmupRatio', 'warmupEpochs', 'totalSteps');
    const length = durationText(run);
    const part = formatPercent(share.value);
    const shown = warmupText(run);
    // A ratio says it all; lengths are told where both are known.
    const taken =
      shown && length
        ? text(
            `Warm-up takes ${shown.en} of a run of ${length.en}`,
            `워밍업이 ${shown.ko}, 학습 전체가 ${length.ko}이라`,
          )
        : text(`Warm-up takes ${part} of the run`, `워밍업이 학습 전체의 ${part}라`);
    return [
      finding(
        span,
        whole
          ? text(
              `${taken.en}: the learning rate never reaches its peak. Usual is up to ${formatPercent(usual)} (preference tables 2.3). Shorten it.`,
              `${taken.ko} 학습률이 최고점에 도달하지 못합니다. 보통 전체의 ${formatPercent(usual)}까지입니다(선호도 표 2.3). 줄이세요.`,
            )
          : text(
              `Warm-up takes ${formatPercent(share.value)} of the run. Usual is up to ${formatPercent(usual)} (preference tables 2.3). Shorten it, or little is trained at the full rate.`,
              `워밍업이 학습의 ${formatPercent(share.value)}입니다. 보통 ${formatPercent(usual)}까지입니다(선호도 표 2.3). 최고 학습률로 학습하는 구간이 거의 없으니 줄이세요.`,
            ),
        {
          severity: severityOf(run, whole, share.certain),
          evidence: ['usual-values/warmup-fraction'],
          changes: [warmUp(usual)],
          data: { warmupShare: share.value, certain: share.certain },
        },
      ),
    ];
  },
};

/** A run of a few steps is a smoke test, and one cut out of a longer schedule is meant to end early. */
function severityOf(run: TrainingRun, whole: boolean, certain: boolean): Severity {
  const total = valueOf(run, 'totalSteps');
  const smoke = total !== undefined && total <= limit('smoke-run-steps');
  const decay = isStated(run, 'decaySteps') ? valueOf(run, 'decaySteps') : undefined;
  const cut = total !== undefined && decay !== undefined && decay > total;
  if (smoke) return 'hint';
  if (cut) return 'information';
  // No framework refuses it: the run trains, at rates below the one in the file.
  return whole || certain ? 'warning' : 'information';
}

/** Warm-up as a share of the run, and whether that is arithmetic on what the file says. */
function warmupShare(run: TrainingRun): { value: number; certain: boolean } | undefined {
  const steps = valueOf(run, 'warmupSteps');
  const total = valueOf(run, 'totalSteps');
  const ratio = valueOf(run, 'warmupRatio');
  const epochs = valueOf(run, 'warmupEpochs');
  if (isStated(run, 'warmupRatio') && ratio !== undefined) return { value: ratio, certain: true };
  if (isStated(run, 'warmupSteps') && steps !== undefined)
    return total ? { value: steps / total, certain: totalStepsAreCertain(run) } : undefined;
  const all = valueOf(run, 'epochs');
  if (epochs !== undefined && all && !((valueOf(run, 'maxSteps') ?? 0) > 0))
    return { value: epochs / all, certain: isStated(run, 'warmupEpochs') && isStated(run, 'epochs') };
  if (steps !== undefined && total) return { value: steps / total, certain: false };
  return ratio === undefined ? undefined : { value: ratio, certain: false };
}

function warmupText(run: TrainingRun): { en: string; ko: string } | undefined {
  if (isStated(run, 'warmupEpochs')) {
    const epochs = valueOf(run, 'warmupEpochs');
    if (epochs !== undefined)
      return { en: epochs === 1 ? '1 epoch' : `${epochs} epochs`, ko: `${epochs}에폭` };
  }
  const steps = valueOf(run, 'warmupSteps');
  return steps === undefined || isStated(run, 'warmupRatio')
    ? undefined
    : { en: `${formatCount(steps)} steps`, ko: `${formatCount(steps)}스텝` };
}
