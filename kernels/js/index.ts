import { loadAddon } from './native.ts';

export type * from './run-spec.ts';

interface Addon {
  backend(): string;
}

/**
 * Which code runs: `native-avx512`, `native-avx2`, `native-neon`, `native-baseline` or `wasm-simd`.
 * The environment variable TRAINLINT_BACKEND forces one; throws if this machine cannot execute it.
 */
export function backend(): string {
  return loadAddon<Addon>().backend();
}
