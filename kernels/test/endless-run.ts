// Starts a long run and leaves it in the middle: by process.exit, or by terminating the worker it runs in.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

// Plain JavaScript over the built bundle: a worker does not inherit the TypeScript loader.
const SCRIPT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { train } = require(workerData);
  const steps = 100000;
  const spec = { proxy: 'gpt', optimizer: { kind: 'adam' }, steps, learningRates: Array(steps).fill(1e-3), seed: 1 };
  train(spec, { onStep: ({ step }) => step === 3 && parentPort.postMessage('running') });
`;

const worker = new Worker(SCRIPT, {
  eval: true,
  workerData: fileURLToPath(new URL('../dist/index.cjs', import.meta.url)),
});
worker.once('message', async () => {
  if (process.argv[2] === 'worker') await worker.terminate();
  console.log('ended cleanly');
  if (process.argv[2] === 'exit') process.exit(0);
});
