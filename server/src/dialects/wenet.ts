import type { Dialect } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('WeNet 3');
const optimizers = optimizerNames('wenet', { adam: 'adam', adamw: 'adamw' });

export const wenet: Dialect = {
  id: 'wenet',
  name: 'WeNet',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'wenet bin/train.py: yaml.FullLoader, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['dataset_conf', 'optim_conf'],
      any: [
        'optim',
        'scheduler',
        'scheduler_conf',
        'accum_grad',
        'grad_clip',
        'max_epoch',
        'encoder_conf',
        'model_conf',
      ],
      min: 3,
      confidence: 0.95,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optim'),
      bindings: [
        bind('optimizer', 'optim', optimizers),
        bind('learningRate', 'optim_conf.lr'),
        bind('weightDecay', 'optim_conf.weight_decay'),
        bind('batchPerDevice', 'dataset_conf.batch_conf.batch_size'),
        bind('gradientAccumulation', 'accum_grad', { fallback: usual(1) }),
        bind('epochs', 'max_epoch', { fallback: usual(100) }),
        bind('schedule', 'scheduler', {
          read: (value) =>
            value.kind === 'string' && value.value.toLowerCase() === 'warmuplr'
              ? 'inverse-sqrt'
              : scheduleByWord(value),
          write: (kind) => (kind === 'inverse-sqrt' ? 'warmuplr' : undefined),
        }),
        bind('warmupSteps', 'scheduler_conf.warmup_steps'),
        bind('clipNorm', 'grad_clip', { fallback: usual(50) }),
        bindWhereWritten('dropout', 'encoder_conf.dropout_rate'),
        bind('precision', 'use_amp', mixedWhenOn()),
      ],
    },
  ],
};
