import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions } from '../../js/optimizer.ts';
import { distance, flatten, type Problem, readJson, takeSteps, tensors } from './support.ts';

interface SecondOrder {
  lbfgs: { start: number[]; lr: number; historySize: number; trace: number[][] };
  strongWolfe: { historySize: number; trace: number[][] };
  newton: { inputs: number[][]; labels: number[]; l2: number; weights: number[]; largestGradients: number[] };
  kfac: {
    inputs: number[][];
    labels: number[];
    shapes: number[][];
    start: number[][];
    runs: { options: OptimizerOptions; steps: number; end: number[][] }[];
  };
}

const golden = readJson<SecondOrder>('second-order.json');

/** Rosenbrock's function in four dimensions. */
const rosenbrock4: Problem = {
  shapes: [[4]],
  start: [golden.lbfgs.start],
  loss: ([p], [g]) => {
    g?.fill(0);
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      const [x, y] = [p?.[i] ?? 0, p?.[i + 1] ?? 0];
      const bend = y - x * x;
      sum += 100 * bend * bend + (1 - x) * (1 - x);
      if (g) {
        g[i] = (g[i] ?? 0) - 400 * x * bend - 2 * (1 - x);
        g[i + 1] = (g[i + 1] ?? 0) + 200 * bend;
      }
    }
    return sum;
  },
};

/** Softmax regression [features, classes] with a weight penalty: loss, gradient and Hessian in closed form. */
function softmaxRegression() {
  const { inputs, labels, l2 } = golden.newton;
  const [features, classes] = [4, 3];
  const probabilities = (w: ArrayLike<number>, x: readonly number[]) => {
    const logits = Array.from({ length: classes }, (_, c) =>
      x.reduce((sum, v, f) => sum + v * (w[f * classes + c] ?? 0), 0),
    );
    const top = Math.max(...logits);
    const weights = logits.map((z) => Math.exp(z - top));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((v) => v / total);
  };
  const loss: Problem['loss'] = ([w], [g]) => {
    let sum = 0;
    g?.fill(0);
    const weights = w ?? [];
    inputs.forEach((x, n) => {
      const p = probabilities(weights, x);
      sum -= Math.log(p[labels[n] ?? 0] ?? 0) / inputs.length;
      for (let f = 0; f < features; f++)
        for (let c = 0; c < classes; c++) {
          const error = (p[c] ?? 0) - (labels[n] === c ? 1 : 0);
          if (g) g[f * classes + c] = (g[f * classes + c] ?? 0) + (error * (x[f] ?? 0)) / inputs.length;
        }
    });
    for (let i = 0; i < features * classes; i++) {
      const v = weights[i] ?? 0;
      sum += 0.5 * l2 * v * v;
      if (g) g[i] = (g[i] ?? 0) + l2 * v;
    }
    return sum;
  };
  const hessian = (w: ArrayLike<number>) => {
    const n = features * classes;
    const h = new Float64Array(n * n);
    for (const x of inputs) {
      const p = probabilities(w, x);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const [ci, cj] = [i % classes, j % classes];
          const curvature = (p[ci] ?? 0) * ((ci === cj ? 1 : 0) - (p[cj] ?? 0));
          const outer = (x[Math.floor(i / classes)] ?? 0) * (x[Math.floor(j / classes)] ?? 0);
          h[i * n + j] = (h[i * n + j] ?? 0) + (curvature * outer) / inputs.length;
        }
    }
    for (let i = 0; i < n; i++) h[i * n + i] = (h[i * n + i] ?? 0) + l2;
    return h;
  };
  return { loss, hessian };
}

