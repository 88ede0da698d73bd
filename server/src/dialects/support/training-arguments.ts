import type { LoadedValue } from '../../document/types.ts';
import type { Precision, ScheduleKind } from '../../run/fields.ts';
import type { MutableSettings } from '../../run/setting.ts';
import { text } from '../../text.ts';
import {
  type Absent,
  absent,
  type Binding,
  type ConfigView,
  type KeyWrite,
  type RunLayout,
} from '../dialect.ts';
import { always, bind, bindWhereWritten, defaultsOf, key, positive } from './bind.ts';
import { imply } from './imply.ts';
import { numberIn, numberOf } from './numbers.ts';
import { optimizerNames, type Spellings } from './optimizers.ts';
import { precisionFlags } from './precision.ts';
import { hfSchedules } from './schedules.ts';

/** Keys that tools built on TrainingArguments give other names. */
export interface ArgumentNames {
  readonly optimizer: string;
  readonly learningRate: string;
  readonly batch: string;
  readonly accumulation: string;
  readonly epochs: string;
  readonly schedule: string;
}

const argumentNames: ArgumentNames = {
  optimizer: 'optim',
  learningRate: 'learning_rate',
  batch: 'per_device_train_batch_size',
  accumulation: 'gradient_accumulation_steps',
  epochs: 'num_train_epochs',
  schedule: 'lr_scheduler_type',
};

/** Values of absent keys; those of transformers 5.18 unless a tool has its own. */
export interface ArgumentDefaults {
  /** Null where the tool insists on one. */
  readonly learningRate: number | null;
  readonly batch: number;
  /** Null where the tool works it out from the batch. */
  readonly accumulation: number | null;
  readonly epochs: number;
  readonly weightDecay: number;
  readonly beta2: number;
  readonly schedule: ScheduleKind;
  readonly warmupRatio: number;
  readonly precision: Precision | null;
}

const argumentDefaults: ArgumentDefaults = {
  learningRate: 5e-5,
  batch: 8,
  accumulation: 1,
  epochs: 3,
  weightDecay: 0,
  beta2: 0.999,
  schedule: 'linear',
  warmupRatio: 0,
  precision: 'fp32',
};

/** What differs between the tools that share `transformers.TrainingArguments`. */
export interface TrainingArgumentsOptions {
  /** Shown with every default: `transformers 5.18`. */
  readonly version: string;
  readonly framework: string;
  /** Dotted block the keys stand in; empty for flat files. */
  readonly prefix?: string;
  readonly names?: Partial<ArgumentNames>;
  readonly defaults?: Partial<ArgumentDefaults>;
  readonly spellings?: Spellings;
  /** False where precision is said by other keys than `bf16` and `fp16`. */
  readonly flags?: boolean;
}

/** `OptimizerNames` of transformers 5.18 for the optimizers of the tables. */
export const hfOptimizers: Spellings = {
  adamw: 'adamw_torch',
  sgd: 'sgd',
  'sgd-momentum': 'sgd',
  adagrad: 'adagrad',
  rmsprop: 'rmsprop',
  adafactor: 'adafactor',
  lion: 'lion_32bit',
};

/**
 * The fields of TrainingArguments, read in transformers 5.18 `training_args.py`. `warmup_ratio` is the key of
 * version 4 and gone since 5.2; a `warmup_steps` below 1 is a ratio since version 5 and refused before 4.41.
 */
