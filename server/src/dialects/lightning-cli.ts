import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, defaultsOf, key, numberOr, positive } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, torchOptimizer } from './support/optimizers.ts';
import { lightningPrecision } from './support/precision.ts';
import { scheduleClass } from './support/schedules.ts';
import { worldOf } from './support/world.ts';

const usual = defaultsOf('Lightning 2.6');

/** Places of an optimizer given as a class: the CLI's own, or an argument of the model. */
const optimizerPlaces = [
  'optimizer',
  'model.init_args.optimizer',
  'model.optimizer',
  'model.init_args.optim',
  'model.init_args.optimizer_config',
];
const schedulerPlaces = [
  'lr_scheduler',
  'model.init_args.lr_scheduler',
  'model.init_args.scheduler',
  'model.scheduler',
  'model.lr_scheduler',
];
/** A model that builds its optimizer itself takes the numbers as its own arguments. */
const modelArguments = (name: string) => [
  `model.init_args.${name}`,
  `model.${name}`,
  `model.init_args.optimizer_hparams.${name}`,
];

function optimizerBindings(view: ConfigView): RunLayout['bindings'] {
  const place = optimizerPlaces.find((one) => view.has(key(`${one}.class_path`)));
  if (place)
    return torchOptimizer({
      name: `${place}.class_path`,
      args: `${place}.init_args`,
      framework: 'lightning-cli',
    });
  const many = (...names: readonly string[]) => names.flatMap(modelArguments);
  return [
    bind('learningRate', many('lr', 'learning_rate', 'initial_learning_rate', 'optimizer_lr')),
    bind('weightDecay', many('weight_decay')),
    bind('momentum', many('momentum')),
    bind('beta1', many('beta_1', 'beta1')),
    bind('beta2', many('beta_2', 'beta2')),
    ...betaPair(many('betas')),
  ];
}

export const lightningCli: Dialect = {
  id: 'lightning-cli',
  name: 'LightningCLI',
  formats: ['yaml'],
  loader: loadedBy('jsonargparse', 'cast', 'lightning pytorch/cli.py: jsonargparse'),
  recognise(view) {
    if (present(view, ['exp_manager', 'defaults', 'hydra', '_target_']).length > 0) return undefined;
    return (
      byKeys(view, {
        all: ['trainer'],
        any: [
          'model.class_path',
          'data.class_path',
          'optimizer.class_path',
          'lr_scheduler.class_path',
          'seed_everything',
          'model.net.class_path',
          'model.optimizer.class_path',
          'model.init_args',
          'data.init_args',
          'ckpt_path',
        ],
        min: 2,
        confidence: 0.88,
      }) ??
      byKeys(view, {
        all: ['model.class_path', 'data.class_path'],
        any: ['model.init_args.lr', 'optimizer.class_path', 'data.init_args.batch_size'],
        confidence: 0.85,
      })
    );
  },
  layouts(view) {
    const scheduler = schedulerPlaces.find((one) => view.has(key(`${one}.class_path`)));
    return [
      {
        label: '',
        anchor: key('optimizer.class_path'),
        bindings: [
          ...optimizerBindings(view),
          bind('batchPerDevice', [
            'data.init_args.batch_size',
            'data.batch_size',
            'data.init_args.train_batch_size',
            'data.init_args.train_params.batch_size',
          ]),
          bind('gradientAccumulation', 'trainer.accumulate_grad_batches', { fallback: usual(1) }),
          worldOf('trainer.devices', 'trainer.num_nodes'),
          worldOf('trainer.gpus', 'trainer.num_nodes'),
          bind('epochs', 'trainer.max_epochs', { read: positive }),
          bind('maxSteps', 'trainer.max_steps', { read: positive }),
          ...(scheduler
            ? [
                bind('schedule', `${scheduler}.class_path`, { read: scheduleClass, write: () => undefined }),
                bind('minLearningRate', `${scheduler}.init_args.eta_min`),
              ]
            : []),
          bind(
            'warmupSteps',
            ['model.init_args.warmup_steps', 'model.init_args.num_warmup_steps', 'model.warmup_steps'].filter(
              (one) => view.has(key(one)),
            ),
          ),
          bind(
            'warmupEpochs',
            ['model.init_args.warmup_epochs', 'model.warmup_epochs'].filter((one) => view.has(key(one))),
          ),
          bind('clipNorm', 'trainer.gradient_clip_val', { read: numberOr(0), fallback: usual(0) }),
          bind('precision', 'trainer.precision', { ...lightningPrecision, fallback: usual('fp32') }),
          bind('model', [
            'model.init_args.model',
            'model.init_args.backbone',
            'model.init_args.model_args.backbone',
            'model.class_path',
          ]),
          bind('dataset', 'data.class_path'),
        ],
        finish(settings, at) {
          // `gradient_clip_algorithm: value` clips each element instead of the norm.
          const clip = settings.clipNorm;
          if (clip?.from !== 'file' || at.string(key('trainer.gradient_clip_algorithm')) !== 'value') return;
          settings.clipValue = clip;
          settings.clipNorm = { value: 0, from: 'default', why: usual(0)().why };
        },
      },
    ];
  },
};
