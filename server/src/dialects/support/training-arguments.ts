import type { LoadedValue } from '../../document/types.ts';
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
import { bind, defaultsOf, key, positive } from './bind.ts';
import { numberIn, numberOf } from './numbers.ts';
import { optimizerNames, type Spellings } from './optimizers.ts';
import { precisionFlags } from './precision.ts';
import { hfSchedules } from './schedules.ts';

/** What differs between the tools that share `transformers.TrainingArguments`. */
export interface TrainingArgumentsOptions {
  /** Shown with every default: `transformers 5.18`. */
  readonly version: string;
  readonly framework: string;
  /** Dotted block the keys stand in; empty for flat files. */
  readonly prefix?: string;
  readonly learningRate?: number;
  readonly bf16?: boolean;
  readonly optimizerKey?: string;
  readonly spellings?: Spellings;
}

/** `OptimizerNames` of transformers 5.18 for the optimizers of the tables. */
export const hfOptimizers: Spellings = {
  adamw: 'adamw_torch',
  sgd: 'sgd',
  'sgd-momentum': 'sgd',
  nag: 'sgd',
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
  return [
    bind('optimizer', at(options.optimizerKey ?? 'optim'), {
      ...optimizerNames(options.framework, options.spellings ?? hfOptimizers),
      fallback: usual('adamw'),
    }),
    bind('learningRate', at('learning_rate'), { fallback: usual(options.learningRate ?? 5e-5) }),
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
      writeAll: (value, view) => writeArgument(view, at('optim_args'), 'nesterov', value ? 'True' : 'False'),
    }),
    bind('beta1', at('adam_beta1'), { fallback: usual(0.9) }),
    bind('beta2', at('adam_beta2'), { fallback: usual(0.999) }),
    bind('eps', at('adam_epsilon'), { fallback: usual(1e-8) }),
    bind('weightDecay', at('weight_decay'), { fallback: usual(0) }),
    bind('batchPerDevice', at('per_device_train_batch_size'), { fallback: usual(8) }),
    bind('gradientAccumulation', at('gradient_accumulation_steps'), { fallback: usual(1) }),
    bind('epochs', at('num_train_epochs'), { fallback: usual(3) }),
    bind('maxSteps', at('max_steps'), { read: positive }),
    bind('schedule', at('lr_scheduler_type'), {
      ...hfSchedules,
      fallback: usual('linear'),
      writeAll: (value, view) => {
        const name =
          value === 'constant' && hasWarmup(view, at) ? 'constant_with_warmup' : hfSchedules.write(value);
        return name === undefined ? undefined : [{ path: key(at('lr_scheduler_type')), value: name }];
      },
    }),
    bind('warmupRatio', at('warmup_ratio'), {
      read: nonZero,
      writeAll: (value, view) =>
        warmupWrites(view, at, isVersion5(view, at) ? 'warmup_steps' : 'warmup_ratio', value),
    }),
    // Version 5: `warmup_steps: 0.1` is a tenth of the run.
    bind('warmupRatio', at('warmup_steps'), { read: fractionOfRun, readOnly: true }),
    bind('warmupSteps', at('warmup_steps'), {
      read: wholeSteps,
      fallback: usual(0),
      writeAll: (value, view) => warmupWrites(view, at, 'warmup_steps', Math.round(value)),
    }),
    bind('minLearningRate', at('lr_scheduler_kwargs.min_lr')),
    bind('minLearningRateRatio', at('lr_scheduler_kwargs.min_lr_rate')),
    bind('clipNorm', at('max_grad_norm'), { fallback: usual(1) }),
    ...precisionFlags({
      bf16: at('bf16'),
      fp16: at('fp16'),
      fallback: options.bf16 ? usual('bf16-mixed') : usual('fp32'),
    }),
    bind('sequenceLength', [
      at('max_seq_length'),
      at('max_length'),
      at('model_max_length'),
      at('cutoff_len'),
    ]),
    bind('model', at('model_name_or_path')),
    bind('dataset', [at('dataset_name'), at('dataset'), at('dataset_id_or_path'), at('train_file')]),
  ];
}

/** `constant` means constant from the first step: transformers gives it no warm-up, whatever the warm-up keys say. */
export function constantHasNoWarmup(prefix = '') {
  return (settings: MutableSettings, view: ConfigView): void => {
    const at = (name: string) => (prefix ? `${prefix}.${name}` : name);
    if (view.string(key(at('lr_scheduler_type'))) !== 'constant') return;
    delete settings.warmupRatio;
    delete settings.warmupEpochs;
    settings.warmupSteps = {
      value: 0,
      from: 'default',
      why: text(
        '`lr_scheduler_type: constant` has no warm-up; `constant_with_warmup` has',
        '`lr_scheduler_type: constant`에는 워밍업이 없습니다 (`constant_with_warmup`에는 있습니다)',
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
    finish: constantHasNoWarmup(options.prefix),
  };
}

type At = (name: string) => string;

function hasWarmup(view: ConfigView, at: At): boolean {
  return ['warmup_ratio', 'warmup_steps'].some((name) => (numberOf(view.value(key(at(name)))) ?? 0) > 0);
}

/** A warm-up that `constant` would swallow takes the schedule with it. */
function warmupWrites(view: ConfigView, at: At, name: string, value: number): readonly KeyWrite[] {
  const schedule = key(at('lr_scheduler_type'));
  const constant = view.string(schedule) === 'constant' && value > 0;
  return [
    { path: key(at(name)), value },
    ...(constant ? [{ path: schedule, value: 'constant_with_warmup' }] : []),
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
