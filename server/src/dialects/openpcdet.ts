import type { Dialect } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('OpenPCDet 0.6');
const optimizers = optimizerNames('openpcdet', { adam: 'adam', 'sgd-momentum': 'sgd', sgd: 'sgd' });
const at = (name: string) => `OPTIMIZATION.${name}`;

export const openpcdet: Dialect = {
  id: 'openpcdet',
  name: 'OpenPCDet',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'pcdet config.py: yaml.safe_load, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['OPTIMIZATION'],
      any: [
        'OPTIMIZATION.BATCH_SIZE_PER_GPU',
        'OPTIMIZATION.NUM_EPOCHS',
        'OPTIMIZATION.OPTIMIZER',
        'CLASS_NAMES',
        'DATA_CONFIG',
      ],
      min: 3,
      confidence: 0.97,
    }),
  layouts: (view) => [
    {
      label: '',
      anchor: key(at('OPTIMIZER')),
      bindings: [
        bind('optimizer', at('OPTIMIZER'), {
          read: optimizers.read,
          // `adam_onecycle` is optimizer and schedule in one word.
          write: (id, one, path) => (one.string(path) === 'adam_onecycle' ? undefined : optimizers.write(id)),
        }),
        bind('learningRate', at('LR')),
        // With the one-cycle optimizer MOMS is what moves; MOMENTUM is then not used.
        ...(view.string(key(at('OPTIMIZER'))) === 'adam_onecycle' ? [] : [bind('momentum', at('MOMENTUM'))]),
        bind('weightDecay', at('WEIGHT_DECAY')),
        bind('batchPerDevice', at('BATCH_SIZE_PER_GPU')),
        bind('epochs', at('NUM_EPOCHS')),
        bind('schedule', at('OPTIMIZER'), {
          read: (value) =>
            value.kind === 'string' && value.value === 'adam_onecycle' ? 'one-cycle' : 'multi-step',
          readOnly: true,
        }),
        bind('warmupEpochs', at('WARMUP_EPOCH'), {
          read: (value, one) =>
            one.boolean(key(at('LR_WARMUP'))) === true && value.kind === 'integer' ? value.value : 0,
          writeAll: (value) => [
            { path: key(at('LR_WARMUP')), value: value > 0 },
            { path: key(at('WARMUP_EPOCH')), value },
          ],
        }),
        bind('clipNorm', at('GRAD_NORM_CLIP'), { fallback: usual(0) }),
        bind('model', 'MODEL.NAME'),
      ],
    },
  ],
};
