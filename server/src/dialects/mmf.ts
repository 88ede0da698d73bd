import type { LoadedValue } from '../document/types.ts';
import type { FieldTypes, ScheduleKind } from '../run/fields.ts';
import { absent, type Binding, type ConfigView, type Dialect } from './dialect.ts';
import { bind, defaultsOf, key, named, positive } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { torchClasses, torchOptimizer } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('MMF');
const training = (name: string) => `training.${name}`;
const param = (name: string) => `scheduler.params.${name}`;

const schedules = named<ScheduleKind>(
  {
    warmup_linear: 'linear',
    warmup_cosine: 'cosine',
    multi_step: 'multi-step',
    pythia: 'multi-step',
  },
  'other',
);

/** A file that includes others leaves to them what it does not say. */
const standsAlone = (view: ConfigView) => !view.has(['includes']);

/** Default of mmf/configs/defaults.yaml, where no included file may have said otherwise. */
function unlessIncluded<const V extends FieldTypes[keyof FieldTypes]>(value: V) {
  return (view: ConfigView) => (standsAlone(view) ? usual(value)() : undefined);
}

/** A switch of the `training` block that is off until a file turns it on; undefined where an included file may. */
function isOn(view: ConfigView, name: string): boolean | undefined {
  return view.boolean(key(training(name))) ?? (standsAlone(view) ? false : undefined);
}

/** Without `training.lr_scheduler: true` the `scheduler` block is not looked at. */
function schedule(value: LoadedValue, view: ConfigView): ReturnType<typeof schedules.read> {
  return isOn(view, 'lr_scheduler') === false ? 'constant' : schedules.read(value);
}

/** Read where the schedule is on, as `number`. */
const whenScheduled = (value: LoadedValue, view: ConfigView) =>
  value.kind === 'null' || isOn(view, 'lr_scheduler') === false ? absent : numberOf(value);

/** The two schedules in steps warm up only with `use_warmup`. */
function warmup(view: ConfigView): Binding[] {
  const flags = [param('use_warmup'), training('use_warmup')];
  const uses = flags.some((flag) => view.boolean(key(flag)) === true);
  const read = whenScheduled;
  return [
    bind('warmupSteps', param('num_warmup_steps'), { read }),
    ...(uses
      ? [bind('warmupSteps', [param('warmup_iterations'), training('warmup_iterations')], { read })]
      : []),
  ];
}

function milestones(): Binding {
  return bind('decayMilestones', [param('lr_steps'), training('lr_steps')], {
    readNode: (node, view) => {
      if (node.kind !== 'seq' || isOn(view, 'lr_scheduler') === false) return absent;
      const steps = node.items.map((item) =>
        item.kind === 'scalar' ? numberOf(view.loader.scalar(item)) : undefined,
      );
      return steps.length > 0 && steps.every((step) => step !== undefined) ? steps : absent;
    },
    readOnly: true,
  });
}

const updates = (view: ConfigView) => numberOf(view.value(key(training('update_frequency')))) ?? 1;

/** The file counts one forward pass, the field one step of the optimizer. */
const perUpdate = {
  read: (value: LoadedValue, view: ConfigView) => {
    const size = positive(value);
    return typeof size === 'number' ? size * updates(view) : size;
  },
  write: (value: number, view: ConfigView) =>
    value % updates(view) === 0 ? value / updates(view) : undefined,
};

const clipping = bind('clipNorm', training('max_grad_l2_norm'), {
  read: (value, view) => {
    const on = isOn(view, 'clip_gradients');
    if (on === undefined) return undefined;
    return on && value.kind !== 'null' ? numberOf(value) : 0;
  },
  writeAll: (value) =>
    value === 0
      ? [{ path: key(training('clip_gradients')), value: false }]
      : [
          { path: key(training('clip_gradients')), value: true },
          { path: key(training('max_grad_l2_norm')), value },
        ],
  fallback: (view) => (isOn(view, 'clip_gradients') === false ? usual(0)() : undefined),
});

export const mmf: Dialect = {
  id: 'mmf',
  name: 'MMF',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'MMF utils/configuration.py: OmegaConf.load'),
  recognise: (view) =>
    byKeys(view, {
      all: ['training', 'optimizer.params'],
      any: [
        'model_config',
        'dataset_config',
        'evaluation.metrics',
        'scheduler.params',
        ...[
          'max_updates',
          'lr_scheduler',
          'clip_norm_mode',
          'max_grad_l2_norm',
          'early_stop',
          'find_unused_parameters',
          'evaluation_interval',
          'update_frequency',
        ].map(training),
      ],
      min: 3,
      confidence: 0.94,
    }),
  layouts: (view) => {
    // `adam_w` is transformers' or torch's AdamW, whichever is installed: their defaults differ.
    const own = view.string(key('optimizer.type'))?.startsWith('adam_w') ?? true;
    return [
      {
        label: '',
        anchor: key('optimizer'),
        bindings: [
          ...torchOptimizer({
            name: 'optimizer.type',
            args: 'optimizer.params',
            framework: 'mmf',
            defaults: !own,
            spellings: { ...torchClasses, adamw: 'adam_w' },
          }),
          bind('globalBatch', training('batch_size'), {
            ...(updates(view) === 1 ? {} : perUpdate),
            fallback: (one) =>
              one.has(key(training('batch_size_per_device'))) ? undefined : unlessIncluded(512)(one),
          }),
          bind('batchPerDevice', training('batch_size_per_device'), { read: positive }),
          bind('gradientAccumulation', training('update_frequency'), { fallback: unlessIncluded(1) }),
          bind('maxSteps', training('max_updates'), { read: positive, fallback: unlessIncluded(22_000) }),
          bind('epochs', training('max_epochs'), { read: positive }),
          bind('schedule', 'scheduler.type', {
            read: schedule,
            // A schedule of its own asks for its lengths too.
            readOnly: true,
            fallback: (one) => {
              const on = isOn(one, 'lr_scheduler');
              return on === undefined ? undefined : usual(on ? 'multi-step' : 'constant')();
            },
          }),
          ...warmup(view),
          bind('decaySteps', param('num_training_steps'), { read: whenScheduled, readOnly: true }),
          milestones(),
          bind('decayFactor', [param('lr_ratio'), training('lr_ratio')], { readOnly: true }),
          clipping,
          bind('model', 'model_config', {
            readNode: (_node, one) => one.keys(['model_config'])[0],
            readOnly: true,
          }),
          bind('precision', training('fp16'), { ...mixedWhenOn(), fallback: unlessIncluded('fp32') }),
        ],
      },
    ];
  },
};
