/**
 * The ids that tables, rules, settings, the command line and tests share.
 * They are part of the program's outside: add, but do not rename.
 */

/** Order of the comparison table, then the newer optimizers; the last three wrap another one. */
export const optimizerIds = [
  'sgd',
  'sgd-momentum',
  'nag',
  'adagrad',
  'rmsprop',
  'adam',
  'adamw',
  'adamax',
  'nadam',
  'radam',
  'adabound',
  'lamb',
  'newton',
  'lbfgs',
  'kfac',
  'adafactor',
  'lion',
  'sophia',
  'lookahead',
  'ranger',
  'sam',
] as const;
export type OptimizerId = (typeof optimizerIds)[number];

/** Optimizers that take another optimizer, written `lookahead(adam)`; `ranger` alone is `lookahead(radam)`. */
export const wrapperIds = ['lookahead', 'ranger', 'sam'] as const satisfies readonly OptimizerId[];
export type WrapperId = (typeof wrapperIds)[number];

export const domainIds = [
  'cv-cnn',
  'cv-vit',
  'nlp',
  'llm',
  'rl-value',
  'rl-policy',
  'recsys-embedding',
  'recsys-deep',
  'timeseries-rnn',
  'timeseries-transformer',
  'memory-constrained',
  'on-device',
] as const;
export type DomainId = (typeof domainIds)[number];

export const architectureIds = [
  'resnet',
  'efficientnet',
  'vit',
  'bert',
  'gpt',
  't5',
  'lstm',
  'gru',
  'gan-generator',
  'gan-discriminator',
  'unet',
  'yolo',
  'mask-rcnn',
  'dqn',
  'ppo',
] as const;
export type ArchitectureId = (typeof architectureIds)[number];

export const traitIds = [
  'sparse-features',
  'dense-features',
  'variable-length',
  'high-dimensional',
  'imbalanced',
  'noisy',
  'non-stationary',
  'large-batch',
] as const;
export type TraitId = (typeof traitIds)[number];

export const goalIds = [
  'best-accuracy',
  'fast-prototyping',
  'transfer-learning',
  'fine-tuning',
  'zero-shot',
  'multi-task',
  'continual-learning',
  'distributed',
] as const;
export type GoalId = (typeof goalIds)[number];

/** The first six stand in the source's table of symptoms, the last three go beyond it. */
export const symptomIds = [
  'loss-divergence',
  'gradient-explosion',
  'early-instability',
  'late-plateau',
  'overfitting',
  'oscillation',
  'vanishing-gradient',
  'dead-units',
  'slow-convergence',
] as const;
export type SymptomId = (typeof symptomIds)[number];

/**
 * `error`: the framework refuses it, or the value is misread or mathematically broken. `warning`: strong
 * evidence that the run fails or wastes its compute. `information`: departs from the preference tables.
 * `hint`: could be better.
 */
export const severities = ['error', 'warning', 'information', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** How the weights are trained: which usual learning rates apply depends on it. */
export const trainingMethods = ['full', 'lora', 'qlora', 'frozen-backbone'] as const;
export type TrainingMethod = (typeof trainingMethods)[number];

/** Where the weights start and what is optimised: from scratch, fine-tuning, preference tuning, RL. */
export const trainingStages = ['pretraining', 'fine-tuning', 'preference-tuning', 'reinforcement'] as const;
export type TrainingStage = (typeof trainingStages)[number];

/** Prose in the two languages every message comes in. */
export type Text = { en: string; ko: string };
export type Language = keyof Text;

const has =
  <T extends string>(ids: readonly T[]) =>
  (value: unknown): value is T =>
    typeof value === 'string' && (ids as readonly string[]).includes(value);

export const isOptimizerId = has(optimizerIds);
export const isDomainId = has(domainIds);
export const isArchitectureId = has(architectureIds);
export const isTraitId = has(traitIds);
export const isGoalId = has(goalIds);
export const isSymptomId = has(symptomIds);
export const isSeverity = has(severities);
