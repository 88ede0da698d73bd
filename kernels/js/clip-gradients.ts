import type { Tensor } from './optimizer.ts';

/**
 * Rescales all gradients together so that their global L2 norm is at most `maxNorm` (> 0), in place: factor
 * min(1, maxNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_. Returns the norm before; a NaN in it
 * makes every gradient NaN, an infinity makes itself NaN and the others 0, as there.
 */
export function clipGradientNorm(grads: readonly Tensor[], maxNorm: number): number {
  if (!(maxNorm > 0)) throw new RangeError(`Invalid maximum norm: ${maxNorm}`);
  let squares = 0;
  for (const tensor of grads) for (const value of tensor) squares += value * value;
  const norm = Math.sqrt(squares);
  const factor = maxNorm / (norm + 1e-6);
  if (factor >= 1) return norm;
  for (const tensor of grads) for (let i = 0; i < tensor.length; i++) tensor[i] = (tensor[i] ?? 0) * factor;
  return norm;
}

/** Clamps every element to [-limit, limit] (limit > 0), in place, as clip_grad_value_; NaN stays NaN. */
export function clipGradientValue(grads: readonly Tensor[], limit: number): void {
  if (!(limit > 0)) throw new RangeError(`Invalid clipping value: ${limit}`);
  for (const tensor of grads) {
    for (let i = 0; i < tensor.length; i++) tensor[i] = Math.max(-limit, Math.min(limit, tensor[i] ?? 0));
  }
}
