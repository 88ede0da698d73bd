import assert from 'node:assert/strict';
import golden from './golden/torch-gradients.json' with { type: 'json' };
import { inspection } from './support.ts';

// The plain RNN starts beyond a spectral radius of one and multiplies rounding errors through 48 steps.
const TOLERANCE: Readonly<Record<string, number>> = { rnn: 1e-8 };

interface Expected {
  readonly loss: number;
  /** Of each gradient g: its norm, and the sum of g[i] cos(i). */
  readonly tensors: readonly (readonly number[])[];
}

function agree(id: string, expected: Expected, dropout = 0): void {
  const { loss, grads, segments } = inspection().inspectProxy(id, golden.seed, golden.batchSize, 0, dropout);
  const tolerance = TOLERANCE[id] ?? 1e-11;
  assert.ok(Math.abs(loss - expected.loss) < tolerance * Math.abs(expected.loss), `loss ${loss}`);
  assert.equal(segments.length, expected.tensors.length);
  let offset = 0;
  segments.forEach((shape, index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const g = grads.subarray(offset, offset + size);
    offset += size;
    const [norm = Number.NaN, sum = Number.NaN] = expected.tensors[index] ?? [];
    const limit = tolerance * (norm + 1e-3);
    assert.ok(Math.abs(Math.hypot(...g) - norm) < limit, `norm of tensor ${index}`);
    const own = g.reduce((total, value, i) => total + value * Math.cos(i), 0);
    assert.ok(Math.abs(own - sum) < limit, `tensor ${index}: ${own} against ${sum}`);
  });
}

describe('loss and gradients agree with PyTorch on the same weights and batch (float64)', () => {
  for (const [id, expected] of Object.entries(golden.proxies)) {
    it(id, () => agree(id, expected));
  }
});

describe('operations agree with PyTorch (float64; test/golden/operations.py)', () => {
  for (const [id, expected] of Object.entries(golden.operations)) {
    it(expected.dropout ? `${id} with dropout ${expected.dropout}` : id, () => {
      agree(id, expected, expected.dropout);
    });
  }
});
