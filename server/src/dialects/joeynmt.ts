import type { ScheduleKind } from '../run/fields.ts';
import type { Dialect } from './dialect.ts';
import { bind, defaultsOf, key, named } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('Joey NMT 2');
const optimizers = optimizerNames('joeynmt', {
  adam: 'adam',
  adamw: 'adamw',
  sgd: 'sgd',
  adagrad: 'adagrad',
  rmsprop: 'rmsprop',
});
const schedules = named<ScheduleKind>(
  {
    plateau: 'reduce-on-plateau',
    decaying: 'step',
    exponential: 'exponential',
    noam: 'noam',
    warmupinversesquareroot: 'inverse-sqrt',
    warmupexponentialdecay: 'exponential',
  },
  'other',
);
const at = (name: string) => `training.${name}`;

export const joeynmt: Dialect = {
  id: 'joeynmt',
  name: 'Joey NMT',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'joeynmt helpers.py: yaml.safe_load, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['training', 'data'],
      any: [
        'joeynmt_version',
        'testing',
        'training.scheduling',
        'training.early_stopping_metric',
        'data.src',
        'data.trg',
        'training.validation_freq',
      ],
      min: 3,
      confidence: 0.94,
    }),
  layouts: (view) => [
    {
      label: '',
      anchor: key(at('optimizer')),
      bindings: [
        bind('optimizer', at('optimizer'), { ...optimizers, fallback: usual('sgd') }),
        bind('learningRate', at('learning_rate')),
        ...betaPair([at('adam_betas')]),
        bind('weightDecay', at('weight_decay'), { fallback: usual(0) }),
        // Batches of tokens say nothing about the number of sentences.
        ...(view.string(key(at('batch_type'))) === 'token' ? [] : [bind('batchPerDevice', at('batch_size'))]),
        bind('schedule', at('scheduling'), { ...schedules, fallback: usual('constant') }),
        bind('gradientAccumulation', at('batch_multiplier'), { fallback: usual(1) }),
        bind('epochs', at('epochs')),
        bind('maxSteps', at('updates')),
        bind('warmupSteps', at('learning_rate_warmup'), { fallback: usual(0) }),
        bind('minLearningRate', at('learning_rate_min')),
        bind('clipNorm', at('clip_grad_norm'), { fallback: usual(0) }),
        bind('clipValue', at('clip_grad_val')),
        bind('precision', 'fp16', { ...mixedWhenOn(), fallback: usual('fp32') }),
      ],
    },
  ],
};
