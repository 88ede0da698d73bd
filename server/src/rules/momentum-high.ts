import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { setBeta1, setMomentum } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount, formatNumber } from './support/numbers.ts';
import { isAdamLike, isSgdLike, optimizerOf, spokenName } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const momentumHigh: Rule = {
  scope: 'run',
  meta: {
    id: 'momentum-high',
    category: 'stability',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['usual-values/momentum', 'usual-values/beta1', 'symptoms/oscillation'],
    what: text(
      'Momentum of SGD above 0.99, or β₁ of Adam above 0.95.',
      'SGD의 모멘텀이 0.99를 넘거나 Adam의 β₁이 0.95를 넘는 경우입니다.',
    ),
    why: text(
      'Momentum μ remembers about 1 / (1 - μ) steps and multiplies the effective learning rate by as much: 0.999 is a hundred times 0.9. The loss then swings around its minimum. In Adam a large β₁ does not swing, it makes the optimizer answer late.',
      '모멘텀 μ는 약 1 / (1 - μ) 스텝을 기억하며 실효 학습률도 그만큼 커집니다. 0.999는 0.9의 100배입니다. 손실이 최솟값 주위를 오가며 진동하게 됩니다. Adam의 큰 β₁은 진동 대신 반응을 늦춥니다.',
    ),
    bad: [
      example(
        'ultralytics',
        'args.yaml',
        'A thousand steps of memory',
        '1,000스텝을 기억하는 모멘텀',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
momentum: 0.999
`,
        ['momentum: 0.999', 'momentum: 0.9'],
      ),
    ],
    good: [
      example(
        'ultralytics',
        'args.yaml',
        'The usual momentum',
        '보통의 모멘텀',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
momentum: 0.937
`,
      ),
    ],
  },
  check: (run) => {
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const name = spokenName(optimizer);
    if (isSgdLike(optimizer) || optimizer === 'rmsprop') {
      const momentum = valueOf(run, 'momentum');
      const { typical: usual, high } = usualById('momentum');
      // 1 and above do not converge at all: hyperparameter-domain says so.
      if (momentum === undefined || momentum <= high || momentum >= 1) return [];
      const times = formatCount((1 - usual) / (1 - momentum));
      return [
        finding(
          spanOf(run, 'momentum', 'optimizer'),
          text(
            `Momentum is ${formatNumber(momentum)}: an effective learning rate ${times} times that of ${usual}. Usual for ${name} is ${usual} to ${high} (preference tables 6.3). Lower it, or the loss will swing.`,
            `모멘텀이 ${formatNumber(momentum)}입니다. 실효 학습률은 모멘텀이 ${usual}일 때의 ${times}배가 됩니다. ${name}에는 보통 ${usual}~${high} 값을 씁니다(선호도 표 6.3). 손실이 진동하지 않도록 낮추세요.`,
          ),
          {
            evidence: ['usual-values/momentum', 'symptoms/oscillation'],
            changes: [setMomentum(usual)],
            data: { momentum, usual: [usual, high] },
          },
        ),
      ];
    }
    const beta1 = valueOf(run, 'beta1');
    const usual = usualById('beta1');
    if (!isAdamLike(optimizer) || beta1 === undefined || beta1 <= usual.high || beta1 >= 1) return [];
    if (!isStated(run, 'beta1')) return [];
    return [
      finding(
        spanOf(run, 'beta1', 'optimizer'),
        text(
          `β₁ is ${formatNumber(beta1)}: ${name} then averages over ${formatCount(1 / (1 - beta1))} steps and answers late. Usual is ${usual.typical}. Lower it.`,
          `β₁이 ${formatNumber(beta1)}입니다. ${name} 평균이 ${formatCount(1 / (1 - beta1))}스텝에 걸쳐 있어 반응이 늦습니다. 보통 값은 ${usual.typical}입니다. 낮추세요.`,
        ),
        {
          severity: 'information',
          evidence: ['usual-values/beta1'],
          changes: [setBeta1(usual.typical)],
          data: { beta1 },
        },
      ),
    ];
  },
};
