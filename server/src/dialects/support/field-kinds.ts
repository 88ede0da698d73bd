import type { FieldId } from '../../run/fields.ts';

/** How a field's value is read from a scalar when its binding says nothing else. */
export type FieldKind =
  /** Any finite number. */
  | 'number'
  /** A whole number above 0; other numbers are not readable as this field. */
  | 'count'
  /** A finite number of at least 0. */
  | 'amount'
  | 'boolean'
  | 'string';

export const fieldKinds: Readonly<Record<FieldId, FieldKind>> = {
  optimizer: 'string',
  learningRate: 'number',
  momentum: 'number',
  nesterov: 'boolean',
  beta1: 'number',
  beta2: 'number',
  eps: 'number',
  weightDecay: 'number',
  batchPerDevice: 'count',
  gradientAccumulation: 'count',
  worldSize: 'count',
  globalBatch: 'count',
  sequenceLength: 'count',
  epochs: 'amount',
  maxSteps: 'count',
  datasetSize: 'count',
  totalSteps: 'count',
  schedule: 'string',
  warmupSteps: 'amount',
  warmupRatio: 'amount',
  warmupEpochs: 'amount',
  decaySteps: 'count',
  cooldownSteps: 'count',
  cooldownRatio: 'amount',
  decayMilestones: 'string',
  decayEpochs: 'amount',
  decayFactor: 'number',
  minLearningRate: 'number',
  minLearningRateRatio: 'number',
  clipNorm: 'amount',
  clipValue: 'amount',
  precision: 'string',
  dropout: 'amount',
  earlyStoppingPatience: 'amount',
  model: 'string',
  parameterCount: 'amount',
  task: 'string',
  dataset: 'string',
  method: 'string',
  objective: 'string',
  fromScratch: 'boolean',
  domain: 'string',
  architecture: 'string',
  goal: 'string',
  traits: 'string',
};

/** Fields counted in whole steps, epochs or samples: never written with a fraction. */
export const wholeFields: ReadonlySet<FieldId> = new Set<FieldId>([
  'batchPerDevice',
  'gradientAccumulation',
  'worldSize',
  'globalBatch',
  'sequenceLength',
  'maxSteps',
  'datasetSize',
  'totalSteps',
  'warmupSteps',
  'decaySteps',
  'cooldownSteps',
  'earlyStoppingPatience',
]);
