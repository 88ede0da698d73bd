import type { ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import { absent, type ConfigView, type Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key, named } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { milestones } from './support/milestones.ts';
import { numberOf } from './support/numbers.ts';
import { optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('detectron2 0.6');
const schedules = named<ScheduleKind>(
  {
    WarmupMultiStepLR: 'multi-step',
    WarmupCosineLR: 'cosine',
    WarmupStepWithFixedGammaLR: 'step',
    WarmupPolyLR: 'polynomial',
  },
  'other',
);
const optimizers = optimizerNames('detectron2', { adamw: 'ADAMW', 'sgd-momentum': 'SGD' });

const clip = 'SOLVER.CLIP_GRADIENTS';
const clips = (view: ConfigView) => view.boolean(key(`${clip}.ENABLED`)) === true;
const clipType = (view: ConfigView) => view.string(key(`${clip}.CLIP_TYPE`)) ?? 'value';

/** What is absent may stand in the file named by `_BASE_`: then nothing is known of it. */
function unlessBased<V>(fallback: () => V): (view: ConfigView) => V | undefined {
  return (view) => (view.has(['_BASE_']) ? undefined : fallback());
}

export const detectron2: Dialect = {
  id: 'detectron2',
  name: 'detectron2',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    'evaluated',
    'detectron2 via fvcore and yacs: yaml.safe_load, strings through ast.literal_eval',
  ),
  recognise: (view) =>
    byKeys(view, {
      all: ['SOLVER'],
      any: [
        'SOLVER.IMS_PER_BATCH',
        'SOLVER.MAX_ITER',
        'SOLVER.STEPS',
        'SOLVER.BASE_LR',
        'MODEL.META_ARCHITECTURE',
        '_BASE_',
        'DATASETS.TRAIN',
      ],
      min: 2,
      none: ['SOLVER.OPTIMIZING_METHOD', 'SOLVER.LR_POLICY', 'SOLVER.MAX_EPOCH'],
      confidence: 0.9,
    }) ??
    byKeys(view, {
      all: ['_BASE_'],
      any: ['MODEL.META_ARCHITECTURE', 'MODEL.WEIGHTS', 'MODEL.MASK_ON', 'MODEL.ROI_HEADS', 'MODEL.RESNETS'],
      confidence: 0.8,
    }),
  layouts: (view) => [
    {
      label: '',
      anchor: key('SOLVER'),
      bindings: [
        bind('optimizer', 'SOLVER.OPTIMIZER', {
          read: optimizers.read,
          writeAll: (value, one) =>
            one.has(key('SOLVER.OPTIMIZER')) && optimizers.write(value) !== undefined
              ? [{ path: key('SOLVER.OPTIMIZER'), value: optimizers.write(value) ?? '' }]
              : undefined,
          fallback: unlessBased(usual('sgd-momentum')),
        }),
        bind('learningRate', 'SOLVER.BASE_LR', { fallback: unlessBased(usual(0.001)) }),
        bind('momentum', 'SOLVER.MOMENTUM', { fallback: unlessBased(usual(0.9)) }),
        bind('nesterov', 'SOLVER.NESTEROV', { fallback: unlessBased(usual(false)) }),
        bind('weightDecay', 'SOLVER.WEIGHT_DECAY', { fallback: unlessBased(usual(1e-4)) }),
        bind('globalBatch', 'SOLVER.IMS_PER_BATCH', { fallback: unlessBased(usual(16)) }),
        always('gradientAccumulation', usual(1)),
        bind('worldSize', 'SOLVER.REFERENCE_WORLD_SIZE', {
          read: (value) => ((numberOf(value) ?? 0) > 0 ? numberOf(value) : absent),
          readOnly: true,
        }),
        bind('maxSteps', 'SOLVER.MAX_ITER', { fallback: unlessBased(usual(40000)) }),
        bind('schedule', 'SOLVER.LR_SCHEDULER_NAME', {
          ...schedules,
          fallback: unlessBased(usual('multi-step')),
        }),
        milestones('SOLVER.STEPS'),
        bind('decayFactor', 'SOLVER.GAMMA', { fallback: unlessBased(usual(0.1)) }),
        bind('warmupSteps', 'SOLVER.WARMUP_ITERS', { fallback: unlessBased(usual(1000)) }),
        bind('clipNorm', `${clip}.CLIP_VALUE`, {
          read: (value, one) => (clips(one) && clipType(one) !== 'value' ? numberOf(value) : absent),
          writeAll: (value) => [
            { path: key(`${clip}.ENABLED`), value: true },
            { path: key(`${clip}.CLIP_TYPE`), value: 'norm' },
            { path: key(`${clip}.CLIP_VALUE`), value },
          ],
          fallback: (one) =>
            clips(one) ? (clipType(one) === 'value' ? usual(0)() : usual(1)()) : unlessBased(usual(0))(one),
        }),
        bind('clipValue', `${clip}.CLIP_VALUE`, {
          read: (value, one) => (clips(one) && clipType(one) === 'value' ? numberOf(value) : absent),
          readOnly: true,
        }),
        bind('precision', 'SOLVER.AMP.ENABLED', {
          ...mixedWhenOn(),
          fallback: unlessBased(usual('fp32')),
        }),
        bind('model', 'MODEL.META_ARCHITECTURE'),
        bind('dataset', ['DATASETS.TRAIN', 'DATASETS.TRAIN.0'], { readOnly: true }),
      ],
      finish(settings) {
        // DETR and Mask2Former have masks too, and are trained quite differently.
        const named = view.string(key('MODEL.META_ARCHITECTURE')) ?? 'GeneralizedRCNN';
        const mask = view.boolean(key('MODEL.MASK_ON')) === true && /RCNN/i.test(named);
        imply(
          settings,
          { domain: 'cv-cnn', architecture: mask ? 'mask-rcnn' : undefined, objective: 'supervised' },
          text('detectron2 trains detectors', 'detectron2는 검출기를 학습하는 도구'),
        );
      },
    },
  ],
};
