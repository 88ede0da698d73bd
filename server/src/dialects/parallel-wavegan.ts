import { text } from '../text.ts';
import { absent, type Dialect, type RunLayout } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { milestones } from './support/milestones.ts';
import { numberOf } from './support/numbers.ts';
import { betaPair, optimizerNames, torchClasses } from './support/optimizers.ts';
import { scheduleClass } from './support/schedules.ts';

const usual = defaultsOf('ParallelWaveGAN 0.6');
const optimizers = optimizerNames('parallel-wavegan', torchClasses);

const layout = (player: 'generator' | 'discriminator'): RunLayout => {
  const at = (name: string) => `${player}_${name}`;
  return {
    label: player,
    anchor: key(at('optimizer_params')),
    bindings: [
      bind('optimizer', at('optimizer_type'), { ...optimizers, fallback: usual('radam') }),
      bind('learningRate', at('optimizer_params.lr')),
      ...betaPair([at('optimizer_params.betas')]),
      bind('eps', at('optimizer_params.eps')),
      bind('weightDecay', at('optimizer_params.weight_decay')),
      bind('batchPerDevice', 'batch_size'),
      bind('maxSteps', 'train_max_steps'),
      bind('schedule', at('scheduler_type'), {
        read: scheduleClass,
        write: () => undefined,
        fallback: usual('step'),
      }),
      milestones(at('scheduler_params.milestones')),
      bind('decayFactor', at('scheduler_params.gamma')),
      // 0 and below switch clipping off.
      bind('clipNorm', at('grad_norm'), {
        read: (value) => {
          const norm = numberOf(value);
          return norm === undefined ? absent : Math.max(0, norm);
        },
        fallback: usual(0),
      }),
    ],
    finish(settings) {
      imply(
        settings,
        {
          architecture: player === 'generator' ? 'gan-generator' : 'gan-discriminator',
          objective: 'reconstruction',
        },
        text(
          `the keys \`${player}_…\` are the ${player}'s`,
          `\`${player}_…\` 키는 ${player === 'generator' ? '생성자' : '판별자'}의 설정`,
        ),
      );
    },
  };
};

export const parallelWavegan: Dialect = {
  id: 'parallel-wavegan',
  name: 'ParallelWaveGAN',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'parallel_wavegan bin/train.py: yaml.Loader, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['generator_optimizer_params', 'discriminator_optimizer_params'],
      any: [
        'generator_params',
        'discriminator_params',
        'train_max_steps',
        'batch_max_steps',
        'generator_grad_norm',
      ],
      confidence: 0.96,
    }),
  layouts: () => [layout('generator'), layout('discriminator')],
};
