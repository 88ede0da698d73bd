/** What a training kernel is told and what it answers: plain objects that survive `JSON.stringify`. */
import type { WeightAverageOptions } from './weight-average.ts';

/** A hyperparameter in PyTorch's meaning and camelCase name, e.g. `betas: [0.9, 0.999]`; wrappers take `base`. */
export type Hyperparameter =
  | number
  | boolean
  | string
  | null
  | readonly number[]
  | OptimizerSpec
  | readonly GroupSpec[];

/**
 * One of `groups`: hyperparameters of a parameter group where they differ, `lrFactor` times the run's rate, `kind` for
 * another optimizer. The n-th holds the tensors of the proxy's group n (`recommender`: 1 is its sparse tables; `gan`: 1 is the
 * discriminator).
 */
export interface GroupSpec {
  readonly kind?: string;
  readonly lrFactor?: number;
  readonly [hyperparameter: string]: Hyperparameter | undefined;
}

/** `{ kind: 'adamw', weightDecay: 0.1 }`; the learning rate of a run comes from `RunSpec.learningRates`. */
export interface OptimizerSpec {
  readonly kind: string;
  readonly [hyperparameter: string]: Hyperparameter | undefined;
}

export interface Clipping {
  /** Rescale the gradient so that its global L2 norm is at most this (> 0), as `clip_grad_norm_` does. */
  readonly norm?: number;
  /** Clamp every gradient element to [-value, value] (> 0), as `clip_grad_value_` does. */
  readonly value?: number;
}

export interface DatasetSpec {
  /** Training examples; absent = an endless stream of fresh ones, where nothing can be overfitted. */
  readonly size?: number;
  /** Fraction of training labels replaced at random, in [0, 1]; only proxies that classify. */
  readonly labelNoise?: number;
  /**
   * Multiplies two examples of the batches at 15, 35 and 60 % of the run (e.g. 50): the outliers against which
   * gradient clipping protects. Only proxies of real-valued series.
   */
  readonly badBatchScale?: number;
}

/** One training run of a proxy. Same spec, same curve, to the last bit, on every machine. */
export interface RunSpec {
  /** An id of `proxies()`. */
  readonly proxy: string;
  readonly optimizer: OptimizerSpec;
  /** Another optimizer (with fresh state) from step `at` on, 2 to `steps`. */
  readonly switch?: { readonly at: number; readonly optimizer: OptimizerSpec };
  /** The learning rate of every optimizer step; length = `steps`, each finite and >= 0. */
  readonly learningRates: readonly number[];
  /** Optimizer steps, 1 to 100 000. */
  readonly steps: number;
  /** Examples per forward pass; default: the proxy's own. */
  readonly batchSize?: number;
  /** Forward and backward passes averaged into one optimizer step; default 1. */
  readonly accumulation?: number;
  readonly clipping?: Clipping;
  /** Validation then looks at an exponential moving average of the weights, as it would be deployed. */
  readonly weightAverage?: WeightAverageOptions;
  /**
   * Share of the activations dropped in training, in [0, 1), default 0: after the embedding, and at the end of every
   * residual branch. Only proxies with `dropout`. Validation and probe drop nothing.
   */
  readonly dropout?: number;
  /** Integer in [0, 2^53): weights, data, batch order and sampling each draw from a stream of their own. */
  readonly seed: number;
  readonly dataset?: DatasetSpec;
  /** Measure the loss on one fixed batch every so many steps (also before the first); default steps / 60, 2 to 4; 0 = never. */
  readonly probeEvery?: number;
  /** Measure the loss on held-out clean data every so many steps (and after the last); default steps / 20, 0 = never. */
  readonly validateEvery?: number;
  /** Go on after a non-finite loss or gradient instead of stopping there; default false. */
  readonly continueWhenNonFinite?: boolean;
}

/**
 * One optimizer step. In memory non-finite numbers are real NaN or Infinity; JSON has none, so
 * `JSON.stringify` writes `null` for them and a reader takes `null` as "not finite".
 */
export interface StepRecord {
  /** 1-based; step 0 exists only as the record of the probe loss before training (`RunResult.initial`). */
  readonly step: number;
  /** Mean training loss of the step's batch, before the update. */
  readonly loss: number;
  /** Global L2 norm of the gradient before clipping. */
  readonly gradNorm: number;
  readonly lr: number;
  /** L2 norm of the step's change of the parameters over the L2 norm of the parameters before it. */
  readonly updateRatio: number;
  /** Loss on the fixed probe batch after the update. */
  readonly probeLoss?: number;
  /** Loss on held-out clean data after the update. */
  readonly valLoss?: number;
  /** Share of ReLU units that are zero on the whole probe batch, in [0, 1], with `probeLoss`; only where there are such units. */
  readonly deadUnits?: number;
  /** Proxy-specific numbers, e.g. `return`, `qMax`, `approxKl`, `clipFraction`, `discriminatorAccuracy`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

export interface RunResult {
  readonly records: StepRecord[];
  /** Probe and validation loss before the first step, where they were asked for. */
  readonly initial: { readonly probeLoss?: number; readonly valLoss?: number };
  /** False if any loss, gradient norm or probe loss was NaN or infinite. */
  readonly finite: boolean;
  /** The first step with a non-finite number; absent when `finite`. */
  readonly nonFiniteAt?: number;
  readonly cancelled: boolean;
  /** Wall time of the training loop. */
  readonly seconds: number;
  /** e.g. `native-avx512`; see `backend()`. */
  readonly backend: string;
  readonly proxy: string;
  readonly parameterCount: number;
  /** Bytes of optimizer state beside the parameters. */
  readonly stateBytes: number;
}

/** The settings at which a proxy is known to train healthily; the measure for relative learning rates. */
export interface ReferenceSettings {
  readonly optimizer: OptimizerSpec;
  /** Peak learning rate. */
  readonly learningRate: number;
  readonly schedule: 'constant' | 'cosine' | 'linear';
  /** Linear warm-up as a fraction of all steps. */
  readonly warmupFraction: number;
  readonly clipping?: Clipping;
}

export interface ProxyInfo {
  readonly id: string;
  /** One line: what the network and its data are. */
  readonly description: string;
  readonly parameterCount: number;
  readonly defaultSteps: number;
  readonly defaultBatchSize: number;
  readonly reference: ReferenceSettings;
  /** Whether `RunSpec.dropout` means anything to it. */
  readonly dropout: boolean;
  /** Names that may appear in `StepRecord.metrics`. */
  readonly metrics: readonly string[];
}

export interface TrainOptions {
  /** Called for every record, in order, at most about 16 ms after the step. An exception stops the run and rejects `train`. */
  readonly onStep?: (record: StepRecord) => void;
  /** The same records in the chunks in which they arrive. */
  readonly onRecords?: (records: readonly StepRecord[]) => void;
  /** Aborting ends the run within 20 ms; `train` then resolves with what there is and `cancelled: true`. */
  readonly signal?: AbortSignal;
}
