import { type Operation, set } from '../run/change.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, roundForConfig } from './support/numbers.ts';
import { usualById } from './support/usual.ts';

export const minLrAbovePeak: Rule = {
  scope: 'run',
  meta: {
    id: 'min-lr-above-peak',
    category: 'schedule',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['usual-values/min-learning-rate-fraction', 'megatron/core/optimizer_param_scheduler.py'],
    what: text(
      'A final learning rate above the peak: the rate rises where it should fall.',
      '최종 학습률이 최고 학습률보다 커서, 내려가야 할 학습률이 올라가는 경우입니다.',
    ),
    why: text(
      'Usually a peak was lowered and the minimum forgotten, or a fraction was taken for a rate. Some frameworks refuse it; the others raise the rate to the end.',
      '최고 학습률만 낮추고 최솟값을 잊었거나, 비율과 학습률을 혼동한 경우가 많습니다. 거부하는 프레임워크도 있지만, 나머지는 끝까지 학습률을 올립니다.',
    ),
    bad: [
      example(
        'generic',
        'pretrain.yaml',
        'A peak of 1e-5 that ends at 6e-5',
        '1e-5에서 시작해 6e-5로 끝나는 설정',
        `
optimizer: adamw
learning_rate: 0.00001
min_lr: 0.00006
scheduler: cosine
batch_size: 32
max_steps: 10000
`,
        ['min_lr: 0.00006', 'min_lr: 1.0e-6'],
      ),
    ],
    good: [
      example(
        'generic',
        'pretrain.yaml',
        'A tenth of the peak',
        '최고 학습률의 10분의 1',
        `
optimizer: adamw
learning_rate: 0.0006
min_lr: 0.00006
scheduler: cosine
batch_size: 32
max_steps: 10000
`,
      ),
    ],
  },
  check: (run) => {
    const ratio = ratioOf(run);
    const schedule = valueOf(run, 'schedule');
    if (ratio === undefined || ratio <= 1 || schedule === 'constant' || schedule === 'noam') return [];
    const peak = valueOf(run, 'learningRate');
    const final = valueOf(run, 'minLearningRate') ?? (peak === undefined ? undefined : peak * ratio);
    const usual = usualById('min-learning-rate-fraction');
    const stated = isStated(run, 'minLearningRate') ? 'minLearningRate' : 'minLearningRateRatio';
    const operation: Operation =
      stated === 'minLearningRate' && peak !== undefined
        ? set('minLearningRate', roundForConfig(peak * usual.typical))
        : set('minLearningRateRatio', usual.typical);
    const shown =
      stated === 'minLearningRate' && final !== undefined && peak !== undefined
        ? {
            en: `The final learning rate is ${formatNumber(final)}, the peak ${formatNumber(peak)}`,
            ko: `최종 학습률이 ${formatNumber(final)}, 최고 학습률이 ${formatNumber(peak)}`,
          }
        : {
            en: `The final learning rate is ${formatNumber(ratio)} times the peak; this key is a fraction, not a rate`,
            ko: `최종 학습률이 최고 학습률의 ${formatNumber(ratio)}배(이 키는 학습률이 아니라 비율)`,
          };
    return [
      finding(
        spanOf(run, stated),
        text(
          `${shown.en}: it rises instead of falling. Usual is ${usual.low} to ${usual.high} of the peak. Lower it.`,
          `${shown.ko}입니다. 학습률이 내려가지 않고 올라갑니다. 보통 최고 학습률의 ${usual.low}~${usual.high}배를 씁니다. 낮추세요.`,
        ),
        {
          evidence: ['usual-values/min-learning-rate-fraction'],
          changes: [
            {
              title: text(
                `End at ${formatNumber(usual.typical)} of the peak`,
                `최고 학습률의 ${formatNumber(usual.typical)}배로 끝내기`,
              ),
              safe: false,
              operations: [operation],
            },
          ],
          data: { ratio },
        },
      ),
    ];
  },
};

/** Final over peak rate, from what the file itself says. */
function ratioOf(run: TrainingRun): number | undefined {
  if (isStated(run, 'minLearningRateRatio')) return valueOf(run, 'minLearningRateRatio');
  const final = valueOf(run, 'minLearningRate');
  const peak = valueOf(run, 'learningRate');
  if (final === undefined || !peak || !isStated(run, 'minLearningRate') || !isStated(run, 'learningRate'))
    return undefined;
  return final / peak;
}
