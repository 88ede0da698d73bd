import type { ScheduleKind } from '../run/fields.ts';
import type { MutableSettings } from '../run/setting.ts';
import { text } from '../text.ts';
import type { ConfigView, Dialect } from './dialect.ts';
import { bind, defaultsOf, named, numberOr } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('timm 1.0');

/** timm's `sgd` and `momentum` are SGD with momentum 0.9, `sgd` with Nesterov's form. */
const optimizers = optimizerNames('timm', {
  nag: 'sgd',
  'sgd-momentum': 'momentum',
  adam: 'adam',
  adamw: 'adamw',
  nadam: 'nadam',
  radam: 'radam',
  adamax: 'adamax',
  lamb: 'lamb',
  lion: 'lion',
  rmsprop: 'rmsprop',
  adafactor: 'adafactor',
});
const schedules = named<ScheduleKind>(
  {
    cosine: 'cosine',
    step: 'step',
    multistep: 'multi-step',
    poly: 'polynomial',
    plateau: 'reduce-on-plateau',
    tanh: 'other',
    none: 'constant',
  },
  'other',
);

const hallmarks = [
  'opt',
  'sched',
  'warmup_lr',
  'drop_path',
  'aa',
  'reprob',
  'mixup',
  'cutmix',
  'model_ema',
  'opt_betas',
  'cooldown_epochs',
  'smoothing',
  'clip_grad',
  'clip_mode',
  'decay_epochs',
  'bce_loss',
  'amp_dtype',
  'lr_base',
];

/** Without `lr` the rate is `lr_base` × (global batch / 256), or its square root for the Adams and LAMB. */
function rateFromBatch(settings: MutableSettings, view: ConfigView): void {
  if (settings.learningRate !== undefined || view.has(['lr'])) return;
  const base = numberOf(view.value(['lr_base'])) ?? 0.1;
  const size = numberOf(view.value(['lr_base_size'])) ?? 256;
  const batch = (settings.batchPerDevice?.value ?? 128) * (settings.gradientAccumulation?.value ?? 1);
  const root =
    view.string(['lr_base_scale']) ?? (/ada|lamb/.test(view.string(['opt']) ?? 'sgd') ? 'sqrt' : 'linear');
  const value = base * (root === 'sqrt' ? Math.sqrt(batch / size) : batch / size);
  settings.learningRate = {
    value,
    from: 'default',
    why: text(
      `no \`lr\`: timm takes ${base} × (${batch} / ${size})${root === 'sqrt' ? '^0.5' : ''} on one device`,
      `\`lr\`이 없으면 timm은 장치 1개 기준 ${base} × (${batch} / ${size})${root === 'sqrt' ? '^0.5' : ''}를 씀`,
    ),
  };
}

/** MindCV took over many of timm's names, with other defaults. */
const mindCv = ['distribute', 'amp_level', 'num_parallel_workers', 'dataset_sink_mode'];

export const timm: Dialect = {
  id: 'timm',
  name: 'timm',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    'cast',
    'timm train.py: yaml.safe_load into parser.set_defaults, which `type=` converts',
  ),
  recognise: (view) =>
    byKeys(view, {
      any: hallmarks,
      min: 3,
      none: ['trainer', 'defaults', '_target_', 'optim_conf', ...mindCv],
      confidence: 0.85,
    }),
  layouts: () => [
    {
      label: '',
      anchor: ['opt'],
      bindings: [
        bind('optimizer', 'opt', {
          read: (value) => {
            const id = optimizers.read(value);
            return id === 'sgd' && value.kind === 'string' && value.value.toLowerCase() !== 'momentum'
              ? 'nag'
              : id;
          },
          write: optimizers.write,
          fallback: usual('nag'),
        }),
        bind('learningRate', 'lr'),
        bind('momentum', 'momentum', { fallback: usual(0.9) }),
        ...betaPair(['opt_betas']),
        bind('eps', 'opt_eps'),
        bind('weightDecay', 'weight_decay', { fallback: usual(2e-5) }),
        bind('batchPerDevice', 'batch_size', { fallback: usual(128) }),
        bind('gradientAccumulation', 'grad_accum_steps', { fallback: usual(1) }),
        bind('epochs', 'epochs', { fallback: usual(300) }),
        bind('schedule', 'sched', { ...schedules, fallback: usual('cosine') }),
        bind('decayEpochs', 'decay_epochs', { fallback: usual(90) }),
        bind('decayFactor', 'decay_rate', { fallback: usual(0.1) }),
        bind('warmupEpochs', 'warmup_epochs', { fallback: usual(5) }),
        bind('minLearningRate', 'min_lr', { fallback: usual(0) }),
        bind('clipNorm', 'clip_grad', { read: numberOr(0), fallback: usual(0) }),
        bind('dropout', 'drop', { fallback: usual(0) }),
        bind('precision', 'amp_dtype', {
          read: (value) =>
            value.kind === 'string' && value.value === 'bfloat16' ? 'bf16-mixed' : 'fp16-mixed',
          readOnly: true,
        }),
        bind('precision', 'amp', {
          read: (value) => (value.kind === 'boolean' ? (value.value ? 'fp16-mixed' : 'fp32') : undefined),
          write: (value) => (value === 'fp16-mixed' ? true : value === 'fp32' ? false : undefined),
          fallback: usual('fp32'),
        }),
        bind('model', 'model'),
        bind('dataset', ['dataset', 'data_dir']),
      ],
      finish: rateFromBatch,
    },
  ],
};
