import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { parameterType } from './support/precision.ts';

const usual = defaultsOf('diffusion-pipe');
const optimizers = optimizerNames('diffusion-pipe', { adamw: 'adamw', sgd: 'sgd' });

export const diffusionPipe: Dialect = {
  id: 'diffusion-pipe',
  name: 'diffusion-pipe',
  formats: ['toml'],
  loader: loadedBy('pyyaml', 'kept', 'diffusion-pipe train.py: toml.load'),
  recognise: (view) =>
    byKeys(view, {
      all: ['optimizer', 'model.type'],
      any: [
        'adapter',
        'micro_batch_size_per_gpu',
        'pipeline_stages',
        'activation_checkpointing',
        'partition_method',
      ],
      min: 2,
      confidence: 0.95,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', 'optimizer.type', {
          // `adamw_optimi` is AdamW with compensated sums.
          read: (value) =>
            optimizers.read(
              value.kind === 'string' ? { ...value, value: value.value.replace(/_optimi$/i, '') } : value,
            ),
          write: optimizers.write,
        }),
        bind('learningRate', 'optimizer.lr'),
        ...betaPair(['optimizer.betas']),
        bind('eps', 'optimizer.eps'),
        bind('weightDecay', 'optimizer.weight_decay'),
        bind('batchPerDevice', 'micro_batch_size_per_gpu', { fallback: usual(1) }),
        bind('gradientAccumulation', 'gradient_accumulation_steps', { fallback: usual(1) }),
        bind('epochs', 'epochs'),
        bind('maxSteps', 'max_steps'),
        bind('warmupSteps', 'warmup_steps', { fallback: usual(0) }),
        always('schedule', usual('constant')),
        bind('clipNorm', 'gradient_clipping', { fallback: usual(0) }),
        bind('precision', 'model.dtype', parameterType),
        bind('model', ['model.type', 'model.ckpt_path']),
      ],
      finish(settings, view) {
        imply(
          settings,
          {
            goal: 'fine-tuning',
            fromScratch: false,
            objective: 'denoising',
            method: view.has(['adapter']) ? 'lora' : 'full',
          },
          text('diffusion-pipe tunes diffusion models', 'diffusion-pipe는 디퓨전 모델을 튜닝하는 도구'),
        );
      },
    },
  ],
};
