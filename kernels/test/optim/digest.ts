// Prints a digest of the parameters that each optimizer reaches: run once per TRAINLINT_BACKEND, compared by
// backends.test.ts. Sizes are chosen to leave remainders at every vector width.
import { createHash } from 'node:crypto';
import { Optimizer, type OptimizerOptions, type Tensor } from '../../js/optimizer.ts';
import { KINDS, PRECISIONS } from './support.ts';

const SMALL = [[7, 9], [67], [3, 5, 3], [1]];
// Longer than what the rules that look at rows and tensors keep or gather at a time.
const LONG = [
  [2, 2500],
  [170, 197],
];
const VARIANTS: OptimizerOptions[] = [
  { kind: 'rmsprop', momentum: 0.9, centered: true, eps: 0.1 },
  { kind: 'rmsprop', momentum: 0.9, tensorflowForm: true },
  { kind: 'adagrad', epsInsideRoot: true },
  { kind: 'adamw', amsgrad: true },
  { kind: 'adabound', amsgrad: true },
  { kind: 'nadam', weightDecay: 0.1 },
  { kind: 'lamb', form: 'nvlamb', weightDecay: 0.1 },
  { kind: 'adafactor', form: 'torch' },
  { kind: 'adafactor', beta1: 0.9 },
  { kind: 'sophia', estimator: 'hutchinson' },
  { kind: 'sam(adamw)', adaptive: true },
  { kind: 'ranger', weightDecay: 0.1 },
  { kind: 'lbfgs', lineSearch: 'none', lr: 0.1 },
];
const RUNS: [OptimizerOptions, number[][]][] = [
  ...[...KINDS.map((entry) => entry.options), ...VARIANTS].map((options): [OptimizerOptions, number[][]] => [
    options,
    SMALL,
  ]),
  ...['lamb', 'adafactor', 'ranger'].map((kind): [OptimizerOptions, number[][]] => [{ kind }, LONG]),
];

// A counter-based generator, so that the numbers are the same everywhere.
function noise(index: number): number {
  let x = (index + 1) * 0x9e3779b1;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
}

// What ships knows Float32Array alone (scripts/compare-bits.mjs).
const only = process.env.TRAINLINT_PRECISION;
const digests: Record<string, string> = {};
for (const precision of PRECISIONS.filter(({ name }) => name === (only ?? name))) {
  for (const [options, shapes] of RUNS) {
    const optimizer = new Optimizer(options, shapes);
    let counter = 0;
    const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b));
    const params: Tensor[] = sizes.map((size) => new precision(size).map(() => noise(counter++)));
    const grads: Tensor[] = sizes.map((size) => new precision(size));
    for (let step = 0; step < 9; step++) {
      const evaluate = (p: Tensor[], g: Tensor[]) => {
        let loss = 0;
        p.forEach((tensor, i) => {
          tensor.forEach((value, j) => {
            const gap = value - noise(1000 * i + j + 77) + 0.1 * noise(10_000 * step + j);
            const scale = 4 ** ((j % 9) - 4);
            loss += scale * gap * gap;
            const target = g[i];
            if (target) target[j] = 2 * scale * gap;
          });
        });
        return loss;
      };
      evaluate(params, grads);
      if (step % 3 === 1) optimizer.updateHessian(grads);
      optimizer.step(params, grads, { evaluate });
    }
    const hash = createHash('sha256');
    for (const tensor of params)
      hash.update(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength));
    digests[`${JSON.stringify(options)} ${shapes.length} ${precision.name}`] = hash.digest('hex');
  }
}
process.stdout.write(JSON.stringify(digests));
