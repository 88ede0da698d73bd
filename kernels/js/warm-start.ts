import { addon } from './addon.ts';

/**
 * The weights that every run of this proxy begins from, where the first run of a process computes them (`bert`:
 * pre-training); undefined before that, and for proxies that begin from random numbers.
 */
export function warmStart(proxy: string): Float32Array | undefined {
  return addon().warmStart?.(proxy);
}

/**
 * Takes over what {@link warmStart} gave in another process with the same `buildId`: the same bits as those this one
 * would compute. False where the proxy has no use for them.
 */
export function adoptWarmStart(proxy: string, weights: Float32Array): boolean {
  return addon().adoptWarmStart?.(proxy, weights) ?? false;
}