export function trainingArguments(options: TrainingArgumentsOptions): Binding[] {
  const at = (name: string) => (options.prefix ? `${options.prefix}.${name}` : name);
  const usual = defaultsOf(options.version);
  const names = { ...argumentNames, ...options.names };
  const defaults = { ...argumentDefaults, ...options.defaults };
  const schedule = at(names.schedule);
  const warmup = (name: string, value: number, view: ConfigView) =>
    warmupWrites(view, at(name), value, schedule);
  return [
    bind('optimizer', at(names.optimizer), {
      ...optimizerNames(options.framework, options.spellings ?? hfOptimizers),
      fallback: usual('adamw'),
    }),
    bind('learningRate', at(names.learningRate), {
      ...(defaults.learningRate === null ? {} : { fallback: usual(defaults.learningRate) }),
    }),
    bind('momentum', at('optim_args'), {
      read: (value) => {
        const said = argumentIn(value, 'momentum');
        return said === undefined ? absent : numberIn(said);
      },
      writeAll: (value, view) => writeArgument(view, at('optim_args'), 'momentum', String(value)),
    }),
    bind('nesterov', at('optim_args'), {
      read: (value) => {
        const said = argumentIn(value, 'nesterov');
        return said === undefined ? absent : /^(true|1)$/i.test(said);
      },
      readOnly: true,
    }),
    bind('beta1', at('adam_beta1'), { fallback: usual(0.9) }),
    bind('beta2', at('adam_beta2'), { fallback: usual(defaults.beta2) }),
    bind('eps', at('adam_epsilon'), { fallback: usual(1e-8) }),
    bind('weightDecay', at('weight_decay'), { fallback: usual(defaults.weightDecay) }),
    bind('batchPerDevice', at(names.batch), { fallback: usual(defaults.batch) }),
    bind('gradientAccumulation', at(names.accumulation), {
      ...(defaults.accumulation === null ? {} : { fallback: usual(defaults.accumulation) }),
    }),
    bind('epochs', at(names.epochs), { fallback: usual(defaults.epochs) }),
    bind('maxSteps', at('max_steps'), { read: positive }),
    bind('schedule', schedule, {
      ...hfSchedules,
      fallback: usual(defaults.schedule),
      writeAll: (value, view) => {
        const name =
          value === 'constant' && hasWarmup(view, at) ? 'constant_with_warmup' : hfSchedules.write(value);
        return name === undefined ? undefined : [{ path: key(schedule), value: name }];
      },
    }),
    bind('warmupRatio', at('warmup_ratio'), {
      read: nonZero,
      writeAll: (value, view) => warmup(isVersion5(view, at) ? 'warmup_steps' : 'warmup_ratio', value, view),
    }),
    // Version 5: `warmup_steps: 0.1` is a tenth of the run.
    bind('warmupRatio', at('warmup_steps'), { read: fractionOfRun, readOnly: true }),
    bind('warmupSteps', at('warmup_steps'), {
      read: wholeSteps,
      ...(defaults.warmupRatio === 0 ? { fallback: usual(0) } : {}),
      writeAll: (value, view) => warmup('warmup_steps', Math.round(value), view),
    }),
    ...(defaults.warmupRatio === 0
      ? []
      : [
          always('warmupRatio', (view) =>
            view.has(key(at('warmup_steps'))) ? undefined : usual(defaults.warmupRatio)(),
          ),
        ]),
    bind('minLearningRate', at('lr_scheduler_kwargs.min_lr')),
    bind('minLearningRateRatio', at('lr_scheduler_kwargs.min_lr_rate')),
    // `get_wsd_schedule` insists on the number of decay steps; its shape is a cosine unless told otherwise.
    bind('cooldownSteps', at('lr_scheduler_kwargs.num_decay_steps'), {
      writeAll: (value) => [
        { path: key(at('lr_scheduler_kwargs.num_decay_steps')), value: Math.round(value) },
        { path: key(at('lr_scheduler_kwargs.decay_type')), value: 'linear' },
      ],
    }),
    bind('clipNorm', at('max_grad_norm'), { fallback: usual(1) }),
    ...(options.flags === false
      ? []
      : precisionFlags({
          bf16: at('bf16'),
          fp16: at('fp16'),
          ...(defaults.precision === null ? {} : { fallback: usual(defaults.precision) }),
        })),
    bind('sequenceLength', [
      at('max_seq_length'),
      at('max_length'),
      at('model_max_length'),
      at('cutoff_len'),
    ]),
    bind('model', at('model_name_or_path')),
    // Of the model's own config, that scripts hand on.
    bindWhereWritten('dropout', [
      at('hidden_dropout_prob'),
      at('hidden_dropout'),
      at('dropout_rate'),
      at('dropout'),
    ]),
    bindWhereWritten('earlyStoppingPatience', at('early_stopping_patience')),
    bind('dataset', [at('dataset_name'), at('dataset'), at('dataset_id_or_path'), at('train_file')]),
  ];
}

