import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { addon, addonFile } from './addon.ts';
import { PROXY_CARDS } from './reference.ts';
import type { ProxyInfo } from './run-spec.ts';

export { nativeRefusal } from './addon.ts';
export { clipGradientNorm, clipGradientValue, type NormClipping } from './clip-gradients.ts';
export type { OptimizerOptions, ParameterGroup, StepOptions, Tensor } from './optimizer.ts';
export { Optimizer } from './optimizer.ts';
export type * from './run-spec.ts';
export { train } from './train.ts';
export { RunSpecError } from './validate.ts';
export { adoptWarmStart, warmStart } from './warm-start.ts';
export { WeightAverage, type WeightAverageOptions } from './weight-average.ts';

/**
 * Which code runs: `native-avx512`, `native-avx2`, `native-neon`, `native-baseline` or `wasm-simd`.
 * The environment variable TRAINLINT_BACKEND forces one; throws if this machine cannot execute it.
 */
export function backend(): string {
  return addon().backend();
}

let build: string | undefined;

/** Names the loaded kernels by their content: what one build computed, the same build computes again. */
export function buildId(): string {
  build ??= createHash('sha256').update(readFileSync(addonFile())).digest('hex').slice(0, 16);
  return build;
}

/** The proxies there are, with the settings at which each trains healthily. */
export function proxies(): ProxyInfo[] {
  return addon()
    .proxies()
    .flatMap(({ id, parameterCount, defaultBatchSize, dropout, metrics }) => {
      const card = PROXY_CARDS[id];
      return card ? [{ id, parameterCount, defaultBatchSize, dropout, metrics, ...card }] : [];
    });
}
