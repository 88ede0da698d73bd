import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { firstLoaded } from './first-loaded.ts';
import { loadWasm } from './wasm-addon.ts';

/** What the native module exports; js/ turns it into the public face. */
export interface Addon {
  backend(): string;
  proxies(): NativeProxy[];
  /** Absent in the module: its runs have an instance each. */
  warmStart?(proxy: string): Float32Array | undefined;
  adoptWarmStart?(proxy: string, weights: Float32Array): boolean;
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
  /** Whether it has layers that can drop activations. */
  dropout: boolean;
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
  averageDecay?: number | undefined;
  averageWarmup?: boolean | undefined;
  dropout?: number | undefined;
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
let loadedFrom: string | undefined;
let refusals: readonly string[] = [];

/**
 * The kernels, loaded once: the native addon, or the WebAssembly module where there is none for this machine, where the
 * addon cannot run on its processor (x64 without AVX2) or where TRAINLINT_BACKEND=wasm-simd asks for it. Throws with
 * every reason if nothing could be loaded.
 */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

/** The file that {@link addon} loaded. */
export function addonFile(): string {
  addon();
  return loadedFrom ?? '';
}

/** Why the WebAssembly module runs although nobody asked for it ("linux-x64: this processor has no AVX2"); else ''. */
export function nativeRefusal(): string {
  addon();
  return refusals.join('; ');
}

function load(): Addon {
  // js/ and dist/ are neighbours, so one relative path serves the sources and the bundles.
  const prebuilds = new URL('../prebuilds/', import.meta.url);
  const require = createRequire(import.meta.url);
  const native = (folder: string) => () => {
    const file = fileURLToPath(new URL(`${folder}/trainlint.node`, prebuilds));
    const module = require(file) as Addon;
    module.backend(); // throws where the processor lacks the instructions
    loadedFrom = file;
    return module;
  };
  const wasm = () => {
    const module = loadWasm(new URL('wasm/', prebuilds));
    loadedFrom = fileURLToPath(new URL('wasm/trainlint.wasm.br', prebuilds));
    return module;
  };
  const forced = process.env.TRAINLINT_BACKEND ?? '';
  const attempts = new Map<string, () => Addon>();
  if (forced !== 'wasm-simd') {
    attempts.set(`${process.platform}-${process.arch}`, native(`${process.platform}-${process.arch}`));
    // Alpine's C library refuses the file for the others, and theirs refuses Alpine's.
    if (process.platform === 'linux')
      attempts.set(`alpine-${process.arch}`, native(`alpine-${process.arch}`));
  }
  if (!forced || forced === 'wasm-simd') attempts.set('wasm', wasm);
  const first = firstLoaded(attempts);
  refusals = first.refusals;
  if (first.loaded) return first.loaded;
  throw new Error(
    `The kernels could not be loaded from ${fileURLToPath(prebuilds)} (${refusals.join('; ')}).` +
      (forced ? '' : ' Build them with "npm run build -w kernels".'),
  );
}
