import type { Tensor } from './optimizer.ts';

export interface WeightAverageOptions {
  /** Share of the old average kept at each update, in [0, 1); 0.999 is usual. */
  readonly decay: number;
  /** Keeps min(decay, (1 + t) / (10 + t)) at update t, so that an early average is not all starting weights. */
  readonly warmup?: boolean;
}

/**
 * Exponential moving average of weights (Polyak and Juditsky 1992): average = decay * average + (1 - decay) * weights.
 * The first update copies the weights, as torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn;
 * `warmup` is TensorFlow's ExponentialMovingAverage with num_updates. Rounded in the precision of the tensors.
 */
export class WeightAverage {
  readonly #decay: number;
  readonly #warmup: boolean;
  #updates = 0;
  #average: Tensor[] = [];

  constructor({ decay, warmup = false }: WeightAverageOptions) {
    if (!(decay >= 0 && decay < 1))
      throw new RangeError(`Invalid decay: ${decay}, expected a number in [0, 1)`);
    this.#decay = decay;
    this.#warmup = warmup;
  }

  /** Takes the weights after a step into the average. Throws when the shapes are not those of the first update. */
  update(params: readonly Tensor[]): void {
    const t = this.#updates++;
    if (t === 0) {
      this.#average = params.map((tensor) => tensor.slice());
      return;
    }
    const keep = this.#warmup ? Math.min(this.#decay, (1 + t) / (10 + t)) : this.#decay;
    this.#pair(params, (average, weights) => {
      const round = average instanceof Float32Array ? Math.fround : (value: number) => value;
      const [kept, gain] = [round(keep), round(1 - keep)];
      for (let i = 0; i < average.length; i++) {
        average[i] = round(kept * (average[i] ?? 0)) + round(gain * (weights[i] ?? 0));
      }
    });
  }

  /** Writes the average into `params` (keep a copy of the weights to train on). */
  copyTo(params: readonly Tensor[]): void {
    if (this.#updates === 0) throw new Error('the average has seen no weights yet');
    this.#pair(params, (average, weights) => void weights.set(average));
  }

  #pair(params: readonly Tensor[], visit: (average: Tensor, weights: Tensor) => void): void {
    const fits = params.length === this.#average.length;
    if (!fits || params.some((tensor, i) => tensor.length !== this.#average[i]?.length)) {
      throw new TypeError('the tensors have other shapes than those averaged so far');
    }
    this.#average.forEach((average, i) => {
      const weights = params[i];
      if (weights) visit(average, weights);
    });
  }
}
