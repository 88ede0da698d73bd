import type { Tensor } from './optimizer.ts';

export interface NormClipping {
  /** p of the norm (sum |x|^p)^(1/p), at least 1; Infinity: the largest element. Default 2. */
  readonly normType?: number;
  /** Throws, with the gradients as they were, when the norm is NaN or infinite. */
  readonly errorIfNonfinite?: boolean;
}

function totalNorm(grads: readonly Tensor[], p: number): number {
  let total = 0;
  for (const tensor of grads)
    for (const value of tensor) {
      if (p === 2) total += value * value;
      else if (p === Number.POSITIVE_INFINITY) total = Math.max(total, Math.abs(value));
      else total += Math.abs(value) ** p;
    }
  if (p === 2) return Math.sqrt(total);
  return p === Number.POSITIVE_INFINITY ? total : total ** (1 / p);
}

/**
 * Rescales all gradients together so that their global norm (L2 unless told otherwise) is at most `maxNorm` (> 0), in
 * place: factor min(1, maxNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_. Returns the norm before; a NaN in
 * it makes every gradient NaN, an infinity makes itself NaN and the others 0, as there.
 */
export function clipGradientNorm(
  grads: readonly Tensor[],
  maxNorm: number,
  { normType = 2, errorIfNonfinite = false }: NormClipping = {},
): number {
  if (!(maxNorm > 0)) throw new RangeError(`Invalid maximum norm: ${maxNorm}`);
  if (!(normType >= 1)) throw new RangeError(`Invalid norm type: ${normType}`);
  const norm = totalNorm(grads, normType);
  if (errorIfNonfinite && !Number.isFinite(norm))
    throw new RangeError(
      `The total norm of order ${normType} for gradients is non-finite, so it cannot be clipped`,
    );
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
