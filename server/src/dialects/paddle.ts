import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, defaultsOf, key, numberOr } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames, type Spellings } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

/** `paddle.optimizer` classes. */
const classes: Spellings = {
  sgd: 'SGD',
  'sgd-momentum': 'Momentum',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSProp',
};
const optimizers = optimizerNames('paddle', classes);
/** `paddleseg.optimizers` and PaddleSeg's files write them in lower case as well. */
const lower = optimizerNames('paddle', { 'sgd-momentum': 'sgd', adam: 'adam', adamw: 'AdamW' });

/** PaddleDetection: one key per concern at the top, schedulers as a list. */
const detection = (view: ConfigView): RunLayout => {
  const usual = defaultsOf('PaddleDetection 2');
  const list = view.at(['LearningRate', 'schedulers']);
  const items = list?.kind === 'seq' ? list.items.map((_, index) => index) : [];
  const place = (name: string) => items.map((index) => `LearningRate.schedulers.${index}.${name}`);
  return {
    label: '',
    anchor: key('LearningRate'),
    bindings: [
      bind('optimizer', 'OptimizerBuilder.optimizer.type', optimizers),
      bind('learningRate', 'LearningRate.base_lr'),
      bind('momentum', 'OptimizerBuilder.optimizer.momentum'),
      bind('weightDecay', ['OptimizerBuilder.optimizer.weight_decay', 'OptimizerBuilder.regularizer.factor']),
      bind('clipNorm', 'OptimizerBuilder.clip_grad_by_norm'),
      bind('clipValue', 'OptimizerBuilder.clip_grad_by_value'),
      bind('batchPerDevice', 'TrainReader.batch_size'),
      bind('epochs', 'epoch'),
      bind('decayFactor', place('gamma'), { readOnly: true }),
      bind('warmupSteps', place('steps'), { readOnly: true }),
      bind('precision', ['amp', 'use_amp'], mixedWhenOn()),
      bind('model', 'architecture'),
      ...(items.length > 0
        ? []
        : [bind('schedule', 'LearningRate.scheduler', { read: scheduleByWord, write: () => undefined })]),
      bind('gradientAccumulation', 'gradient_accumulation', { fallback: usual(1), readOnly: true }),
    ],
  };
};

/** PaddleSeg. */
const segmentation = (): RunLayout => {
  const usual = defaultsOf('PaddleSeg 2');
  const at = (name: string) => [`lr_scheduler.${name}`, `learning_rate.decay.${name}`];
  return {
    label: '',
    anchor: key('optimizer'),
    bindings: [
      bind('optimizer', 'optimizer.type', {
        ...lower,
        // The momentum that makes it `Momentum` may stand in the file that `_base_` names.
        read: (value, view) => {
          const name = lower.read(value);
          return name === 'sgd' && view.has(['_base_']) && !view.has(key('optimizer.momentum'))
            ? undefined
            : name;
        },
      }),
      bind('learningRate', ['lr_scheduler.learning_rate', 'learning_rate.value']),
      bind('momentum', 'optimizer.momentum'),
      bind('beta1', 'optimizer.beta1'),
      bind('beta2', 'optimizer.beta2'),
      bind('weightDecay', 'optimizer.weight_decay'),
      bind('batchPerDevice', 'batch_size'),
      bind('maxSteps', 'iters'),
      bind('schedule', at('type'), { read: scheduleByWord, write: () => undefined }),
      bind('minLearningRate', at('end_lr')),
      bind('warmupSteps', 'lr_scheduler.warmup_iters', {
        fallback: (view) => (view.has(['lr_scheduler']) ? usual(0)() : undefined),
      }),
      bind('clipNorm', 'optimizer.grad_clip.clip_norm'),
      bind('model', 'model.type'),
    ],
  };
};

