import type { ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, firstString, key, named, positive } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { trainsMaskedModel } from './support/masked-lm.ts';
import { numberOf } from './support/numbers.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { precisionFlags } from './support/precision.ts';

const usual = defaultsOf('fairseq 0.12');
/** fairseq's `adam` takes the decay from the weights, as AdamW does. */
const optimizers = optimizerNames('fairseq', {
  adamw: 'adam',
  adagrad: 'adagrad',
  adafactor: 'adafactor',
  sgd: 'sgd',
  'sgd-momentum': 'sgd',
  nag: 'nag',
  adamax: 'adamax',
  lamb: 'lamb',
});
const schedules = named<ScheduleKind>(
  {
    cosine: 'cosine',
    inverse_sqrt: 'inverse-sqrt',
    polynomial_decay: 'polynomial',
    fixed: 'constant',
    reduce_lr_on_plateau: 'reduce-on-plateau',
    step: 'step',
  },
  'other',
);

export const fairseq: Dialect = {
  id: 'fairseq',
  name: 'fairseq',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'fairseq hydra_train: Hydra and OmegaConf'),
  recognise: (view) =>
    byKeys(view, {
      all: ['optimization'],
      any: [
        'optimization.lr',
        'optimization.max_update',
        'optimization.update_freq',
        'optimization.max_epoch',
        'task._name',
        'criterion._name',
        'optimizer._name',
        'lr_scheduler._name',
        'dataset.max_tokens',
        'common.fp16',
        'distributed_training',
      ],
      min: 3,
      confidence: 0.95,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', ['optimizer._name', 'optimizer'], optimizers),
        bind('learningRate', ['optimization.lr.0', 'optimization.lr', 'optimizer.lr.0'], {
          // A composite optimizer takes the rates of its groups instead.
          read: (value, view) =>
            view.string(key('optimizer._name')) === 'composite' ? undefined : numberOf(value),
          writeAll: (value, view) => {
            const list = view.at(key('optimization.lr'));
            if (list?.kind === 'seq' && list.items.length > 0)
              return [{ path: key('optimization.lr.0'), value }];
            return [{ path: key('optimization.lr'), value: list?.kind === 'scalar' ? value : [value] }];
          },
        }),
        ...betaPair(['optimizer.adam_betas']),
        bind('eps', 'optimizer.adam_eps'),
        bind('momentum', 'optimizer.momentum'),
        bind('weightDecay', 'optimizer.weight_decay', { fallback: usual(0) }),
        bind('batchPerDevice', 'dataset.batch_size'),
        bind('gradientAccumulation', ['optimization.update_freq.0', 'optimization.update_freq'], {
          fallback: usual(1),
          writeAll: (value, view) => {
            const list = view.at(key('optimization.update_freq'));
            const path =
              list?.kind === 'seq' && list.items.length > 0
                ? 'optimization.update_freq.0'
                : 'optimization.update_freq';
            return [
              { path: key(path), value: path.endsWith('0') || list?.kind === 'scalar' ? value : [value] },
            ];
          },
        }),
        bind('worldSize', 'distributed_training.distributed_world_size', { readOnly: true }),
        bind('maxSteps', 'optimization.max_update', {
          read: (value) => (value.kind === 'integer' && value.value > 0 ? value.value : undefined),
        }),
        bind('epochs', 'optimization.max_epoch', {
          read: (value) => (value.kind === 'integer' && value.value > 0 ? value.value : undefined),
        }),
        bind('schedule', ['lr_scheduler._name', 'lr_scheduler'], schedules),
        bind('warmupSteps', 'lr_scheduler.warmup_updates'),
        bind('decaySteps', ['lr_scheduler.total_num_update', 'lr_scheduler.max_update']),
        bind('minLearningRate', ['lr_scheduler.min_lr', 'lr_scheduler.end_learning_rate']),
        bind('clipNorm', 'optimization.clip_norm', { fallback: usual(0) }),
        bindWhereWritten('dropout', 'model.dropout'),
        bind('earlyStoppingPatience', 'checkpoint.patience', { read: positive }),
        ...precisionFlags({ bf16: 'common.bf16', fp16: 'common.fp16', fallback: usual('fp32') }),
        bind('task', ['task._name', 'task'], { readOnly: true }),
        bind('model', ['model._name', 'model'], { readOnly: true }),
      ],
      finish(settings, view) {
        if (/^(masked_lm|legacy_masked_lm)$/.test(settings.task?.value ?? '')) {
          const start = firstString(view, 'checkpoint.finetune_from_model', 'checkpoint.restore_file');
          trainsMaskedModel(settings, 'masked_lm', start === undefined || start === 'checkpoint_last.pt');
        }
        // w2v/HuBERT fine-tuning points at a pretrained model.
        if (!view.has(key('model.w2v_path'))) return;
        imply(
          settings,
          { goal: 'fine-tuning', fromScratch: false },
          text('`model.w2v_path` names a pretrained model', '`model.w2v_path`가 사전 학습된 모델을 가리킴'),
        );
      },
    },
  ],
};
