import { createRequire } from 'node:module';
import type { ProxyInfo, RunSpec } from '../js/run-spec.ts';

/** What the addon offers to tests beside its public face. */
export interface Inspection {
  /** Networks of operations that no proxy uses; the next two take them as well. */
  operationNetworks(): string[];
  checkGradient(
    proxy: string,
    seed: number,
    batchSize: number,
    samplesPerSegment: number,
    dropout?: number,
  ): { segment: number; player: number; largest: number; worst: number }[];
  inspectProxy(
    proxy: string,
    seed: number,
    batchSize: number,
    unused?: number,
    dropout?: number,
  ): {
    segments: number[][];
    params: Float64Array;
    grads: Float64Array;
    loss: number;
    x: Float64Array;
    y: Float64Array;
    ids: Float64Array;
  };
  elementary(name: string, numbers: Float64Array, single: boolean): Float64Array;
}

export function inspection(): Inspection {
  const require = createRequire(import.meta.url);
  return require(`../prebuilds/${process.platform}-${process.arch}/trainlint.node`) as Inspection;
}

/** The proxy's reference settings as a run of `steps` steps; `factor` multiplies the learning rate. */
export function referenceRun(
  proxy: ProxyInfo,
  seed: number,
  steps = proxy.defaultSteps,
  factor = 1,
): RunSpec {
  const { optimizer, learningRate, schedule, warmupFraction, clipping } = proxy.reference;
  const warmup = Math.round(warmupFraction * steps);
  const learningRates = Array.from({ length: steps }, (_, step) => {
    const done = (step - warmup) / (steps - warmup);
    if (step < warmup) return (learningRate * factor * (step + 1)) / warmup;
    if (schedule === 'cosine') return learningRate * factor * 0.5 * (1 + Math.cos(Math.PI * done));
    return learningRate * factor * (schedule === 'linear' ? 1 - done : 1);
  });
  return { proxy: proxy.id, optimizer, learningRates, steps, seed, ...(clipping ? { clipping } : {}) };
}
