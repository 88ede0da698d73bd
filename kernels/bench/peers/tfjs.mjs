// TensorFlow.js on its WebAssembly backend: training steps of the mlp, lstm and mask-rcnn proxies.
// TRAINLINT_BENCH_TFJS names a folder with @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm installed.
// Requests as in torch_peer.py: ["step", "mlp" | "lstm" | "mask-rcnn"].
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const folder = process.env.TRAINLINT_BENCH_TFJS ?? '.';
const require = createRequire(path.join(folder, 'index.js'));
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setThreadsCount(1);
wasm.setWasmPaths(`${path.join(folder, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);

const convolution = (filters, more = {}) =>
  tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...more });
const networks = {
  mlp: () => ({
    layers: [
      tf.layers.dense({ inputShape: [16], units: 32, activation: 'tanh' }),
      tf.layers.dense({ units: 32, activation: 'tanh' }),
      tf.layers.dense({ units: 1 }),
    ],
    x: tf.randomNormal([64, 16]),
    y: tf.randomNormal([64, 1]),
    loss: tf.losses.meanSquaredError,
  }),
  lstm: () => ({
    layers: [
      tf.layers.lstm({ inputShape: [48, 1], units: 32, returnSequences: true }),
      tf.layers.dense({ units: 1 }),
    ],
    x: tf.randomNormal([32, 48, 1]),
    y: tf.randomNormal([32, 48, 1]),
    loss: tf.losses.meanSquaredError,
  }),
  'mask-rcnn': () => ({
    layers: [
      convolution(16, { inputShape: [12, 12, 3] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(32),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(32),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: 'relu' }),
      tf.layers.dense({ units: 10 }),
    ],
    x: tf.randomNormal([16, 12, 12, 3]),
    y: tf.oneHot(tf.randomUniform([16], 0, 10, 'int32'), 10),
    loss: tf.losses.softmaxCrossEntropy,
  }),
};

await tf.setBackend('wasm');
await tf.ready();
const tasks = new Map();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { task, repeats } = JSON.parse(line);
  try {
    const name = task[1];
    if (!tasks.has(name)) {
      const { layers, ...rest } = networks[name]();
      tasks.set(name, { model: tf.sequential({ layers }), ...rest, optimizer: tf.train.adam(1e-4) });
    }
    const { model, x, y, loss, optimizer } = tasks.get(name);
    const variables = model.trainableWeights.map((weight) => weight.val);
    const start = performance.now();
    for (let i = 0; i < repeats; i++) {
      const value = optimizer.minimize(() => loss(y, model.apply(x, { training: true })), true, variables);
      await value.data();
      value.dispose();
    }
    console.log((performance.now() - start) / 1000);
  } catch (error) {
    console.log(JSON.stringify(String(error)));
  }
}
