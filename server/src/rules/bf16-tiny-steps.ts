import { limit } from '../knowledge/limits.ts';
import { numericFormat } from '../knowledge/numbers.ts';
import { set } from '../run/change.ts';
import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, formatPercent } from './support/numbers.ts';
import { isAdamLike, knownOptimizer } from './support/optimizers.ts';

export const bf16TinySteps: Rule = {
  scope: 'run',
  meta: {
    id: 'bf16-tiny-steps',
    category: 'precision',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['numeric-formats/bf16', 'limits/weight-scale-usual'],
    what: text(
      'All weights kept in bf16 and trained at a rate too small for bf16 to hold the steps.',
      '전체 가중치를 bf16으로만 두고, bf16이 담을 수 없을 만큼 작은 학습률로 학습하는 경우입니다.',
    ),
    why: text(
      'Neighbouring bf16 numbers lie 0.4 to 0.8% apart, so a step below about 0.2% of a weight is rounded away. Adam moves a weight by about the learning rate. Mixed precision keeps an fp32 copy that gathers the small steps; stochastic rounding or an optimizer with compensation does too.',
      '이웃한 bf16 수의 간격은 0.4~0.8%라서 가중치의 약 0.2%보다 작은 갱신은 반올림으로 사라집니다. Adam은 가중치를 학습률만큼 움직입니다. 혼합 정밀도는 fp32 사본에 작은 갱신을 모으며, 확률적 반올림이나 보상 기능이 있는 옵티마이저도 이를 막습니다.',
    ),
    bad: [
      example(
        'torchtune',
        'full.yaml',
        'Full fine-tuning in bf16 at 2e-6',
        'bf16으로 2e-6 전체 파인튜닝',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-6
batch_size: 2
epochs: 1
dtype: bf16
`,
        ['dtype: bf16', 'dtype: fp32'],
      ),
    ],
    good: [
      example(
        'torchtune',
        'full.yaml',
        'Weights in fp32',
        '가중치를 fp32로 유지',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-6
batch_size: 2
epochs: 1
dtype: fp32
`,
      ),
    ],
  },
  check: (run) => {
    if (valueOf(run, 'precision') !== 'bf16') return [];
    const method = valueOf(run, 'method');
    if (method !== undefined && method !== 'full') return [];
    const rate = valueOf(run, 'learningRate');
    if (rate === undefined) return cannotTell('the learning rate is not known', '학습률을 알 수 없습니다');
    const optimizer = knownOptimizer(run);
    if (!optimizer || !(isAdamLike(optimizer) || optimizer === 'lion')) return [];
    const format = numericFormat('bf16');
    const share = rate / limit('weight-scale-usual');
    // Weights above the usual scale lose steps sooner; only the clear case is worth a word.
    if (rate <= 0 || share * limit('rounding-margin') >= format.lostUpdate) return [];
    return [
      finding(
        spanOf(run, 'precision', 'learningRate'),
        text(
          `Weights are kept in bf16 and the learning rate is ${formatNumber(rate)}: a step moves a typical weight by ${formatPercent(share)}, and bf16 rounds away what is below ${formatPercent(format.lostUpdate)}. Mixed precision with fp32 weights is usual. Use it where memory allows.`,
          `가중치가 bf16이고 학습률이 ${formatNumber(rate)}입니다. 한 스텝이 보통 크기의 가중치를 ${formatPercent(share)} 움직이는데, bf16은 ${formatPercent(format.lostUpdate)}보다 작은 갱신을 반올림해 버립니다. 보통 fp32 가중치를 둔 혼합 정밀도를 씁니다. 메모리가 허락하면 바꾸세요.`,
        ),
        {
          evidence: ['numeric-formats/bf16', 'limits/weight-scale-usual'],
          changes: [
            {
              title: text('Mixed precision with fp32 weights', 'fp32 가중치를 둔 혼합 정밀도 쓰기'),
              safe: false,
              operations: [set('precision', 'bf16-mixed')],
            },
            {
              title: text('Keep the weights in fp32', '가중치를 fp32로 두기'),
              safe: false,
              operations: [set('precision', 'fp32')],
            },
          ],
          data: { learningRate: rate, relativeStep: share },
        },
      ),
    ];
  },
};
