import type { LoadedValue, Path } from '../document/types.ts';
import type { OptimizerName, Precision, ScheduleKind } from '../run/fields.ts';
import type { MutableSettings } from '../run/setting.ts';
import { text } from '../text.ts';
import { absent, type ConfigView, type Dialect } from './dialect.ts';
import { bind, defaultsOf, type Fallback, key, named, numberOr, positive } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { implySize } from './support/model-size.ts';
import { numberOf } from './support/numbers.ts';
import { optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('Levanter 1.2');
/** `adam` decouples its decay, which makes it AdamW. */
const optimizers = optimizerNames('levanter', { adamw: 'adam', lion: 'lion', sophia: 'sophia-h' });
const at = (name: string) => `optimizer.${name}`;
const trainer = (name: string) => `trainer.${name}`;

/** What each optimizer config starts from: β₁, β₂, ε, decay. Source: levanter optim/*.py. */
const defaults: Readonly<Partial<Record<OptimizerName, readonly [number, number, number, number]>>> = {
  adamw: [0.9, 0.95, 1e-8, 0.1],
  lion: [0.9, 0.95, 1e-8, 0.1],
  sophia: [0.96, 0.99, 1e-12, 0.1],
};

const optimizerOf = (view: ConfigView): OptimizerName | undefined => {
  const type = view.value(key(at('type')));
  if (type === undefined) return 'adamw';
  const read = optimizers.read(type);
  return typeof read === 'string' ? read : undefined;
};

const ofOptimizer =
  (index: 0 | 1 | 2 | 3): Fallback<'beta1' | 'beta2' | 'eps' | 'weightDecay'> =>
  (view) => {
    const own = defaults[optimizerOf(view) ?? '']?.[index];
    return own === undefined ? undefined : usual(own)();
  };

/** These have no `max_grad_norm`, or none that reaches every weight. */
const unclipped = /^(sophia-h|muon|scion)$/;

const shapes = named<ScheduleKind>(
  {
    cosine: 'cosine',
    linear: 'linear',
    constant: 'constant',
    inv_sqrt: 'inverse-sqrt',
    inv: 'other',
    power: 'other',
  },
  'other',
);

const cycled = (view: ConfigView) =>
  present(view, ['cycle_length', 'cycles', 'haps'].map(at)).some(
    (name) => view.value(key(name))?.kind !== 'null',
  );

const numberAt = (view: ConfigView, name: string) => numberOf(view.value(key(name)));
const stepsOf = (view: ConfigView) => numberAt(view, trainer('num_train_steps')) ?? 400_000;
/** Up to 1 a share of the run, above it a number of steps: `_convert_frac_or_steps`. */
const share = (view: ConfigView, value: number) => (value <= 1 ? value : value / stepsOf(view));

/** A decay shorter than what the warm-up leaves comes last, after a stretch at the full rate. */
function stableFirst(view: ConfigView): boolean {
  const decay = numberAt(view, at('decay'));
  const warmup = numberAt(view, at('warmup')) ?? 0.01;
  return decay !== undefined && decay > 0 && share(view, decay) + share(view, warmup) < 0.995;
}

function schedule(value: LoadedValue, view: ConfigView): ReturnType<typeof shapes.read> {
  const shape = shapes.read(value);
  if (typeof shape !== 'string') return shape;
  if (cycled(view)) return 'other';
  if (shape === 'constant')
    return (numberAt(view, at('cooldown')) ?? 0) > 0 ? 'warmup-stable-decay' : 'constant';
  return stableFirst(view) ? 'warmup-stable-decay' : shape;
}

/** `decay` of a shape that falls, or the deprecated `cooldown` after a constant rate. */
const tail = ['decay', 'cooldown'].map(at);
const isTail = (view: ConfigView, path: Path) =>
  (path.at(-1) === 'cooldown') === (view.string(key(at('lr_schedule'))) === 'constant') &&
  (path.at(-1) === 'cooldown' || stableFirst(view));

/** A share in [0, 1] or a number of steps above 1, as the field asks. */
const amount =
  (unit: 'share' | 'steps', applies: (view: ConfigView, path: Path) => boolean) =>
  (value: LoadedValue, view: ConfigView, path: Path) => {
    if (value.kind === 'null') return absent;
    const number = numberOf(value);
    if (number === undefined) return undefined;
    return applies(view, path) && number <= 1 === (unit === 'share') ? number : absent;
  };
/** The warm-up of a schedule in cycles is a share of the first of them. */
const warmup = (unit: 'share' | 'steps') => amount(unit, (view) => unit === 'steps' || !cycled(view));
/** One step would be read as the whole run. */
const shareOnly = (value: number) => (value <= 1 ? value : undefined);
const stepsOnly = (value: number) => (value === 0 || value > 1 ? value : undefined);

/** `f32`, `p=f32,c=bfloat16`: jmp's policies. */
const policies = named<Precision>({
  'p=f32,c=bfloat16': 'bf16-mixed',
  'p=f32,c=bf16': 'bf16-mixed',
  'p=f32,c=f16': 'fp16-mixed',
  'p=f32,c=f32': 'fp32',
  'p=bfloat16,c=bfloat16': 'bf16',
  f32: 'fp32',
  float32: 'fp32',
  full: 'fp32',
  bfloat16: 'bf16',
  bf16: 'bf16',
  float16: 'fp16',
  f16: 'fp16',
});

/** A key that says something: neither `null` nor `false` nor nothing. */
function given(view: ConfigView, dotted: string): boolean {
  const value = view.value(key(dotted));
  if (value === undefined) return view.has(key(dotted));
  return value.kind !== 'null' && !(value.kind === 'boolean' && !value.value);
}

/** What only the adapter scripts take, and the tag their examples log with. */
function adapted(view: ConfigView): boolean {
  const tagged = ['trainer.wandb.tags', 'trainer.tracker.tags'].some((tags) => {
    const node = view.at(key(tags));
    return node?.kind === 'seq' && node.items.some((item) => item.kind === 'scalar' && item.text === 'lora');
  });
  const keys = ['lora', 'peft_save_path', 'peft_hf_upload', 'merged_hf_save_path', 'merged_hf_upload'];
  return tagged || keys.some((name) => view.has([name]));
}

function implied(settings: MutableSettings, view: ConfigView): void {
  const speech = view.string(key('model.type')) === 'whisper';
  const pretrained = [
    'initialize_from_hf',
    'model_name_or_path',
    'initialize_from_checkpoint_path',
    trainer('initialize_from'),
  ].some((name) => given(view, name));
  const adapters = adapted(view);
  const tuned = adapters || pretrained || view.has(['supervised_data']);
  if (!speech)
    implySize(settings, view, {
      layers: ['model.num_layers'],
      width: ['model.hidden_dim'],
      feedForward: ['model.intermediate_dim'],
    });
  imply(
    settings,
    {
      domain: speech ? undefined : 'llm',
      architecture: speech ? undefined : 'gpt',
      method: adapters ? 'lora' : 'full',
      objective: speech || tuned ? 'supervised' : 'pretraining',
      goal: tuned ? 'fine-tuning' : undefined,
      fromScratch: !tuned,
    },
    text('Levanter trains language models', 'Levanter는 언어 모델을 학습하는 도구'),
  );
}

/** `train_batch_size: -1`: no number that the file tells. */
const asManyAsFit = { read: () => undefined };

/** Counts go through Python's `int()`, which takes no exponent; every other number of the classes is cast. */
const counts = /^(num_train_steps|train_batch_size|per_device_parallelism|seed)$/;

export const levanter: Dialect = {
  id: 'levanter',
  name: 'Levanter',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    (path) => (counts.test(String(path.at(-1))) ? 'kept' : 'cast'),
    'draccus parsers/decoding.py: float(x) for the fields of its data classes',
  ),
  recognise: (view) => {
    const length = present(view, [trainer('num_train_steps'), trainer('train_batch_size')]);
    if (length.length === 0 && !view.has(key(at('learning_rate')))) return undefined;
    return byKeys(view, {
      all: ['trainer'],
      any: [
        'mp',
        'per_device_parallelism',
        'per_device_eval_parallelism',
        'tensor_parallel_axes',
        'fsdp_axis',
        'batch_axis',
        'model_axis_size',
        'steps_per_eval',
        'max_eval_batches',
        'axis_resources',
        'parameter_axis_resources',
        'tracker',
        'wandb',
        'ray',
      ].map(trainer),
      min: 2,
      none: ['trainer.max_epochs', 'trainer.total_epochs'],
      confidence: 0.93,
    });
  },
  layouts: (view) => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', at('type'), { ...optimizers, fallback: usual('adamw') }),
        bind('learningRate', at('learning_rate'), { fallback: usual(6e-4) }),
        bind('beta1', at('beta1'), { fallback: ofOptimizer(0) }),
        bind('beta2', at('beta2'), { fallback: ofOptimizer(1) }),
        bind('eps', at('epsilon'), { fallback: ofOptimizer(2) }),
        bind('weightDecay', at('weight_decay'), { fallback: ofOptimizer(3) }),
        bind('globalBatch', trainer('train_batch_size'), {
          ...(view.number(key(trainer('train_batch_size'))) === -1 ? asManyAsFit : {}),
          fallback: usual(512),
        }),
        bind('batchPerDevice', trainer('per_device_parallelism'), { read: positive }),
        bind('maxSteps', trainer('num_train_steps'), { fallback: usual(400_000) }),
        bind('schedule', [at('lr_schedule'), at('lr_schedule.type')], {
          read: schedule,
          // A `decay` or `cooldown` of its own would make another shape of it.
          writeAll: (kind, view) => {
            const word = kind === 'other' ? undefined : shapes.write(kind);
            return word === undefined
              ? undefined
              : [
                  { path: key(at('lr_schedule')), value: word },
                  ...present(view, tail).map((name) => ({ path: key(name), value: undefined })),
                ];
          },
          fallback: (view) => {
            const kind = schedule({ kind: 'string', value: 'cosine' }, view);
            return typeof kind === 'string' ? usual(kind)() : undefined;
          },
        }),
        bind('warmupRatio', at('warmup'), {
          read: warmup('share'),
          write: shareOnly,
          fallback: (view) => (cycled(view) || view.has(key(at('warmup'))) ? undefined : usual(0.01)()),
        }),
        bind('warmupSteps', at('warmup'), { read: warmup('steps'), write: stepsOnly }),
        bind('cooldownRatio', tail, { read: amount('share', isTail), readOnly: true }),
        bind('cooldownSteps', tail, { read: amount('steps', isTail), readOnly: true }),
        bind('minLearningRateRatio', at('min_lr_ratio'), { fallback: usual(0.1) }),
        bind('clipNorm', at('max_grad_norm'), {
          read: numberOr(0),
          fallback: (view) => (unclipped.test(view.string(key(at('type'))) ?? '') ? undefined : usual(1)()),
        }),
        bind('precision', trainer('mp'), { ...policies, fallback: usual('fp32') }),
        bind('sequenceLength', ['max_seq_len', 'max_train_length', 'model.seq_len']),
        bind('model', ['model_name_or_path', 'initialize_from_hf', 'model.type'], {
          read: (value) => (value.kind === 'string' && value.value !== '' ? value.value : absent),
          readOnly: true,
        }),
        bind('dataset', ['data.id'], { readOnly: true }),
      ],
      finish: implied,
    },
  ],
};
