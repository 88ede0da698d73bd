import type { LoadedValue } from '../../document/types.ts';
import type { ScheduleKind } from '../../run/fields.ts';
import { type Absent, absent } from '../dialect.ts';
import { named } from './bind.ts';

/** Scheduler names of transformers (`SchedulerType`); the first of a kind is the one written. */
export const hfSchedules = named<ScheduleKind>(
  {
    linear: 'linear',
    cosine: 'cosine',
    cosine_with_restarts: 'cosine-restarts',
    polynomial: 'polynomial',
    constant: 'constant',
    constant_with_warmup: 'constant',
    inverse_sqrt: 'inverse-sqrt',
    reduce_lr_on_plateau: 'reduce-on-plateau',
    cosine_with_min_lr: 'cosine',
    cosine_warmup_with_min_lr: 'cosine',
    warmup_stable_decay: 'warmup-stable-decay',
  },
  'other',
);

/** Class names of schedulers, module path stripped: torch.optim.lr_scheduler and what the large libraries add. */
const classes: Readonly<Record<string, ScheduleKind>> = {
  constantlr: 'constant',
  linearlr: 'linear',
  cosineannealinglr: 'cosine',
  cosineannealingwarmrestarts: 'cosine-restarts',
  polynomiallr: 'polynomial',
  steplr: 'step',
  multisteplr: 'multi-step',
  exponentiallr: 'exponential',
  onecyclelr: 'one-cycle',
  reducelronplateau: 'reduce-on-plateau',
  get_cosine_schedule_with_warmup: 'cosine',
  get_linear_schedule_with_warmup: 'linear',
  get_constant_schedule: 'constant',
  get_constant_schedule_with_warmup: 'constant',
  get_polynomial_decay_schedule_with_warmup: 'polynomial',
  get_exponential_scheduler: 'exponential',
  linearwarmupcosineannealinglr: 'cosine',
  warmupcosineannealinglr: 'cosine',
  cosineannealing: 'cosine',
  cosinelrscheduler: 'cosine',
  warmuplr: 'constant',
  warmupdecaylr: 'linear',
  warmupcosinelr: 'cosine',
  onecycle: 'one-cycle',
  noamlr: 'noam',
};

/** A scheduler class by its path (`torch.optim.lr_scheduler.StepLR`); unknown classes are `other`. */
export function scheduleClass(value: LoadedValue): ScheduleKind | Absent | undefined {
  if (value.kind === 'null') return absent;
  if (value.kind !== 'string') return undefined;
  const name = value.value.slice(value.value.lastIndexOf('.') + 1).toLowerCase();
  return classes[name] ?? 'other';
}

const words: readonly (readonly [RegExp, ScheduleKind])[] = [
  [/restart|sgdr/, 'cosine-restarts'],
  [/one_?-?cycle/, 'one-cycle'],
  [/plateau/, 'reduce-on-plateau'],
  [/noam/, 'noam'],
  [/inv(erse)?_?-?sq(ua)?re?_?root|inverse_?-?sqrt|inv_?-?sqrt|rsqrt/, 'inverse-sqrt'],
  [/stable|wsd|trapez/, 'warmup-stable-decay'],
  [/multi_?-?step|piecewise/, 'multi-step'],
  [/cos/, 'cosine'],
  [/poly/, 'polynomial'],
  [/exp/, 'exponential'],
  [/step/, 'step'],
  [/linear/, 'linear'],
  [/const|^none$|^fixed$/, 'constant'],
];

/** Guesses the kind from a name of an unknown framework (`cosine_annealing`, `LinearWarmupCosineLR`). */
export function scheduleByWord(value: LoadedValue): ScheduleKind | Absent | undefined {
  if (value.kind === 'null') return absent;
  if (value.kind !== 'string') return undefined;
  const name = value.value.slice(value.value.lastIndexOf('.') + 1).toLowerCase();
  return classes[name] ?? words.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}
