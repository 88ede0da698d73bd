import type { NativeProxy, NativeRunSpec } from './addon.ts';
import { plainSpec } from './optimizer-spec.ts';
import type { RunSpec } from './run-spec.ts';

/** A RunSpec that cannot be run; `message` names the field, what stands there and what is allowed. */
export class RunSpecError extends Error {
  override readonly name = 'RunSpecError';
}

const MAX_STEPS = 100_000;
const MAX_BATCH = 4_096;
const MAX_DATASET = 65_536;
const SPEC_KEYS = [
  'proxy',
  'optimizer',
  'switch',
  'learningRates',
  'steps',
  'batchSize',
  'accumulation',
  'clipping',
  'weightAverage',
  'dropout',
  'seed',
  'dataset',
  'probeEvery',
  'validateEvery',
  'continueWhenNonFinite',
];

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function refuse(field: string, value: unknown, allowed: string): never {
  throw new RunSpecError(`${field}: got ${describe(value)}, expected ${allowed}`);
}

function object(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(field, value, 'an object');
  return value as Record<string, unknown>;
}

function onlyKeys(field: string, value: Record<string, unknown>, keys: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      refuse(`${field}.${key}`, value[key], `no such field (known: ${keys.join(', ')})`);
  }
}

function integer(field: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    refuse(field, value, `an integer from ${min} to ${max}`);
  }
  return value;
}

function positive(field: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    refuse(field, value, 'a finite number greater than 0');
  }
  return value;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

function learningRates(value: unknown, steps: number): readonly number[] {
  if (!Array.isArray(value)) refuse('learningRates', value, 'an array with one number per step');
  if (value.length !== steps) {
    refuse('learningRates', value, `one number per step, ${steps} in all`);
  }
  for (const [index, rate] of value.entries()) {
    if (typeof rate !== 'number' || !Number.isFinite(rate) || rate < 0) {
      refuse(`learningRates[${index}]`, rate, 'a finite number, 0 or greater');
    }
  }
  return value;
}

function optimizerSpec(field: string, value: unknown): Record<string, unknown> {
  const spec = object(field, value);
  if (typeof spec.kind !== 'string' || spec.kind === '') {
    refuse(`${field}.kind`, spec.kind, 'the name of an optimizer');
  }
  return plainSpec(spec);
}

/** A number in [0, 1). */
function share(field: string, value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value < 1))
    refuse(field, value, 'a number from 0 to below 1');
  return value;
}

/** Checks everything that can be checked without allocating; throws RunSpecError. */
export function toNativeSpec(input: RunSpec, known: readonly NativeProxy[]): NativeRunSpec {
  const spec = object('run spec', input);
  onlyKeys('run spec', spec, SPEC_KEYS);
  const proxy = known.find((candidate) => candidate.id === spec.proxy);
  if (!proxy) refuse('proxy', spec.proxy, `one of ${known.map((candidate) => candidate.id).join(', ')}`);
  const optimizer = optimizerSpec('optimizer', spec.optimizer);
  const steps = integer('steps', spec.steps, 1, MAX_STEPS);
  const clipping = optional(spec.clipping, (value) => object('clipping', value)) ?? {};
  onlyKeys('clipping', clipping, ['norm', 'value']);
  const dataset = optional(spec.dataset, (value) => object('dataset', value)) ?? {};
  onlyKeys('dataset', dataset, ['size', 'labelNoise', 'badBatchScale']);
  const change = optional(spec.switch, (value) => object('switch', value));
  if (change) onlyKeys('switch', change, ['at', 'optimizer']);
  const labelNoise = optional(dataset.labelNoise, (value) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      refuse('dataset.labelNoise', value, 'a number from 0 to 1');
    }
    if (!proxy.classifies) refuse('dataset.labelNoise', value, `nothing: ${proxy.id} has no class labels`);
    return value;
  });
  const datasetSize = optional(dataset.size, (value) => {
    if (!proxy.finiteData) refuse('dataset.size', value, `nothing: ${proxy.id} makes its data as it goes`);
    return integer('dataset.size', value, 1, MAX_DATASET);
  });
  const badBatchScale = optional(dataset.badBatchScale, (value) => {
    if (!proxy.badBatches) refuse('dataset.badBatchScale', value, `nothing: ${proxy.id} has no such batches`);
    return positive('dataset.badBatchScale', value);
  });
  const average = optional(spec.weightAverage, (value) => object('weightAverage', value));
  if (average) onlyKeys('weightAverage', average, ['decay', 'warmup']);
  if (average?.warmup !== undefined && typeof average.warmup !== 'boolean') {
    refuse('weightAverage.warmup', average.warmup, 'true or false');
  }
  const dropout = optional(spec.dropout, (value) => share('dropout', value));
  if (dropout && !proxy.dropout) refuse('dropout', dropout, `nothing: ${proxy.id} has no layers that drop`);
  if (spec.continueWhenNonFinite !== undefined && typeof spec.continueWhenNonFinite !== 'boolean') {
    refuse('continueWhenNonFinite', spec.continueWhenNonFinite, 'true or false');
  }
  return {
    proxy: proxy.id,
    optimizer,
    switchAt: change && integer('switch.at', change.at, 2, Math.max(2, steps)),
    switchTo: change && optimizerSpec('switch.optimizer', change.optimizer),
    learningRates: learningRates(spec.learningRates, steps),
    steps,
    batchSize: optional(spec.batchSize, (value) => integer('batchSize', value, 1, MAX_BATCH)),
    accumulation: optional(spec.accumulation, (value) => integer('accumulation', value, 1, MAX_BATCH)),
    clipNorm: optional(clipping.norm, (value) => positive('clipping.norm', value)),
    clipValue: optional(clipping.value, (value) => positive('clipping.value', value)),
    averageDecay: average && share('weightAverage.decay', average.decay),
    averageWarmup: average?.warmup === true,
    dropout,
    seed: integer('seed', spec.seed, 0, Number.MAX_SAFE_INTEGER),
    datasetSize,
    labelNoise,
    badBatchScale,
    probeEvery:
      optional(spec.probeEvery, (value) => integer('probeEvery', value, 0, MAX_STEPS)) ??
      Math.min(4, Math.max(2, Math.floor(steps / 60))),
    validateEvery:
      optional(spec.validateEvery, (value) => integer('validateEvery', value, 0, MAX_STEPS)) ??
      Math.max(1, Math.round(steps / 20)),
    continueWhenNonFinite: spec.continueWhenNonFinite === true,
  };
}
