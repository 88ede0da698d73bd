import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('torchtitan 0.1');
const optimizers = optimizerNames('torchtitan', { adamw: 'AdamW', adam: 'Adam' });

export const torchtitan: Dialect = {
  id: 'torchtitan',
  name: 'torchtitan',
  formats: ['toml'],
  loader: loadedBy('pyyaml', 'kept', 'torchtitan config_manager: tomllib'),
  recognise: (view) =>
    byKeys(view, {
      all: ['training', 'optimizer'],
      any: [
        'job',
        'model.flavor',
        'training.seq_len',
        'training.local_batch_size',
        'metrics',
        'activation_checkpoint',
        'parallelism',
        'lr_scheduler',
      ],
      min: 3,
      confidence: 0.94,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', 'optimizer.name', { ...optimizers, fallback: usual('adamw') }),
        bind('learningRate', 'optimizer.lr', { fallback: usual(8e-4) }),
        bind('beta1', 'optimizer.beta1', { fallback: usual(0.9) }),
        bind('beta2', 'optimizer.beta2', { fallback: usual(0.95) }),
        bind('eps', 'optimizer.eps', { fallback: usual(1e-8) }),
        bind('weightDecay', 'optimizer.weight_decay', { fallback: usual(0.1) }),
        bind('batchPerDevice', ['training.local_batch_size', 'training.batch_size'], { fallback: usual(8) }),
        bind('globalBatch', 'training.global_batch_size', {
          read: (value) => (value.kind === 'integer' && value.value > 0 ? value.value : undefined),
        }),
        bind('maxSteps', 'training.steps', { fallback: usual(10000) }),
        bind('warmupSteps', ['lr_scheduler.warmup_steps', 'training.warmup_steps'], { fallback: usual(200) }),
        bind('schedule', 'lr_scheduler.decay_type', {
          read: (value) =>
            value.kind === 'string'
              ? (({ linear: 'linear', cosine: 'cosine', sqrt: 'other' } as const)[value.value as 'linear'] ??
                'other')
              : undefined,
          // With `decay_ratio` the rate stays up until the last part of the run: see `finish`.
          write: (kind) =>
            kind === 'warmup-stable-decay'
              ? 'linear'
              : kind === 'linear' || kind === 'cosine'
                ? kind
                : undefined,
          fallback: usual('linear'),
        }),
        bind('cooldownRatio', 'lr_scheduler.decay_ratio'),
        bind('minLearningRateRatio', ['lr_scheduler.min_lr_factor', 'lr_scheduler.lr_min'], {
          fallback: usual(0),
        }),
        bind('clipNorm', 'training.max_norm', { fallback: usual(1) }),
        always('precision', usual('bf16-mixed')),
        bind('sequenceLength', 'training.seq_len'),
        bind('model', 'model.name'),
        bind('dataset', 'training.dataset'),
      ],
      finish(settings) {
        if (settings.cooldownRatio?.from === 'file' && settings.schedule)
          settings.schedule = { ...settings.schedule, value: 'warmup-stable-decay' };
        imply(
          settings,
          { domain: 'llm', architecture: 'gpt', objective: 'pretraining' },
          text('torchtitan pretrains language models', 'torchtitan은 언어 모델을 사전 학습하는 도구'),
        );
      },
    },
  ],
};
