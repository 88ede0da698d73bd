import type { ReferenceSettings } from '@trainlint/kernels';

/** The reference schedule at step `k` of `steps`, counted from 0, as a fraction of the peak rate. */
export function referenceFactor(reference: ReferenceSettings, k: number, steps: number): number {
  const warmup = Math.round(reference.warmupFraction * steps);
  if (k < warmup) return (k + 1) / warmup;
  const progress = (k - warmup) / Math.max(1, steps - warmup);
  switch (reference.schedule) {
    case 'cosine':
      return 0.5 * (1 + Math.cos(Math.PI * progress));
    case 'linear':
      return 1 - progress;
    case 'constant':
      return 1;
  }
}
