import type { ConfigView, Dialect } from './dialect.ts';
import { bind, defaultsOf, key, numberOr } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('Ludwig 0.10');
const optimizers = optimizerNames('ludwig', {
  adam: 'adam',
  adamw: 'adamw',
  sgd: 'sgd',
  'sgd-momentum': 'sgd',
  adagrad: 'adagrad',
  adamax: 'adamax',
  nadam: 'nadam',
  rmsprop: 'rmsprop',
  radam: 'radam',
  lamb: 'lamb',
  lion: 'lion',
});

/** `training` was the block's name before version 0.5. */
const block = (view: ConfigView) =>
  view.has(['training']) && !view.has(['trainer']) ? 'training' : 'trainer';
const language = (view: ConfigView) => view.string(['model_type']) === 'llm';

export const ludwig: Dialect = {
  id: 'ludwig',
  name: 'Ludwig',
  formats: ['yaml', 'json'],
  loader: loadedBy('pyyaml', 'cast', 'ludwig: yaml.safe_load, then marshmallow converts'),
  recognise: (view) =>
    byKeys(view, {
      all: ['input_features', 'output_features'],
      any: ['trainer', 'training', 'combiner', 'model_type', 'preprocessing', 'defaults', 'backend'],
      confidence: 0.94,
    }),
  layouts(view) {
    const at = (name: string) => `${block(view)}.${name}`;
    const llm = language(view);
    return [
      {
        label: '',
        anchor: key(block(view)),
        bindings: [
          bind('optimizer', at('optimizer.type'), {
            ...optimizers,
            ...(llm ? {} : { fallback: usual('adam') }),
          }),
          bind('learningRate', at('learning_rate'), llm ? {} : { fallback: usual(0.001) }),
          bind('momentum', at('optimizer.momentum')),
          ...betaPair([at('optimizer.betas')]),
          bind('weightDecay', at('optimizer.weight_decay')),
          bind('batchPerDevice', at('batch_size')),
          bind('gradientAccumulation', at('gradient_accumulation_steps')),
          bind('epochs', at('epochs'), llm ? {} : { fallback: usual(100) }),
          bind('maxSteps', at('train_steps')),
          bind('schedule', at('learning_rate_scheduler.decay'), {
            read: (value) =>
              value.kind === 'boolean' ? (value.value ? 'exponential' : 'constant') : scheduleByWord(value),
            write: (kind) => (['linear', 'exponential', 'cosine'].includes(kind) ? kind : undefined),
            fallback: usual('constant'),
          }),
          bind('warmupRatio', at('learning_rate_scheduler.warmup_fraction'), { fallback: usual(0) }),
          bind('warmupEpochs', at('learning_rate_warmup_epochs')),
          bind('clipNorm', at('gradient_clipping.clipglobalnorm'), {
            read: numberOr(0),
            fallback: usual(0.5),
          }),
          bind('clipValue', at('gradient_clipping.clipvalue')),
          // -1 switches it off.
          // schema/trainer.py: 5 rounds of evaluation, -1 for none.
          bind('earlyStoppingPatience', at('early_stop'), {
            read: (value) => (value.kind === 'integer' ? Math.max(0, value.value) : undefined),
            write: (value) => value || -1,
            ...(llm ? {} : { fallback: usual(5) }),
          }),
          bind('precision', at('use_mixed_precision'), { ...mixedWhenOn(), fallback: usual('fp32') }),
          bind('model', 'base_model'),
          bind('method', 'adapter.type', { read: () => 'lora', readOnly: true }),
        ],
      },
    ];
  },
};
