import { text } from '../text.ts';
import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { absent } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { milestones } from './support/milestones.ts';
import { numberOf } from './support/numbers.ts';
import { torchClasses, torchOptimizer } from './support/optimizers.ts';
import { scheduleClass } from './support/schedules.ts';
import { worldOf } from './support/world.ts';

const usual = defaultsOf('BasicSR 1.4');

function layout(view: ConfigView, player: 'g' | 'd', label: string): RunLayout {
  const block = `train.optim_${player}`;
  return {
    label,
    anchor: key(block),
    bindings: [
      ...torchOptimizer({
        name: `${block}.type`,
        args: block,
        framework: 'basicsr',
        spellings: torchClasses,
      }),
      bind('batchPerDevice', 'datasets.train.batch_size_per_gpu'),
      worldOf('num_gpu'),
      bind('maxSteps', 'train.total_iter'),
      bind('schedule', 'train.scheduler.type', {
        read: (value) =>
          value.kind === 'string' && /CosineAnnealingRestart/.test(value.value)
            ? 'cosine-restarts'
            : scheduleClass(value),
        write: () => undefined,
      }),
      milestones('train.scheduler.milestones'),
      bind('decayFactor', 'train.scheduler.gamma'),
      bind('minLearningRate', 'train.scheduler.eta_min'),
      bind('warmupSteps', 'train.warmup_iter', {
        // -1 means none.
        read: (value) => {
          const steps = numberOf(value);
          return steps === undefined ? absent : Math.max(0, steps);
        },
        fallback: usual(0),
      }),
      bind('model', `network_${player}.type`),
    ],
    finish(settings) {
      const names = [view.string(['model_type']), view.string(key('network_g.type'))];
      // The framework restores images; StyleGAN is the one model in it that makes them from noise.
      if (!names.some((name) => name?.startsWith('StyleGAN')))
        imply(
          settings,
          { objective: 'restoration' },
          text('BasicSR trains networks that restore images', 'BasicSR은 이미지 복원 신경망을 학습하는 도구'),
        );
      if (!view.has(key('train.optim_d'))) return;
      imply(
        settings,
        { architecture: player === 'g' ? 'gan-generator' : 'gan-discriminator' },
        text(`\`optim_${player}\` of a GAN`, `GAN의 \`optim_${player}\``),
      );
    },
  };
}

export const basicsr: Dialect = {
  id: 'basicsr',
  name: 'BasicSR',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'basicsr utils/options.py: yaml.Loader, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['train.optim_g'],
      any: ['network_g', 'datasets.train', 'model_type', 'train.total_iter', 'train.scheduler'],
      min: 2,
      confidence: 0.97,
    }),
  layouts(view) {
    const gan = view.has(key('train.optim_d'));
    return [layout(view, 'g', gan ? 'generator' : ''), ...(gan ? [layout(view, 'd', 'discriminator')] : [])];
  },
};
