/** The kernels as a WebAssembly module, for machines without a native addon: same face, same bits. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { Addon, NativeProxy } from './addon.ts';
import { WasmModule } from './wasm-module.ts';
import { type OptimizerConstructor, wasmOptimizer } from './wasm-optimizer.ts';
import { wasmTraining } from './wasm-training.ts';

/** Loads prebuilds/wasm from `folder`; throws what reading or compiling it throws. */
export function loadWasm(folder: URL): Addon & { readonly NativeOptimizer: OptimizerConstructor } {
  const module = new WebAssembly.Module(
    brotliDecompressSync(readFileSync(new URL('trainlint.wasm.br', folder))),
  );
  // Optimizers and questions run here, in the caller's thread; runs have threads of their own.
  const kernels = new WasmModule(module);
  let known: NativeProxy[] | undefined;
  return {
    backend: () => 'wasm-simd',
    proxies: () => {
      if (!known) {
        kernels.call((exports) => exports.listProxies());
        known = JSON.parse(new TextDecoder().decode(kernels.output())) as NativeProxy[];
      }
      return known;
    },
    train: wasmTraining(module, new URL('worker.mjs', folder)),
    NativeOptimizer: wasmOptimizer(kernels),
  };
}
