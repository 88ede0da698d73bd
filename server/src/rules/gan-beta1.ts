import { withParticle } from '../korean.ts';
import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { setBeta1 } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber } from './support/numbers.ts';
import { isAdamLike, optimizerOf } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const ganBeta1: Rule = {
  scope: 'run',
  meta: {
    id: 'gan-beta1',
    category: 'stability',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['architecture-preferences/gan-generator', 'usual-values/beta1-gan'],
    what: text(
      'A GAN trained by Adam with β₁ above what adversarial training takes.',
      'GAN을 학습하는 Adam의 β₁이 적대적 학습에 쓰는 값보다 큰 경우입니다.',
    ),
    why: text(
      "The two networks of a GAN move each other's target all the time. Momentum carries each past the point the other has already left; β₁ = 0.5 keeps the memory short. In our small GAN β₁ = 0.9 lost nearly all modes and 0.5 kept all eight.",
      'GAN의 두 네트워크는 서로의 목표를 계속 움직입니다. 모멘텀이 크면 상대가 이미 떠난 지점을 지나쳐 버립니다. β₁ = 0.5는 기억을 짧게 유지합니다. 작은 GAN으로 측정했을 때 β₁ = 0.9는 모드를 거의 다 잃었고 0.5는 여덟 개를 모두 유지했습니다.',
    ),
    bad: [
      example(
        'generic',
        'dcgan.yaml',
        "Adam's default in a GAN",
        'GAN에 Adam의 기본값 사용',
        `
# trainlint: architecture=gan-generator
optimizer: adam
learning_rate: 0.0002
beta1: 0.9
batch_size: 128
epochs: 25
`,
        ['beta1: 0.9', 'beta1: 0.5'],
      ),
    ],
    good: [
      example(
        'generic',
        'dcgan.yaml',
        'The value of DCGAN',
        'DCGAN의 값',
        `
# trainlint: architecture=gan-generator
optimizer: adam
learning_rate: 0.0002
beta1: 0.5
batch_size: 128
epochs: 25
`,
      ),
    ],
  },
  check: (run) => {
    const architecture = valueOf(run, 'architecture');
    if (architecture !== 'gan-generator' && architecture !== 'gan-discriminator') return [];
    // A pixel loss holds the generator there: ESRGAN and its successors train at 0.9.
    if (['restoration', 'reconstruction'].includes(valueOf(run, 'objective') ?? '')) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    if (!isAdamLike(optimizer)) return [];
    const beta1 = valueOf(run, 'beta1');
    if (beta1 === undefined) return cannotTell('β₁ is not known', 'β₁을 알 수 없습니다');
    const { typical: usual, highest } = usualById('beta1-gan');
    if (beta1 <= highest || beta1 >= 1) return [];
    return [
      finding(
        spanOf(run, 'beta1', 'optimizer'),
        text(
          `β₁ is ${formatNumber(beta1)}. GANs are usually trained with ${usual} (Radford et al. 2015; preference tables 2.3). Set it to ${usual}.`,
          `β₁이 ${formatNumber(beta1)}입니다. GAN에는 보통 ${withParticle(String(usual), '을/를')} 씁니다(Radford et al. 2015, 선호도 표 2.3). 값을 낮추세요.`,
        ),
        {
          evidence: [`architecture-preferences/${architecture}`, 'usual-values/beta1-gan'],
          changes: [setBeta1(usual)],
          data: { beta1, usual },
        },
      ),
    ];
  },
};
