import type { ArchitectureId, DomainId, GoalId, OptimizerId, TraitId } from '../knowledge/ids.ts';

/** An optimizer id of the tables, a wrapper notation (`sam(sgd-momentum)`), or a framework's own name we have no row for. */
export type OptimizerName = OptimizerId | (string & {});

export type ScheduleKind =
  | 'constant'
  | 'linear'
  | 'cosine'
  | 'cosine-restarts'
  | 'polynomial'
  | 'step'
  | 'multi-step'
  | 'exponential'
  | 'inverse-sqrt'
  | 'noam'
  | 'one-cycle'
  | 'warmup-stable-decay'
  | 'reduce-on-plateau'
  /** A schedule the framework knows and we do not: rules about shapes stay silent. */
  | 'other';

/** `-mixed` keeps fp32 master weights; without it parameters themselves are held in that type. */
export type Precision = 'fp32' | 'tf32' | 'fp16-mixed' | 'bf16-mixed' | 'fp16' | 'bf16' | 'fp8' | 'fp64';

/** Which parameters move. */
export type TuningMethod = 'full' | 'lora' | 'qlora' | 'freeze' | 'prompt';

/** What the loss is. */
export type Objective =
  | 'pretraining'
  /** Finding hidden tokens, as BERT is pre-trained. */
  | 'masked-lm'
  | 'supervised'
  | 'preference'
  | 'reward-model'
  | 'online-rl'
  | 'distillation'
  /** Diffusion models. */
  | 'denoising'
  /** Super-resolution, denoising and deblurring of images, with or without an adversarial loss. */
  | 'restoration'
  /** An adversarial loss beside one that holds the output to a target, as vocoders are trained. */
  | 'reconstruction'
  | 'embedding';

/**
 * Every fact about a training run that Trainlint speaks of, in the field's own terms and in one unit each.
 * Dialects map their keys to these; rules, changes and the sanity run know nothing else.
 */
export interface FieldTypes {
  optimizer: OptimizerName;
  /** Peak learning rate, as the optimizer gets it after warm-up. */
  learningRate: number;
  /** SGD-like momentum, also RMSprop's. */
  momentum: number;
  nesterov: boolean;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;

  /** Samples per device and forward pass. */
  batchPerDevice: number;
  gradientAccumulation: number;
  worldSize: number;
  /** Samples per optimizer step over all devices. */
  globalBatch: number;
  /** Tokens per sample where batches hold packed text; used for display only. */
  sequenceLength: number;

  epochs: number;
  /** The file's own limit in optimizer steps. */
  maxSteps: number;
  /** Samples in one epoch. */
  datasetSize: number;
  /** Optimizer steps of the whole run; derived unless `maxSteps` says it. */
  totalSteps: number;

  schedule: ScheduleKind;
  warmupSteps: number;
  /** Warm-up as a fraction of all steps, in [0, 1]. */
  warmupRatio: number;
  warmupEpochs: number;
  /** Steps after which decay has ended, warm-up included; totalSteps where the framework derives it. */
  decaySteps: number;
  /** Last steps of the run over which a warmup-stable-decay schedule decays. */
  cooldownSteps: number;
  /** The same as a fraction of all steps, in [0, 1]. */
  cooldownRatio: number;
  /** Optimizer steps at which a step schedule multiplies the rate by `decayFactor`. */
  decayMilestones: readonly number[];
  /** Epochs after which a step schedule multiplies the rate by `decayFactor`, again and again. */
  decayEpochs: number;
  /** What a step or exponential schedule multiplies the rate by, per milestone or per epoch. */
  decayFactor: number;
  /** Learning rate at the end of decay. */
  minLearningRate: number;
  /** The same as a fraction of the peak. */
  minLearningRateRatio: number;

  /** Maximum global gradient norm; 0 = the framework does not clip. */
  clipNorm: number;
  /** Maximum absolute value of each gradient element; 0 = off. */
  clipValue: number;
  precision: Precision;

  /** Share of the activations dropped in training, in [0, 1): of the hidden states, not of an adapter or of whole layers. */
  dropout: number;
  /** Evaluations in a row without a better one after which training stops; 0 = it never does. */
  earlyStoppingPatience: number;

  /** Model name or path as written. */
  model: string;
  parameterCount: number;
  /** The framework's name of the task (`detect`, `text-classification`, `sft`). */
  task: string;
  dataset: string;
  method: TuningMethod;
  objective: Objective;
  /** True when training starts from random weights. */
  fromScratch: boolean;

  domain: DomainId;
  architecture: ArchitectureId;
  goal: GoalId;
  traits: readonly TraitId[];
}

export type FieldId = keyof FieldTypes;
