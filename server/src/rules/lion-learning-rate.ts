import { optimizerById } from '../knowledge/optimizers.ts';
import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { setLearningRate } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, roundForConfig } from './support/numbers.ts';
import { knownOptimizer } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';
import { likelyRate } from './support/usual-rate.ts';

export const lionLearningRate: Rule = {
  scope: 'run',
  meta: {
    id: 'lion-learning-rate',
    category: 'learning-rate',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['usual-values/lion-learning-rate-factor', 'optimizers/lion'],
    what: text('A learning rate of AdamW given to Lion.', 'Lion에 AdamW의 학습률을 쓴 경우입니다.'),
    why: text(
      "Lion moves every weight by the full rate each step, whatever its gradient: its updates are larger than Adam's. Its authors use rates 3 to 10 times smaller and a weight decay as much larger.",
      'Lion은 그래디언트 크기와 상관없이 매 스텝 모든 가중치를 학습률만큼 움직여 갱신이 Adam보다 큽니다. 저자들은 학습률을 3~10배 작게, 가중치 감쇠를 그만큼 크게 씁니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'The rate of AdamW for BERT',
        'BERT용 AdamW 학습률',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: lion_32bit
learning_rate: 1.0e-4
warmup_ratio: 0.1
per_device_train_batch_size: 32
num_train_epochs: 3
`,
        ['learning_rate: 1.0e-4', 'learning_rate: 4.0e-6'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'Five times less than AdamW',
        'AdamW의 5분의 1',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: lion_32bit
learning_rate: 4.0e-6
warmup_ratio: 0.1
per_device_train_batch_size: 32
num_train_epochs: 3
`,
      ),
    ],
  },
  check: (run) => {
    if (knownOptimizer(run) !== 'lion') return [];
    const rate = valueOf(run, 'learningRate');
    if (rate === undefined) return cannotTell('the learning rate is not known', '학습률을 알 수 없습니다');
    const factor = usualById('lion-learning-rate-factor');
    const adamw = likelyRate(run, 'adamw');
    const high = adamw
      ? adamw.high * factor.high
      : (optimizerById('lion').defaults.lr ?? Number.POSITIVE_INFINITY) / factor.low;
    if (rate <= high) return [];
    const better = roundForConfig(
      adamw ? adamw.typical * factor.typical : (optimizerById('lion').defaults.lr ?? rate * factor.typical),
    );
    const times = `${Math.round(1 / factor.high)} to ${Math.round(1 / factor.low)}`;
    return [
      finding(
        spanOf(run, 'learningRate', 'optimizer'),
        text(
          `The learning rate is ${formatNumber(rate)} with Lion. Usual is ${times} times less than AdamW's (Chen et al. 2023). Try ${formatNumber(better)}.`,
          `Lion의 학습률이 ${formatNumber(rate)}입니다. 보통 AdamW보다 ${times.replace(' to ', '~')}배 작게 씁니다(Chen et al. 2023). ${formatNumber(better)}부터 시도하세요.`,
        ),
        {
          severity: adamw && rate > adamw.highest ? 'warning' : 'information',
          evidence: ['usual-values/lion-learning-rate-factor'],
          changes: [setLearningRate(better)],
          data: { learningRate: rate, usual: better },
        },
      ),
    ];
  },
};
