import type { ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { absent } from './dialect.ts';
import { composerPrecision } from './llm-foundry.ts';
import { bind, defaultsOf, key, named, numberOr } from './support/bind.ts';
import { spellTime, timeIn } from './support/composer-time.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { implySize } from './support/model-size.ts';
import { numberOf } from './support/numbers.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('OLMo 0.6');
const optimizers = optimizerNames('olmo', { adamw: 'adamw', lion: 'lionw' });
const schedules = named<ScheduleKind>(
  {
    cosine_with_warmup: 'cosine',
    linear_with_warmup: 'linear',
    inverse_sqrt_with_warmup: 'inverse-sqrt',
    constant: 'constant',
    max_scheduler: 'other',
  },
  'other',
);

export const olmo: Dialect = {
  id: 'olmo',
  name: 'OLMo',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'OLMo: OmegaConf'),
  recognise: (view) =>
    byKeys(view, {
      all: ['optimizer.learning_rate', 'model'],
      any: [
        'device_train_microbatch_size',
        'global_train_batch_size',
        'max_duration',
        'scheduler.t_warmup',
        'save_interval_unsharded',
        'fsdp',
        'model.d_model',
      ],
      min: 2,
      confidence: 0.94,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', 'optimizer.name', { ...optimizers, fallback: usual('lion') }),
        bind('learningRate', 'optimizer.learning_rate', { fallback: usual(1e-4) }),
        ...betaPair(['optimizer.betas'], [0.9, 0.95], () => [0.9, 0.95], 'OLMo'),
        bind('eps', 'optimizer.eps', { fallback: usual(1e-5) }),
        bind('weightDecay', 'optimizer.weight_decay', { fallback: usual(0.01) }),
        bind('globalBatch', 'global_train_batch_size', { fallback: usual(512) }),
        bind('batchPerDevice', 'device_train_microbatch_size', { fallback: usual(16) }),
        bind('epochs', 'max_duration', { read: timeIn('ep'), write: spellTime('ep') }),
        bind('maxSteps', 'max_duration', {
          read: (value) => (value.kind === 'string' ? absent : numberOf(value)),
        }),
        bind('schedule', 'scheduler.name', { ...schedules, fallback: usual('cosine') }),
        bind('warmupSteps', 'scheduler.t_warmup', { read: (value) => numberOf(value), fallback: usual(100) }),
        bind('minLearningRateRatio', 'scheduler.alpha_f', { fallback: usual(0.1) }),
        bind('clipNorm', 'max_grad_norm', { read: numberOr(0), fallback: usual(0) }),
        bind('precision', 'precision', composerPrecision),
        bind('sequenceLength', 'model.max_sequence_length'),
      ],
      finish(settings, view) {
        implySize(settings, view, {
          layers: ['model.n_layers'],
          width: ['model.d_model'],
          feedForward: ['model.mlp_hidden_size'],
          vocabulary: ['model.vocab_size'],
        });
        imply(
          settings,
          {
            domain: 'llm',
            architecture: 'gpt',
            objective: 'pretraining',
            fromScratch: view.string(['load_path']) === undefined,
          },
          text('OLMo pretrains language models', 'OLMo는 언어 모델을 사전 학습하는 도구'),
        );
      },
    },
  ],
};
