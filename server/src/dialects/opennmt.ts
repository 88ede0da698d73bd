import type { ScheduleKind } from '../run/fields.ts';
import type { ConfigView, Dialect } from './dialect.ts';
import { bind, defaultsOf, key, named } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('OpenNMT-py 3');
const optimizers = optimizerNames('opennmt', {
  sgd: 'sgd',
  adam: 'adam',
  adagrad: 'adagrad',
  adafactor: 'adafactor',
  adamw: 'fusedadam',
});
const schedules = named<ScheduleKind>(
  { noam: 'noam', noamwd: 'noam', rsqrt: 'inverse-sqrt', none: 'constant' },
  'other',
);
/** Warm-up exists only inside these decay methods; elsewhere `warmup_steps` does nothing. */
const warms = (view: ConfigView) => /^(noam|noamwd|rsqrt)$/.test(view.string(['decay_method']) ?? 'none');
/** Noam's `learning_rate` is a multiplier and no rate. */
const multiplies = (view: ConfigView) => /^noam/.test(view.string(['decay_method']) ?? '');

export const opennmt: Dialect = {
  id: 'opennmt',
  name: 'OpenNMT-py',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'cast', 'OpenNMT-py utils/parse.py: configargparse turns values into argv'),
  recognise: (view) =>
    byKeys(view, {
      any: [
        'src_vocab',
        'tgt_vocab',
        'save_data',
        'train_steps',
        'valid_steps',
        'accum_count',
        'decay_method',
        'save_model',
        'batch_type',
        'gpu_ranks',
        'bucket_size',
        'param_init_glorot',
        'max_generator_batches',
      ],
      min: 4,
      none: ['transforms_inference', 'n_best'],
      confidence: 0.93,
    }),
  layouts: (view) => [
    {
      label: '',
      anchor: key('optim'),
      bindings: [
        bind('optimizer', 'optim', { ...optimizers, fallback: usual('sgd') }),
        ...(multiplies(view) ? [] : [bind('learningRate', 'learning_rate', { fallback: usual(1) })]),
        bind('beta1', 'adam_beta1', { fallback: usual(0.9) }),
        bind('beta2', 'adam_beta2', { fallback: usual(0.999) }),
        bind('weightDecay', 'weight_decay', { fallback: usual(0) }),
        // Batches of tokens say nothing about the number of sentences.
        ...(view.string(['batch_type']) === 'tokens'
          ? []
          : [bind('batchPerDevice', 'batch_size', { fallback: usual(64) })]),
        bind('gradientAccumulation', ['accum_count.0', 'accum_count'], {
          fallback: usual(1),
          writeAll: (value, one) => [
            { path: key(one.at(['accum_count'])?.kind === 'seq' ? 'accum_count.0' : 'accum_count'), value },
          ],
        }),
        bind('worldSize', 'world_size', { fallback: usual(1), readOnly: true }),
        bind('maxSteps', 'train_steps', { fallback: usual(100000) }),
        bind('schedule', 'decay_method', {
          read: schedules.read,
          // Into and out of noam the learning rate changes its meaning.
          write: (kind) => (kind === 'noam' || multiplies(view) ? undefined : schedules.write(kind)),
          fallback: usual('constant'),
        }),
        ...(warms(view) ? [bind('warmupSteps', 'warmup_steps', { fallback: usual(4000) })] : []),
        bind('clipNorm', 'max_grad_norm', { fallback: usual(5) }),
        bind('dropout', ['dropout.0', 'dropout'], {
          fallback: usual(0.3),
          writeAll: (value, one) => [
            { path: key(one.at(['dropout'])?.kind === 'seq' ? 'dropout.0' : 'dropout'), value },
          ],
        }),
        bind('earlyStoppingPatience', 'early_stopping', { fallback: usual(0) }),
        bind('precision', 'model_dtype', {
          read: (value) =>
            value.kind === 'string'
              ? value.value === 'fp16'
                ? 'fp16-mixed'
                : value.value === 'fp32'
                  ? 'fp32'
                  : undefined
              : undefined,
          write: (value) => (value === 'fp16-mixed' ? 'fp16' : value === 'fp32' ? 'fp32' : undefined),
          fallback: usual('fp32'),
        }),
      ],
    },
  ],
};
