import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';
import { computeType } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const optimizers = optimizerNames('tf-garden', {
  'sgd-momentum': 'momentum',
  sgd: 'sgd',
  adam: 'adam',
  adamw: 'adamw',
  lamb: 'lamb',
  rmsprop: 'rmsprop',
});

/** TensorFlow Model Garden: `task`, `trainer.optimizer_config`; a block per chosen type holds its numbers. */
function garden(view: ConfigView): RunLayout {
  const at = (name: string) => `trainer.optimizer_config.${name}`;
  const chosen = (part: string) => view.string(key(at(`${part}.type`))) ?? 'type';
  const rate = (name: string) => at(`learning_rate.${chosen('learning_rate')}.${name}`);
  const own = (name: string) => at(`optimizer.${chosen('optimizer')}.${name}`);
  return {
    label: '',
    anchor: key(at('optimizer')),
    bindings: [
      bind('optimizer', at('optimizer.type'), { read: optimizers.read, write: () => undefined }),
      bind('learningRate', [rate('initial_learning_rate'), rate('learning_rate')]),
      bind('momentum', own('momentum')),
      bind('weightDecay', [own('weight_decay_rate'), 'task.losses.l2_weight_decay']),
      bind('globalBatch', 'task.train_data.global_batch_size'),
      bind('maxSteps', 'trainer.train_steps'),
      bind('schedule', at('learning_rate.type'), {
        read: (value) =>
          value.kind === 'string' && value.value === 'stepwise' ? 'multi-step' : scheduleByWord(value),
        write: () => undefined,
      }),
      bind('warmupSteps', at(`warmup.${chosen('warmup')}.warmup_steps`)),
      bind('clipNorm', [own('global_clipnorm'), own('gradient_clip_norm')]),
      bind('precision', 'runtime.mixed_precision_dtype', computeType),
      bind('model', 'task.model.backbone.type', { readOnly: true }),
    ],
  };
}

/** The detection and ResNet models of tensorflow/tpu, its forerunner: a `train` block, or flat keys. */
function forerunner(view: ConfigView): RunLayout {
  const usual = defaultsOf('tensorflow/tpu');
  const block = view.has(['train']) ? 'train.' : '';
  const at = (name: string) => block + name;
  return {
    label: '',
    anchor: key(block ? 'train' : 'train_batch_size'),
    bindings: [
      bind('optimizer', at('optimizer.type'), { ...optimizers, fallback: usual('sgd-momentum') }),
      bind('learningRate', [
        at('learning_rate.init_learning_rate'),
        at('base_learning_rate'),
        at('learning_rate'),
      ]),
      bind('momentum', [at('optimizer.momentum'), at('momentum')], { fallback: usual(0.9) }),
      bind('weightDecay', [at('l2_weight_decay'), at('weight_decay')]),
      bind('globalBatch', at('train_batch_size')),
      bind('maxSteps', [at('total_steps'), at('train_steps')]),
      bind('schedule', at('learning_rate.type'), {
        read: scheduleByWord,
        write: (kind) => (kind === 'step' || kind === 'cosine' ? kind : undefined),
      }),
      bind('warmupSteps', at('learning_rate.warmup_steps')),
      bind('clipNorm', at('gradient_clip_norm')),
      bind('precision', ['precision', at('precision')], computeType),
      bind('model', 'type', { readOnly: true }),
    ],
  };
}

export const tfGarden: Dialect = {
  id: 'tf-garden',
  name: 'TensorFlow Model Garden',
  formats: ['yaml'],
  loader: loadedBy(
    'jsonargparse',
    'cast',
    'tf hyperparams/params_dict.py: a loader that reads exponents without a dot',
  ),
  recognise: (view) =>
    byKeys(view, { all: ['trainer.optimizer_config', 'task'], confidence: 0.97 }) ??
    byKeys(view, {
      all: ['task', 'trainer.train_steps'],
      any: ['task.train_data', 'runtime', 'task.model'],
      confidence: 0.9,
    }) ??
    byKeys(view, {
      all: ['train'],
      any: [
        'train.total_steps',
        'train.train_batch_size',
        'train.learning_rate.init_learning_rate',
        'train.learning_rate.warmup_steps',
        'train.iterations_per_loop',
        'train.l2_weight_decay',
        'train.train_file_pattern',
      ],
      min: 2,
      confidence: 0.92,
    }) ??
    byKeys(view, {
      all: ['train_batch_size', 'train_steps'],
      any: [
        'base_learning_rate',
        'iterations_per_loop',
        'use_tpu',
        'transpose_input',
        'num_cores',
        'resnet_depth',
        'num_label_classes',
        'skip_host_call',
      ],
      min: 2,
      confidence: 0.9,
    }),
  layouts: (view) => [view.has(['trainer']) ? garden(view) : forerunner(view)],
};
