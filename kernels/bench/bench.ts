// npm run bench -w kernels: ratios within one run, alternating rounds, best and median, because machines differ and
// are seldom idle.
import { createRequire } from 'node:module';
import { backend, proxies, train } from '../js/index.ts';

interface Bench {
  benchmark(what: string, ...args: (string | number)[]): (repeats: number) => number;
}
const require = createRequire(import.meta.url);
const native = require(`../prebuilds/${process.platform}-${process.arch}/trainlint.node`) as Bench;

const ROUNDS = 15;
const ROUND_SECONDS = 0.01;

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Seconds of one call of each task: medians over alternating rounds. */
function measure(tasks: ((repeats: number) => number)[]): number[] {
  const repeats = tasks.map((task) => {
    task(1);
    return Math.max(1, Math.round(ROUND_SECONDS / Math.max(task(1), 1e-9)));
  });
  const rounds = Array.from({ length: ROUNDS }, () =>
    tasks.map((task, i) => task(repeats[i] ?? 1) / (repeats[i] ?? 1)),
  );
  return tasks.map((_, i) => median(rounds.map((round) => round[i] ?? Number.NaN)));
}

function row(...cells: (string | number)[]): void {
  console.log(
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(34) : String(cell).padStart(12))).join(''),
  );
}

console.log(`backend ${backend()}\n`);

row('optimizer step', 'parameters', 'tensors', 'us', 'x stream');
for (const [size, tensors] of [
  [10_000, 1],
  [10_000, 20],
  [1_000_000, 1],
  [16_000_000, 1],
] as const) {
  const kinds = ['sgd-momentum', 'adamw', 'lion', 'lamb'];
  const [stream = Number.NaN, ...steps] = measure([
    native.benchmark('stream', size),
    ...kinds.map((kind) => native.benchmark('optimizer', kind, size, tensors)),
  ]);
  kinds.forEach((kind, i) => {
    const seconds = steps[i] ?? Number.NaN;
    row(kind, size, tensors, (seconds * 1e6).toFixed(1), (seconds / stream).toFixed(2));
  });
}

console.log();
row('matrix product', 'M x N x K', '', 'us', 'GFLOP/s');
const shapes = [
  ['nt', 512, 96, 32],
  ['nt', 512, 128, 32],
  ['nn', 512, 32, 128],
  ['tn', 32, 128, 512],
  ['nt', 64, 32, 32],
  ['nt', 4608, 8, 72],
  ['nt', 1152, 16, 144],
  ['nn', 16, 64, 64],
  ['nn', 256, 256, 256],
] as const;
for (const [kind, M, N, K] of shapes) {
  const [seconds = Number.NaN] = measure([native.benchmark('gemm', kind, M, N, K)]);
  row(kind, `${M}x${N}x${K}`, '', (seconds * 1e6).toFixed(1), ((2 * M * N * K) / seconds / 1e9).toFixed(1));
}

console.log();
row('training step', 'parameters', 'batch', 'ms', 'x probes');
for (const proxy of proxies()) {
  const steps = 40;
  const run = async (probeEvery: number) => {
    const { seconds } = await train({
      proxy: proxy.id,
      optimizer: proxy.reference.optimizer,
      learningRates: Array<number>(steps).fill(proxy.reference.learningRate / 10),
      steps,
      seed: 1,
      probeEvery,
      validateEvery: 0,
    });
    return seconds / steps;
  };
  const plain: number[] = [];
  const probed: number[] = [];
  for (let round = 0; round < 5; round++) {
    plain.push(await run(0));
    probed.push(await run(2));
  }
  const step = median(plain);
  row(
    proxy.id,
    proxy.parameterCount,
    proxy.defaultBatchSize,
    (step * 1e3).toFixed(3),
    (median(probed) / step).toFixed(2),
  );
}
