import type { ConfigView, Dialect } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, key, numberOr, positive } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { trainsMaskedModel } from './support/masked-lm.ts';
import { implySize } from './support/model-size.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { lightningPrecision } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';
import { accumulationFromGlobal, worldOf } from './support/world.ts';

const usual = defaultsOf('NeMo 2');
const optimizers = optimizerNames('nemo', {
  adamw: 'adamw',
  adam: 'adam',
  sgd: 'sgd',
  'sgd-momentum': 'sgd',
  adafactor: 'adafactor',
  adagrad: 'adagrad',
  rmsprop: 'rmsprop',
  adamax: 'adamax',
});
const spellings: Readonly<Record<string, string>> = {
  cosine: 'CosineAnnealing',
  polynomial: 'PolynomialDecayAnnealing',
  'inverse-sqrt': 'InverseSquareRootAnnealing',
  noam: 'NoamAnnealing',
  constant: 'WarmupPolicy',
};

/** Where the optimizer stands: in the model, or at the top in older files. */
const place = (view: ConfigView) =>
  view.has(['model', 'optim']) ? 'model.optim' : view.has(['optim']) ? 'optim' : 'model.optim';

export const nemo: Dialect = {
  id: 'nemo',
  name: 'NeMo',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'NeMo: Hydra and OmegaConf'),
  recognise: (view) =>
    byKeys(view, {
      all: ['model.optim'],
      any: [
        'exp_manager',
        'trainer',
        'model.optim.sched',
        'model.optim.name',
        'model.train_ds',
        'model.micro_batch_size',
      ],
      min: 2,
      confidence: 0.94,
    }) ??
    byKeys(view, {
      all: ['exp_manager', 'trainer'],
      any: ['model.optim.lr', 'optim.name', 'optim.lr', 'model.train_ds'],
      confidence: 0.85,
    }),
  layouts(view) {
    const optim = place(view);
    const at = (name: string) => `${optim}.${name}`;
    return [
      {
        label: '',
        anchor: key(at('name')),
        bindings: [
          bind('optimizer', [at('name'), at('_target_')], optimizers),
          bind('learningRate', at('lr')),
          ...betaPair([at('betas')]),
          bind('eps', at('eps')),
          bind('momentum', at('momentum')),
          bind('weightDecay', at('weight_decay')),
          bind('batchPerDevice', [
            'model.micro_batch_size',
            'model.train_ds.batch_size',
            'model.train_ds.dataloader_params.batch_size',
            'model.data.train_ds.micro_batch_size',
            'model.dataset.batch_size',
          ]),
          bind('globalBatch', ['model.global_batch_size', 'model.data.train_ds.global_batch_size']),
          bind('gradientAccumulation', 'trainer.accumulate_grad_batches', { fallback: usual(1) }),
          worldOf('trainer.devices', 'trainer.num_nodes'),
          worldOf('trainer.gpus', 'trainer.num_nodes'),
          bind('epochs', 'trainer.max_epochs', { read: positive }),
          bind('maxSteps', ['trainer.max_steps', at('sched.max_steps')], { read: positive }),
          bind('schedule', at('sched.name'), {
            read: (value) =>
              value.kind === 'string' && value.value === 'WarmupPolicy' ? 'constant' : scheduleByWord(value),
            write: (kind) => spellings[kind],
            fallback: (one) => (one.has(key(at('name'))) ? usual('constant')() : undefined),
          }),
          bind('warmupSteps', at('sched.warmup_steps'), {
            fallback: (one) => (one.has(key(at('name'))) ? usual(0)() : undefined),
          }),
          bind('warmupRatio', at('sched.warmup_ratio')),
          bind('minLearningRate', at('sched.min_lr')),
          bind('clipNorm', 'trainer.gradient_clip_val', { read: numberOr(0), fallback: usual(0) }),
          bindWhereWritten('dropout', 'model.hidden_dropout'),
          bind('precision', 'trainer.precision', lightningPrecision),
          bind('model', ['model.language_model.pretrained_model_name', 'model.restore_from_path', 'name'], {
            readOnly: true,
          }),
          bind('dataset', 'model.train_ds.manifest_filepath', { readOnly: true }),
        ],
        finish(settings, view) {
          implySize(settings, view, {
            layers: ['model.num_layers'],
            width: ['model.hidden_size'],
            feedForward: ['model.ffn_hidden_size'],
          });
          if (view.has(key('model.bert_binary_head')))
            trainsMaskedModel(settings, 'bert_binary_head', !view.has(key('model.restore_from_path')));
          // Under noam `lr` is a multiplier of a rate that depends on the model's width.
          if (settings.schedule?.value === 'noam') delete settings.learningRate;
          // Megatron models accumulate up to their global batch, whatever the trainer's key says.
          if (settings.globalBatch) accumulationFromGlobal(settings);
        },
      },
    ];
  },
};