describe('lbfgs', () => {
  it('follows torch.optim.LBFGS without line search, one iteration a step', () => {
    const { lr, historySize, trace } = golden.lbfgs;
    const options = {
      kind: 'lbfgs',
      lr,
      historySize,
      maxIter: 1,
      lineSearch: 'none',
      toleranceGrad: 0,
      toleranceChange: 0,
    };
    const optimizer = new Optimizer(options, rosenbrock4.shapes);
    const params = tensors(Float64Array, rosenbrock4.start);
    trace.forEach((expected, step) => {
      takeSteps(optimizer, rosenbrock4, params, 1);
      const gap = distance(flatten(params), expected, 0.1);
      // Rounding grows along Rosenbrock's valley: the reference itself moves this much when sums are reordered.
      assert.ok(gap < 1e-14 * 3 ** step + 1e-14, `step ${step + 1}: ${gap}`);
    });
  });

  it('follows its strong Wolfe line search', () => {
    const { historySize, trace } = golden.strongWolfe;
    const optimizer = new Optimizer({ kind: 'lbfgs', historySize }, rosenbrock4.shapes);
    const params = tensors(Float64Array, rosenbrock4.start);
    for (const expected of trace) {
      takeSteps(optimizer, rosenbrock4, params, 1);
      assert.ok(distance(flatten(params), expected, 0.1) < 1e-8);
    }
  });

  it('keeps two vectors a pair of its history', () => {
    assert.equal(new Optimizer({ kind: 'lbfgs', historySize: 7 }, [[5], [3]]).stateBytes, 2 * 7 * 8 * 4);
  });

  it('reaches the minimum of Rosenbrock', () => {
    const params = tensors(Float64Array, rosenbrock4.start);
    takeSteps(new Optimizer({ kind: 'lbfgs' }, rosenbrock4.shapes), rosenbrock4, params, 6);
    assert.ok(distance(flatten(params), [1, 1, 1, 1], 1) < 1e-4, String(flatten(params)));
  });
});

describe('newton', () => {
  const { loss, hessian } = softmaxRegression();
  for (const given of [true, false]) {
    it(`converges quadratically on softmax regression, ${given ? 'Hessian given' : 'gradients differenced'}`, () => {
      const optimizer = new Optimizer({ kind: 'newton' }, [[12]]);
      const params = [new Float64Array(12)];
      const grads = [new Float64Array(12)];
      for (const expected of golden.newton.largestGradients) {
        loss(params, grads);
        const largest = Math.max(...flatten(grads).map(Math.abs));
        assert.ok(
          Math.abs(largest - expected) <= 1e-9 * expected + 1e-14,
          `${largest}, expected ${expected}`,
        );
        const evaluate = () => loss(params, grads);
        optimizer.step(
          params,
          grads,
          given ? { evaluate, hessian: ([w]) => hessian(w ?? []) } : { evaluate },
        );
      }
      assert.ok(distance(flatten(params), golden.newton.weights, 0.1) < 1e-12);
    });
  }

  it('refuses more parameters than a Hessian is kept for', () => {
    assert.throws(() => new Optimizer({ kind: 'newton' }, [[1025]]), /1025 parameters given, at most 1024/);
  });

  it('says so when the Hessian is singular', () => {
    const optimizer = new Optimizer({ kind: 'newton' }, [[2]]);
    const params = [Float64Array.of(1, 2)];
    assert.throws(
      () => optimizer.step(params, [new Float64Array(2)], { evaluate: () => 0 }),
      /singular.*damping/,
    );
    assert.deepEqual(flatten(params), [1, 2]);
  });
});

