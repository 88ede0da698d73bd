import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What the native module exports; js/ turns it into the public face. */
export interface Addon {
  backend(): string;
  proxies(): NativeProxy[];
  /**
   * Starts a run in a thread. `onChunk(numbers, records)` gets `records` rows of equal length;
   * `onEnd` comes once, last. Returns the function that cancels.
   */
  train(
    spec: NativeRunSpec,
    onChunk: (numbers: Float64Array, records: number) => void,
    onEnd: (end: NativeEnd) => void,
  ): () => void;
}

export interface NativeProxy {
  id: string;
  parameterCount: number;
  defaultBatchSize: number;
  /** Whether label noise means anything to it. */
  classifies: boolean;
  /** Whether it can train on a finite set of examples. */
  finiteData: boolean;
  /** Whether outliers in single batches mean anything to it. */
  badBatches: boolean;
  metrics: string[];
}

export interface NativeRunSpec {
  proxy: string;
  optimizer: object;
  switchAt?: number | undefined;
  switchTo?: object | undefined;
  badBatchScale?: number | undefined;
  learningRates: readonly number[];
  steps: number;
  batchSize?: number | undefined;
  accumulation?: number | undefined;
  clipNorm?: number | undefined;
  clipValue?: number | undefined;
  seed: number;
  datasetSize?: number | undefined;
  labelNoise?: number | undefined;
  probeEvery: number;
  validateEvery: number;
  continueWhenNonFinite: boolean;
}

export interface NativeEnd {
  seconds: number;
  cancelled: boolean;
  parameterCount: number;
  stateBytes: number;
  failure?: string;
}

let loaded: Addon | undefined;

/** The addon, loaded once. Throws with the reason if it was not built for this machine. */
export function addon(): Addon {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  // js/ and dist/ are neighbours, so one relative path serves the sources and the bundles.
  const file = fileURLToPath(
    new URL(`../prebuilds/${process.platform}-${process.arch}/trainlint.node`, import.meta.url),
  );
  try {
    loaded = require(file) as Addon;
    return loaded;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The native kernels could not be loaded from ${file}: ${reason}. Build them with "npm run build".`,
    );
  }
}
