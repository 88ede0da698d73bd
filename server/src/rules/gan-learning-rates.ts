import { spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, formatTimes } from './support/numbers.ts';
import { usualById } from './support/usual.ts';

export const ganLearningRates: Rule = {
  scope: 'file',
  meta: {
    id: 'gan-learning-rates',
    category: 'learning-rate',
    severity: 'information',
    fix: 'none',
    since: '0.1.0',
    sources: ['architecture-preferences/gan-discriminator', 'usual-values/gan-learning-rate-ratio'],
    what: text(
      'Generator and discriminator of a GAN with learning rates more than ten times apart.',
      'GAN의 생성자와 판별자의 학습률이 10배 넘게 차이 나는 경우입니다.',
    ),
    why: text(
      "The two may have rates of their own; the discriminator often takes one to four times the generator's. Much further apart, one network overpowers the other and the game stops.",
      '두 네트워크의 학습률은 따로 정할 수 있으며, 판별자는 보통 생성자의 1~4배를 씁니다. 차이가 너무 크면 한쪽이 다른 쪽을 압도해 학습이 멈춥니다.',
    ),
    bad: [
      example(
        'basicsr',
        'train.yml',
        'A discriminator at fifty times the rate',
        '판별자의 학습률이 50배인 경우',
        `
name: esrgan
model_type: ESRGANModel
network_g:
  type: RRDBNet
network_d:
  type: VGGStyleDiscriminator
train:
  optim_g:
    type: Adam
    lr: 0.0001
    betas: [0.5, 0.99]
  optim_d:
    type: Adam
    lr: 0.005
    betas: [0.5, 0.99]
  total_iter: 400000
`,
      ),
    ],
    good: [
      example(
        'basicsr',
        'train.yml',
        'One rate for both',
        '같은 학습률',
        `
name: esrgan
model_type: ESRGANModel
network_g:
  type: RRDBNet
network_d:
  type: VGGStyleDiscriminator
train:
  optim_g:
    type: Adam
    lr: 0.0001
    betas: [0.5, 0.99]
  optim_d:
    type: Adam
    lr: 0.0001
    betas: [0.5, 0.99]
  total_iter: 400000
`,
      ),
    ],
  },
  check: (file) => {
    const generators = file.runs.filter((run) => valueOf(run, 'architecture') === 'gan-generator');
    const discriminators = file.runs.filter((run) => valueOf(run, 'architecture') === 'gan-discriminator');
    if (generators.length === 0 && discriminators.length === 0) return [];
    const [generator] = generators;
    const [discriminator] = discriminators;
    const slow = generator && valueOf(generator, 'learningRate');
    const fast = discriminator && valueOf(discriminator, 'learningRate');
    if (!slow || !fast || !discriminator)
      return cannotTell(
        'one of the two learning rates is not known',
        '두 학습률 가운데 하나를 알 수 없습니다',
      );
    const usual = usualById('gan-learning-rate-ratio');
    const ratio = fast / slow;
    if (ratio <= usual.highest && ratio >= usual.lowest) return [];
    return [
      finding(
        spanOf(discriminator, 'learningRate', 'optimizer'),
        text(
          `The discriminator trains at ${formatNumber(fast)}, the generator at ${formatNumber(slow)}, ${formatTimes(Math.max(ratio, 1 / ratio)).en} apart. Usual is ${usual.low} to ${usual.high} times the generator's (Heusel et al. 2017). Bring them closer.`,
          `판별자의 학습률은 ${formatNumber(fast)}, 생성자는 ${formatNumber(slow)}, 차이가 ${formatTimes(Math.max(ratio, 1 / ratio)).ko}입니다. 판별자는 보통 생성자의 ${usual.low}~${usual.high}배를 씁니다(Heusel et al. 2017). 차이를 줄이세요.`,
        ),
        {
          evidence: ['usual-values/gan-learning-rate-ratio'],
          related: related(generator),
          data: { generator: slow, discriminator: fast },
        },
      ),
    ];
  },
};

function related(generator: TrainingRun | undefined) {
  if (!generator) return [];
  return [
    { span: spanOf(generator, 'learningRate'), message: text("The generator's rate", '생성자의 학습률') },
  ];
}