/** `constant` means constant from the first step: transformers gives it no warm-up, whatever the warm-up keys say. */
export function constantHasNoWarmup(schedule: string) {
  return (settings: MutableSettings, view: ConfigView): void => {
    if (view.string(key(schedule)) !== 'constant') return;
    delete settings.warmupRatio;
    delete settings.warmupEpochs;
    settings.warmupSteps = {
      value: 0,
      from: 'default',
      why: text(
        `\`${schedule}: constant\` has no warm-up; \`constant_with_warmup\` has`,
        `\`${schedule}: constant\`에는 워밍업이 없음 (\`constant_with_warmup\`에는 있음)`,
      ),
    };
  };
}

/** A whole layout of one flat file, for dialects with nothing more to say. */
export function argumentsLayout(
  options: TrainingArgumentsOptions,
  extra: readonly Binding[] = [],
): RunLayout {
  return {
    label: '',
    bindings: [...extra, ...trainingArguments(options)],
    finish: constantHasNoWarmup(
      [options.prefix, options.names?.schedule ?? argumentNames.schedule].filter(Boolean).join('.'),
    ),
  };
}

/** Scripts of transformers load weights from `model_name_or_path`; without it they start from random ones. */
export function startsFromCheckpoint(settings: MutableSettings): void {
  if (settings.model?.from !== 'file') return;
  imply(
    settings,
    { fromScratch: false, goal: 'fine-tuning' },
    text('the model is named by its pretrained weights', '모델이 사전 학습된 가중치로 지정됨'),
  );
}

type At = (name: string) => string;

function hasWarmup(view: ConfigView, at: At): boolean {
  return ['warmup_ratio', 'warmup_steps'].some((name) => (numberOf(view.value(key(at(name)))) ?? 0) > 0);
}

/** A warm-up that `constant` would swallow takes the schedule with it. */
function warmupWrites(view: ConfigView, name: string, value: number, schedule: string): readonly KeyWrite[] {
  const constant = view.string(key(schedule)) === 'constant' && value > 0;
  return [
    { path: key(name), value },
    ...(constant ? [{ path: key(schedule), value: 'constant_with_warmup' }] : []),
  ];
}

/** Whether the file can only be for version 5, where `warmup_ratio` is gone: it uses what version 4 does not have. */
function isVersion5(view: ConfigView, at: At): boolean {
  const steps = numberOf(view.value(key(at('warmup_steps')))) ?? 0;
  return (steps > 0 && steps < 1) || view.has(key(at('train_sampling_strategy')));
}

function nonZero(value: LoadedValue): number | Absent | undefined {
  if (value.kind === 'null') return absent;
  const number = numberOf(value);
  // Version 4 takes `warmup_steps` when it is above 0, and the ratio otherwise; a ratio of 0 says nothing.
  return number === undefined || number < 0 ? undefined : number === 0 ? absent : number;
}

function fractionOfRun(value: LoadedValue): number | Absent {
  const number = numberOf(value);
  return number !== undefined && number > 0 && number < 1 ? number : absent;
}

function wholeSteps(value: LoadedValue): number | Absent | undefined {
  if (value.kind === 'null') return absent;
  const number = numberOf(value);
  if (number === undefined || number < 0) return undefined;
  return number > 0 && number < 1 ? absent : number;
}

/** One argument of `optim_args: "momentum=0.9,nesterov=True"`. */
function argumentIn(value: LoadedValue, name: string): string | undefined {
  if (value.kind !== 'string') return undefined;
  for (const pair of value.value.split(',')) {
    const [left = '', right] = pair.split('=');
    if (left.trim() === name && right !== undefined) return right.trim();
  }
  return undefined;
}

function writeArgument(view: ConfigView, at: string, name: string, value: string): readonly KeyWrite[] {
  const before = view.string(key(at)) ?? '';
  const pairs = before.split(',').filter((pair) => pair.trim() !== '' && pair.split('=')[0]?.trim() !== name);
  return [{ path: key(at), value: [...pairs, `${name}=${value}`].join(',') }];
}
