import type { LoadedValue } from '../document/types.ts';
import type { OptimizerName, ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import { type Absent, absent, type Binding, type ConfigView, type Dialect } from './dialect.ts';
import { bind, defaultsOf, type Fallback, key, named, positive } from './support/bind.ts';
import { hasKeys, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { numberIn, numberOf } from './support/numbers.ts';
import { optimizerNames } from './support/optimizers.ts';
import { acceleratePrecision } from './support/precision.ts';

const usual = defaultsOf('SimpleTuner 4');

/**
 * The keys are the script's arguments, written with their two hyphens or without; the web interface keeps them in
 * a block `config`. Answers where `name` stands, or would stand beside the others.
 */
function place(view: ConfigView, name: string): string {
  const block = view.has(['_metadata']) ? 'config.' : '';
  const first = view.keys(block ? ['config'] : [])[0] ?? '';
  const spellings = first.startsWith('--') ? [`--${name}`, name] : [name, `--${name}`];
  const found = spellings.find((spelled) => view.has(key(block + spelled)));
  return block + (found ?? spellings[0]);
}

const textAt = (view: ConfigView, name: string) => view.string(key(place(view, name)));
const numberAt = (view: ConfigView, name: string) => numberOf(view.value(key(place(view, name))));

const optimizers = optimizerNames('simpletuner', {
  adamw: 'adamw_bf16',
  adam: 'torch-adam',
  'sgd-momentum': 'torch-sgd',
  lion: 'optimi-lion',
  radam: 'torch-radam',
  nadam: 'torch-nadam',
  rmsprop: 'torch-rmsprop',
  adagrad: 'torch-adagrad',
  adafactor: 'torch-adafactor',
  adamax: 'torch-adamax',
});

/** `optimi-lion`, `bnb-adamw8bit-paged`, `adamw_schedulefree+aggressive`: the library in front, variants behind. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\+.*$/, '')
    .replace(/^(torch|optimi|bnb|ao|sdnq)-/, '')
    .replace(/-paged$/, '')
    .replace(/_?(8bit|4bit|bf16|fp8)$/, '')
    .replace(/^adamw_schedulefree$/, 'schedule_free_adamw');
}

function optimizerName(value: LoadedValue): OptimizerName | Absent | undefined {
  return optimizers.read(value.kind === 'string' ? { ...value, value: plainName(value.value) } : value);
}

interface Defaults {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly momentum: number;
}

/** What `optimizer_choices` hands each class. Source: SimpleTuner helpers/training/optimizer_param.py. */
function defaultsFor(name: string): Defaults {
  const adamw = plainName(name) === 'adamw' || plainName(name) === 'schedule_free_adamw';
  const lion = plainName(name) === 'lion';
  const torch = { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: adamw ? 0.01 : 0, momentum: 0 };
  if (lion) return { ...torch, beta2: 0.99, weightDecay: name.startsWith('sdnq-') ? 0.01 : 0 };
  if (name.startsWith('optimi-'))
    return { ...torch, beta2: 0.99, eps: 1e-6, weightDecay: name === 'optimi-stableadamw' ? 0.01 : 0 };
  if (name.startsWith('sdnq-')) return { ...torch, beta2: 0.95, weightDecay: 0.01 };
  if (name.startsWith('ao-')) return { ...torch, eps: 1e-6, weightDecay: 0.01 };
  if (name === 'adamw_bf16' || name.startsWith('bnb-adamw')) return { ...torch, eps: 1e-6 };
  if (/^adamw_schedulefree\+/.test(name)) return { ...torch, eps: 1e-6, weightDecay: 1e-3 };
  return torch;
}

const known = /^(adamw_|torch-|optimi-|bnb-|ao-|sdnq-)/;
const fallbackOf =
  (field: keyof Defaults): Fallback<'beta1'> =>
  (view) => {
    const name = textAt(view, 'optimizer') ?? 'adamw_bf16';
    return known.test(name) ? usual(defaultsFor(name)[field])() : undefined;
  };

/** `eps=1e-6,weight_decay=0.01`: arguments of the optimizer in one string. */
function argument(config: string, name: string): string | undefined {
  for (const word of config.split(',')) {
    const [left, right] = word.split('=');
    if (left?.trim() === name) return right?.trim();
  }
  return undefined;
}

function withArgument(config: string, name: string, value: number): string {
  const words = config.split(',').filter((word) => word.trim() !== '');
  const index = words.findIndex((word) => word.split('=')[0]?.trim() === name);
  const word = `${name}=${value}`;
  return (index < 0 ? [...words, word] : words.with(index, word)).join(',');
}

const ofConfig = (field: 'weightDecay' | 'eps' | 'momentum', name: string, at: string): Binding =>
  bind(field, at, {
    read: (value) => {
      const written = value.kind === 'string' ? argument(value.value, name) : undefined;
      return written === undefined ? absent : numberIn(written);
    },
    writeAll: (value, view) => [
      { path: key(at), value: withArgument(view.string(key(at)) ?? '', name, Number(value)) },
    ],
    fallback: fallbackOf(field),
  });

/** These schedules read `lr_warmup_steps` as the length of one wave and have no warm-up. */
const waves = /^(sine|cosine|cosine_with_restarts|cosine_with_warmup)$/;

const kinds = named<ScheduleKind>(
  {
    constant_with_warmup: 'constant',
    constant: 'constant',
    linear: 'linear',
    polynomial: 'polynomial',
    sine: 'other',
    cosine: 'cosine-restarts',
    cosine_with_restarts: 'cosine-restarts',
    cosine_with_warmup: 'cosine-restarts',
  },
  'other',
);

/** These take no scheduler at all. */
const scheduleFree = (view: ConfigView) => /schedulefree/.test(textAt(view, 'optimizer') ?? '');

const unets = /^(sdxl|sd1x|sd2x|kolors|deepfloyd|stable_cascade)$/;
const marks = [
  'data_backend_config',
  'model_family',
  'model_flavour',
  'model_type',
  'lora_type',
  'lycoris_config',
  'base_model_precision',
  'minimum_image_size',
  'resolution_type',
  'vae_batch_size',
  'validation_guidance',
  'validation_num_inference_steps',
  'caption_dropout_probability',
  'flow_schedule_shift',
  'grad_clip_method',
];

/** Fields that a schedule of waves does not have are not bound, so that no default speaks for them. */
const warmup = (view: ConfigView): Binding[] =>
  waves.test(textAt(view, 'lr_scheduler') ?? '')
    ? []
    : [bind('warmupSteps', place(view, 'lr_warmup_steps'), { fallback: usual(0) })];

const clipping = (view: ConfigView): Binding =>
  bind(textAt(view, 'grad_clip_method') === 'norm' ? 'clipNorm' : 'clipValue', place(view, 'max_grad_norm'), {
    fallback: usual(2),
  });

const minimum = (view: ConfigView): Binding[] =>
  /^(sine|cosine|cosine_with_restarts|polynomial)$/.test(textAt(view, 'lr_scheduler') ?? '')
    ? [bind('minLearningRate', place(view, 'lr_end'), { fallback: usual(4e-7) })]
    : [];

export const simpleTuner: Dialect = {
  id: 'simpletuner',
  name: 'SimpleTuner',
  formats: ['json', 'toml'],
  loader: loadedBy(
    'pyyaml',
    'cast',
    'SimpleTuner helpers/configuration: every key becomes an argument of the command line',
  ),
  recognise(view) {
    const found = marks.filter((name) => view.has(key(place(view, name))));
    const training = ['learning_rate', 'max_train_steps', 'num_train_epochs', 'train_batch_size'].filter(
      (name) => view.has(key(place(view, name))),
    );
    if (training.length < 2 || found.length < 3) return undefined;
    if (!found.includes('data_backend_config') && !found.includes('model_family')) return undefined;
    return recognised(Math.min(0.95 + 0.01 * found.length, 0.99), hasKeys([...found, ...training]));
  },
  layouts(view) {
    const at = (name: string) => place(view, name);
    const config = at('optimizer_config');
    return [
      {
        label: '',
        bindings: [
          bind('optimizer', at('optimizer'), {
            read: optimizerName,
            write: optimizers.write,
            fallback: usual('adamw'),
          }),
          bind('learningRate', at('learning_rate'), { fallback: usual(4e-7) }),
          bind('beta1', at('optimizer_beta1'), { fallback: fallbackOf('beta1') }),
          bind('beta2', at('optimizer_beta2'), { fallback: fallbackOf('beta2') }),
          ofConfig('weightDecay', 'weight_decay', config),
          ofConfig('eps', 'eps', config),
          ofConfig('momentum', 'momentum', config),
          bind('batchPerDevice', at('train_batch_size'), { fallback: usual(4) }),
          bind('gradientAccumulation', at('gradient_accumulation_steps'), { fallback: usual(1) }),
          // 0 leaves the length to the other of the two.
          bind('maxSteps', at('max_train_steps'), { read: positive }),
          bind('epochs', at('num_train_epochs'), {
            read: positive,
            fallback: (one) =>
              one.has(key(at('num_train_epochs'))) || (numberAt(one, 'max_train_steps') ?? 0) > 0
                ? undefined
                : usual(1)(),
          }),
          bind('schedule', at('lr_scheduler'), {
            read: (value, one) => (scheduleFree(one) ? 'other' : kinds.read(value)),
            // After a schedule of waves, its length would become a warm-up.
            write: (kind, one) =>
              (kind === 'linear' || kind === 'constant') && !waves.test(textAt(one, 'lr_scheduler') ?? '')
                ? kinds.write(kind)
                : undefined,
            fallback: (one) => usual(scheduleFree(one) ? 'other' : 'constant')(),
          }),
          ...warmup(view),
          ...minimum(view),
          clipping(view),
          bind('precision', at('mixed_precision'), { ...acceleratePrecision, fallback: usual('bf16-mixed') }),
          bind('model', at('pretrained_model_name_or_path'), {
            read: (value) => (value.kind === 'string' && value.value !== '' ? value.value : absent),
          }),
          bind('method', at('model_type'), {
            read: (value) =>
              value.kind === 'string' ? (/lora/.test(value.value) ? 'lora' : 'full') : undefined,
            fallback: usual('full'),
            readOnly: true,
          }),
        ],
        finish(settings) {
          const family = textAt(view, 'model_family') ?? '';
          imply(
            settings,
            {
              goal: 'fine-tuning',
              fromScratch: false,
              objective: 'denoising',
              architecture: unets.test(family) ? 'unet' : undefined,
            },
            text('SimpleTuner tunes diffusion models', 'SimpleTuner는 디퓨전 모델을 튜닝하는 도구'),
          );
        },
      },
    ];
  },
};
