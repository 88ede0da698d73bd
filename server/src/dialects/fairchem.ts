import type { ScheduleKind } from '../run/fields.ts';
import type { Dialect } from './dialect.ts';
import { bind, defaultsOf, key, named } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames, torchClasses } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('fairchem 1');
const optimizers = optimizerNames('fairchem', torchClasses);
const schedules = named<ScheduleKind>(
  {
    LambdaLR: 'multi-step',
    ReduceLROnPlateau: 'reduce-on-plateau',
    CosineAnnealingLR: 'cosine',
    StepLR: 'step',
    Null: 'constant',
  },
  'other',
);
const at = (name: string) => `optim.${name}`;

export const fairchem: Dialect = {
  id: 'fairchem',
  name: 'fairchem',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'fairchem common/utils.py: SafeLoader with unique keys, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['optim.lr_initial'],
      any: [
        'optim.batch_size',
        'optim.max_epochs',
        'optim.eval_every',
        'optim.clip_grad_norm',
        'optim.warmup_steps',
        'dataset',
        'task',
        'trainer',
      ],
      min: 2,
      confidence: 0.95,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optim'),
      bindings: [
        bind('optimizer', at('optimizer'), { ...optimizers, fallback: usual('adamw') }),
        bind('learningRate', at('lr_initial')),
        bind('weightDecay', [at('weight_decay'), at('optimizer_params.weight_decay')], {
          fallback: usual(0),
        }),
        bind('batchPerDevice', at('batch_size')),
        bind('gradientAccumulation', at('grad_accumulation_steps'), { fallback: usual(1) }),
        bind('epochs', at('max_epochs')),
        bind('schedule', at('scheduler'), { ...schedules, fallback: usual('multi-step') }),
        bind('decayFactor', at('lr_gamma')),
        bind('warmupSteps', at('warmup_steps')),
        bind('warmupEpochs', at('warmup_epochs')),
        bind('clipNorm', at('clip_grad_norm'), { fallback: usual(0) }),
        bind('precision', 'amp', mixedWhenOn()),
        bind('model', ['model.name', 'model']),
      ],
    },
  ],
};
