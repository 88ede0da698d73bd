import type { ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, defaultsOf, key, named, numberOr } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';
import { worldOf } from './support/world.ts';

const optimizers = optimizerNames('yacs', {
  'sgd-momentum': 'sgd',
  adam: 'adam',
  adamw: 'adamw',
});

const larsOn = (view: ConfigView) => view.boolean(key('SOLVER.LARS_ON')) === true;

/** SlowFast: everything about the optimizer in SOLVER. */
const slowfast = (): RunLayout => {
  const usual = defaultsOf('SlowFast');
  return {
    label: '',
    anchor: key('SOLVER'),
    bindings: [
      bind('optimizer', 'SOLVER.OPTIMIZING_METHOD', {
        ...optimizers,
        // LARS wraps the optimizer and has rates of its own.
        read: (value, view) => (larsOn(view) ? undefined : optimizers.read(value)),
        fallback: (view) => (larsOn(view) ? undefined : usual('sgd')()),
      }),
      bind('learningRate', 'SOLVER.BASE_LR', { fallback: usual(0.1) }),
      bind('momentum', 'SOLVER.MOMENTUM', { fallback: usual(0.9) }),
      bind('nesterov', 'SOLVER.NESTEROV', { fallback: usual(true) }),
      ...betaPair(['SOLVER.BETAS']),
      bind('weightDecay', 'SOLVER.WEIGHT_DECAY', { fallback: usual(1e-4) }),
      bind('globalBatch', 'TRAIN.BATCH_SIZE', { fallback: usual(64) }),
      worldOf('NUM_GPUS', 'NUM_SHARDS'),
      bind('epochs', 'SOLVER.MAX_EPOCH', { fallback: usual(300) }),
      bind('schedule', 'SOLVER.LR_POLICY', {
        ...named<ScheduleKind>({ cosine: 'cosine', steps_with_relative_lrs: 'multi-step' }, 'other'),
        fallback: usual('cosine'),
      }),
      bind('warmupEpochs', 'SOLVER.WARMUP_EPOCHS', { fallback: usual(0) }),
      bind('minLearningRate', 'SOLVER.COSINE_END_LR', { fallback: usual(0) }),
      bind('clipNorm', 'SOLVER.CLIP_GRAD_L2NORM', { read: numberOr(0), fallback: usual(0) }),
      bind('clipValue', 'SOLVER.CLIP_GRAD_VAL', { read: numberOr(0) }),
      bind('precision', 'TRAIN.MIXED_PRECISION', { ...mixedWhenOn(), fallback: usual('fp32') }),
      bind('model', ['MODEL.MODEL_NAME', 'MODEL.ARCH']),
      bind('dataset', 'TRAIN.DATASET'),
    ],
  };
};

/** Swin and what was built on it: schedule and optimizer in TRAIN; BASE_LR is meant for a batch of 512. */
const swin = (): RunLayout => {
  const usual = defaultsOf('Swin Transformer');
  return {
    label: '',
    anchor: key('TRAIN'),
    bindings: [
      bind('optimizer', 'TRAIN.OPTIMIZER.NAME', { ...optimizers, fallback: usual('adamw') }),
      bind('learningRate', 'TRAIN.BASE_LR', { fallback: usual(5e-4) }),
      bind('momentum', 'TRAIN.OPTIMIZER.MOMENTUM', { fallback: usual(0.9) }),
      ...betaPair(['TRAIN.OPTIMIZER.BETAS'], [0.9, 0.999], () => [0.9, 0.999], 'Swin Transformer'),
      bind('eps', 'TRAIN.OPTIMIZER.EPS', { fallback: usual(1e-8) }),
      bind('weightDecay', 'TRAIN.WEIGHT_DECAY', { fallback: usual(0.05) }),
      bind('batchPerDevice', 'DATA.BATCH_SIZE', { fallback: usual(128) }),
      bind('gradientAccumulation', 'TRAIN.ACCUMULATION_STEPS', { fallback: usual(1) }),
      bind('epochs', 'TRAIN.EPOCHS', { fallback: usual(300) }),
      bind('schedule', 'TRAIN.LR_SCHEDULER.NAME', {
        read: scheduleByWord,
        write: (kind) => (['cosine', 'linear', 'step'].includes(kind) ? kind : undefined),
        fallback: usual('cosine'),
      }),
      bind('warmupEpochs', 'TRAIN.WARMUP_EPOCHS', { fallback: usual(20) }),
      bind('minLearningRate', 'TRAIN.MIN_LR', { fallback: usual(5e-6) }),
      bind('clipNorm', 'TRAIN.CLIP_GRAD', { read: numberOr(0), fallback: usual(5) }),
      bind('model', ['MODEL.NAME', 'MODEL.TYPE']),
      bind('dataset', 'DATA.DATASET'),
    ],
    finish(settings, view) {
      const name = view.string(key('MODEL.NAME')) ?? '';
      const weights = view.string(key('MODEL.PRETRAINED')) ?? '';
      if (/finetune|_ft(?:_|$)|to1k/i.test(name) || weights !== '')
        imply(
          settings,
          { goal: 'fine-tuning', fromScratch: false },
          text(`it starts from weights (${weights || name})`, `가중치에서 시작합니다 (${weights || name})`),
        );
    },
  };
};

export const yacs: Dialect = {
  id: 'yacs',
  name: 'yacs (SlowFast, Swin)',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'evaluated', 'yacs: yaml.safe_load, strings through ast.literal_eval'),
  recognise: (view) =>
    byKeys(view, {
      any: [
        'SOLVER.OPTIMIZING_METHOD',
        'SOLVER.LR_POLICY',
        'SOLVER.MAX_EPOCH',
        'SOLVER.BASE_LR',
        'TRAIN.BATCH_SIZE',
        'DATA_LOADER',
      ],
      min: 3,
      none: ['_BASE_'],
      confidence: 0.88,
    }) ??
    byKeys(view, {
      all: ['MODEL'],
      any: [
        'TRAIN.BASE_LR',
        'TRAIN.EPOCHS',
        'TRAIN.WARMUP_EPOCHS',
        'TRAIN.WEIGHT_DECAY',
        'TRAIN.WARMUP_LR',
        'TRAIN.MIN_LR',
      ],
      min: 2,
      // Swin has its batch in DATA.
      none: ['TRAIN.BATCH_SIZE', 'TRAIN.BATCH_SIZE_PER_GPU'],
      confidence: 0.88,
    }) ??
    byKeys(view, {
      all: ['MODEL.TYPE', 'MODEL.DROP_PATH_RATE'],
      any: ['MODEL.SWIN', 'MODEL.SWINV2', 'MODEL.SWIN_MLP', 'MODEL.VSSM', 'MODEL.INTERN_IMAGE'],
      confidence: 0.75,
    }),
  layouts: (view) => [view.has(['SOLVER']) ? slowfast() : swin()],
};