/** Two tanh layers and softmax: the forward pass that feeds K-FAC its statistics. */
function classifier(params: readonly Float64Array[]) {
  const { inputs, labels, shapes } = golden.kfac;
  const [hidden, features] = shapes[0] as [number, number];
  const classes = shapes[2]?.[0] ?? 0;
  const batch = inputs.length;
  const [w1, b1, w2, b2] = params as [Float64Array, Float64Array, Float64Array, Float64Array];
  const grads = params.map((p) => new Float64Array(p.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const activations = new Float64Array(batch * hidden);
  const hiddenGrads = new Float64Array(batch * hidden);
  const outputGrads = new Float64Array(batch * classes);
  let loss = 0;
  inputs.forEach((x, n) => {
    for (let h = 0; h < hidden; h++) {
      const z = x.reduce((sum, v, f) => sum + v * (w1[h * features + f] ?? 0), b1[h] ?? 0);
      activations[n * hidden + h] = Math.tanh(z);
    }
    const logits = Array.from({ length: classes }, (_, c) => {
      let z = b2[c] ?? 0;
      for (let h = 0; h < hidden; h++) z += (activations[n * hidden + h] ?? 0) * (w2[c * hidden + h] ?? 0);
      return z;
    });
    const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
    loss -= ((logits[labels[n] ?? 0] ?? 0) - Math.log(total)) / batch;
    for (let c = 0; c < classes; c++) {
      const error = (Math.exp(logits[c] ?? 0) / total - (labels[n] === c ? 1 : 0)) / batch;
      outputGrads[n * classes + c] = error;
      grads[3][c] = (grads[3][c] ?? 0) + error;
      for (let h = 0; h < hidden; h++) {
        const a = activations[n * hidden + h] ?? 0;
        grads[2][c * hidden + h] = (grads[2][c * hidden + h] ?? 0) + error * a;
        hiddenGrads[n * hidden + h] =
          (hiddenGrads[n * hidden + h] ?? 0) + error * (w2[c * hidden + h] ?? 0) * (1 - a * a);
      }
    }
    for (let h = 0; h < hidden; h++) {
      const g = hiddenGrads[n * hidden + h] ?? 0;
      grads[1][h] = (grads[1][h] ?? 0) + g;
      for (let f = 0; f < features; f++) {
        grads[0][h * features + f] = (grads[0][h * features + f] ?? 0) + g * (x[f] ?? 0);
      }
    }
  });
  return {
    loss,
    grads,
    inputs: Float64Array.from(inputs.flat()),
    activations,
    hiddenGrads,
    outputGrads,
    batch,
  };
}

const layers = [
  { weight: 0, bias: 1 },
  { weight: 2, bias: 3 },
];

function trainClassifier(optimizer: Optimizer, params: Float64Array[], steps: number): number {
  for (let step = 0; step < steps; step++) {
    const pass = classifier(params);
    optimizer.layerStatistics(0, pass.inputs, pass.hiddenGrads, pass.batch);
    optimizer.layerStatistics(1, pass.activations, pass.outputGrads, pass.batch);
    optimizer.step(params, pass.grads);
  }
  return classifier(params).loss;
}

describe('kfac', () => {
  const start = () => golden.kfac.start.map((values) => Float64Array.from(values));

  for (const { options, steps, end } of golden.kfac.runs) {
    it(`follows kfac-pytorch with ${JSON.stringify(options)}`, () => {
      const params = start();
      trainClassifier(new Optimizer({ ...options, layers }, golden.kfac.shapes), params, steps);
      assert.ok(distance(flatten(params), flatten(end), 0.1) < 1e-11);
    });
  }

  it('learns faster than SGD at the same rate in its factored Tikhonov form', () => {
    const [a, b] = [start(), start()];
    const curved = trainClassifier(
      new Optimizer(
        { kind: 'kfac', form: 'factored-tikhonov', lr: 0.1, damping: 0.03, klClip: 0.01, layers },
        golden.kfac.shapes,
      ),
      a,
      60,
    );
    const plain = new Optimizer({ kind: 'sgd-momentum', lr: 0.1 }, golden.kfac.shapes);
    for (let step = 0; step < 60; step++) plain.step(b, classifier(b).grads);
    assert.ok(curved < 0.7 * classifier(b).loss, `${curved} and ${classifier(b).loss}`);
  });

  it('resumes bit for bit between two inversions', () => {
    const options: OptimizerOptions = {
      kind: 'kfac',
      inverseEvery: 4,
      factorEvery: 2,
      momentum: 0.9,
      layers,
    };
    const whole = start();
    trainClassifier(new Optimizer(options, golden.kfac.shapes), whole, 11);
    const params = start();
    const first = new Optimizer(options, golden.kfac.shapes);
    trainClassifier(first, params, 6);
    const second = new Optimizer(options, golden.kfac.shapes);
    second.loadState(first.saveState());
    trainClassifier(second, params, 5);
    assert.deepEqual(flatten(params), flatten(whole));
  });

  it('says which layer has no statistics', () => {
    const optimizer = new Optimizer({ kind: 'kfac', layers }, golden.kfac.shapes);
    const params = start();
    assert.throws(() => optimizer.step(params, classifier(params).grads), /no statistics of layer 0/);
  });

  it('refuses layers that do not fit', () => {
    assert.throws(
      () => new Optimizer({ kind: 'kfac', layers: [{ weight: 1 }] }, [[2, 3], [2]]),
      /two or more dimensions/,
    );
    assert.throws(
      () => new Optimizer({ kind: 'kfac', layers: [{ weight: 0, bias: 1 }] }, [[2, 3], [3]]),
      /bias has as many/,
    );
    assert.throws(
      () => new Optimizer({ kind: 'adam', layers: [{ weight: 0 }] }, [[2, 3]]),
      /only kfac has layers/,
    );
  });
});