/** PaddleClas and PaddleOCR: `Global`, `Optimizer` and a block of data loaders. */
const classification = (): RunLayout => {
  const usual = defaultsOf('PaddleClas and PaddleOCR 2');
  return {
    label: '',
    anchor: key('Optimizer'),
    bindings: [
      bind('optimizer', 'Optimizer.name', optimizers),
      bind('learningRate', 'Optimizer.lr.learning_rate'),
      bind('momentum', 'Optimizer.momentum'),
      bind('beta1', 'Optimizer.beta1'),
      bind('beta2', 'Optimizer.beta2'),
      bind('weightDecay', [
        'Optimizer.weight_decay',
        'Optimizer.regularizer.coeff',
        'Optimizer.regularizer.factor',
      ]),
      bind('batchPerDevice', [
        'DataLoader.Train.sampler.batch_size',
        'DataLoader.Train.loader.batch_size',
        'Train.loader.batch_size_per_card',
        'Train.sampler.first_bs',
      ]),
      bind('epochs', ['Global.epochs', 'Global.epoch_num']),
      bind('schedule', 'Optimizer.lr.name', {
        read: scheduleByWord,
        write: () => undefined,
        fallback: (view) => (view.has(['Optimizer', 'lr']) ? usual('constant')() : undefined),
      }),
      bind('warmupEpochs', 'Optimizer.lr.warmup_epoch', {
        fallback: (view) => (view.has(['Optimizer', 'lr']) ? usual(0)() : undefined),
      }),
      bind('clipNorm', ['Optimizer.clip_norm', 'Optimizer.clip_norm_global'], { read: numberOr(0) }),
      bind('precision', ['AMP.use_amp', 'Global.use_amp'], mixedWhenOn()),
      bind('model', ['Arch.name', 'Architecture.algorithm']),
    ],
  };
};

/** PaddleClas before version 2.2: everything in capitals. */
const early = (): RunLayout => ({
  label: '',
  anchor: key('OPTIMIZER'),
  bindings: [
    bind('optimizer', 'OPTIMIZER.function', optimizers),
    bind('learningRate', 'LEARNING_RATE.params.lr'),
    bind('momentum', 'OPTIMIZER.params.momentum'),
    bind('weightDecay', 'OPTIMIZER.regularizer.factor'),
    bind('batchPerDevice', 'TRAIN.batch_size'),
    bind('epochs', 'epochs'),
    bind('schedule', 'LEARNING_RATE.function', { read: scheduleByWord, write: () => undefined }),
    bind('warmupEpochs', 'LEARNING_RATE.params.warmup_epoch'),
    bind('model', 'ARCHITECTURE.name'),
  ],
});

export const paddle: Dialect = {
  id: 'paddle',
  name: 'PaddlePaddle (Detection, Seg, Clas, OCR)',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    (path) => (path[0] === 'Optimizer' || path[0] === 'OPTIMIZER' ? 'evaluated' : 'unverified'),
    'PaddleClas utils/config.py: SafeLoader with literal_eval; PaddleDetection and PaddleSeg: yaml.Loader, no cast seen',
  ),
  recognise: (view) =>
    byKeys(view, {
      any: [
        'LearningRate.base_lr',
        'LearningRate.schedulers',
        'OptimizerBuilder',
        'TrainReader',
        'epoch',
        'pretrain_weights',
        'weights',
        'architecture',
      ],
      min: 3,
      none: ['task', 'lr0', 'lr', 'learning_rate', 'optimizer', 'batch_size'],
      confidence: 0.93,
    }) ??
    byKeys(view, {
      any: [
        '_BASE_',
        'LearningRate',
        'OptimizerBuilder',
        'TrainReader.batch_size',
        'pretrain_weights',
        'weights',
      ],
      min: 3,
      none: ['SOLVER', 'MODEL'],
      confidence: 0.86,
    }) ??
    byKeys(view, {
      all: ['Global', 'Optimizer'],
      any: ['Arch', 'Architecture', 'DataLoader', 'Train', 'Optimizer.lr', 'Loss'],
      min: 2,
      confidence: 0.95,
    }) ??
    byKeys(view, {
      all: ['ARCHITECTURE', 'LEARNING_RATE', 'OPTIMIZER'],
      any: ['TRAIN', 'epochs'],
      confidence: 0.95,
    }) ??
    byKeys(view, {
      any: [
        'iters',
        'lr_scheduler.learning_rate',
        'learning_rate.value',
        'optimizer.type',
        'train_dataset',
        'val_dataset',
        '_base_',
        'loss.types',
        'model.type',
      ],
      min: 4,
      none: ['training', 'trainer', 'train_pipeline'],
      confidence: 0.9,
    }) ??
    byKeys(view, {
      all: ['_base_', 'model'],
      any: ['iters', 'train_dataset', 'loss', 'batch_size', 'optimizer', 'lr_scheduler'],
      min: 2,
      confidence: 0.8,
    }),
  layouts(view) {
    if (present(view, ['LEARNING_RATE', 'OPTIMIZER']).length === 2) return [early()];
    if (view.has(['Optimizer'])) return [classification()];
    if (present(view, ['LearningRate', 'OptimizerBuilder', 'TrainReader']).length > 0)
      return [detection(view)];
    return [segmentation()];
  },
};
