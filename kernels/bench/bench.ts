// npm run bench -w kernels [-- optimizers|gemm|steps|wasm|peers ...]: ratios within one run, alternating rounds,
// medians, because machines differ and are seldom idle. The peers beside us are optional: bench/peers.ts.
import { createRequire } from 'node:module';
import { backend, proxies, train } from '../js/index.ts';
import * as peers from './peers.ts';

interface Bench {
  benchmark(what: string, ...args: (string | number)[]): (repeats: number) => number;
}
const require = createRequire(import.meta.url);
const native = require(`../prebuilds/${process.platform}-${process.arch}/trainlint.node`) as Bench;

// Many rounds shorter than a scheduler's slice: on a busy machine most of them then run undisturbed.
const ROUNDS = 31;
const ROUND_SECONDS = 0.001;
const THREADS = [1, 2] as const;

type Task = (repeats: number) => number | string | Promise<number | string>;

const wanted = new Set(process.argv.slice(2));
const section = (name: string) => wanted.size === 0 || wanted.has(name);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Seconds of one call of each task: medians over alternating rounds. NaN where a peer cannot do it. */
async function measure(tasks: readonly Task[]): Promise<number[]> {
  const repeats: number[] = [];
  for (const task of tasks) {
    await task(1);
    const once = await task(1);
    if (typeof once === 'string') console.error(once);
    repeats.push(
      typeof once === 'string' ? 0 : Math.max(1, Math.round(ROUND_SECONDS / Math.max(once, 1e-9))),
    );
  }
  const times: number[][] = tasks.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, task] of tasks.entries()) {
      const count = repeats[i] ?? 0;
      const seconds = count > 0 ? await task(count) : Number.NaN;
      times[i]?.push(typeof seconds === 'number' ? seconds / count : Number.NaN);
    }
  return times.map(median);
}

function row(...cells: (string | number)[]): void {
  console.log(
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(13))).join(''),
  );
}

function ratio(a: number, b: number): string {
  const value = a / b;
  if (!Number.isFinite(value)) return '-';
  return value < 0.1 ? value.toPrecision(2) : value.toFixed(2);
}

const asks =
  (peer: peers.Peer | undefined, task: readonly (string | number)[], threads = 1): Task =>
  (repeats) =>
    peer ? peer.ask(task, repeats, threads) : Number.NaN;

const named = (peer: peers.Peer | undefined): string[] =>
  THREADS.map((threads) => (peer ? `${peer.name} x${threads}` : '-'));

/** The better of a peer's thread counts. */
function best(values: readonly number[]): number {
  const known = values.filter((value) => Number.isFinite(value));
  return known.length > 0 ? Math.min(...known) : Number.NaN;
}

const firstOrder = [
  'sgd',
  'sgd-momentum',
  'nag',
  'adagrad',
  'rmsprop',
  'adam',
  'adamw',
  'adamax',
  'nadam',
  'radam',
  'adabound',
  'lion',
  'sophia',
  'lamb',
  'adafactor',
  'ranger',
];

async function optimizers(): Promise<void> {
  row('optimizer step', 'parameters', 'tensors', 'us', 'x stream');
  for (const [size, tensors] of [
    [10_000, 1],
    [10_000, 20],
    [1_000_000, 1],
    [16_000_000, 1],
  ] as const)
    for (const kind of firstOrder) {
      const [stream = Number.NaN, step = Number.NaN] = await measure([
        native.benchmark('stream', size),
        native.benchmark('optimizer', kind, size, tensors),
      ]);
      row(kind, size, tensors, (step * 1e6).toFixed(1), ratio(step, stream));
    }
  console.log();
  const others = [peers.torch(), peers.deepSpeed()];
  row('AdamW, ours as a share of', 'parameters', 'tensors', ...others.flatMap(named));
  for (const [size, tensors] of [
    [10_000, 1],
    [10_000, 20],
    [1_000_000, 1],
    [16_000_000, 1],
  ] as const) {
    const [own = Number.NaN, ...theirs] = await measure([
      native.benchmark('optimizer', 'adamw', size, tensors),
      ...others.flatMap((peer) => THREADS.map((threads) => asks(peer, ['adamw', size, tensors], threads))),
    ]);
    row('', size, tensors, ...theirs.map((seconds) => ratio(own, seconds)));
  }
  for (const peer of others) peer?.end();
  console.log();
}

const shapes = [
  ['nt', 512, 96, 32],
  ['nt', 512, 32, 32],
  ['nt', 512, 128, 32],
  ['nt', 512, 32, 128],
  ['nn', 512, 32, 128],
  ['tn', 32, 128, 512],
  ['tn', 128, 32, 512],
  ['nt', 64, 32, 32],
  ['nn', 32, 128, 32],
  ['nn', 32, 32, 128],
  ['nn', 4608, 8, 72],
  ['nn', 1152, 16, 144],
  ['nn', 288, 32, 288],
  ['nn', 4608, 32, 8],
  ['nn', 256, 256, 256],
] as const;

async function gemm(): Promise<void> {
  const others = [peers.openBlas(), peers.eigen()];
  row('matrix product', 'M x N x K', 'us', 'GFLOP/s', '% OpenBLAS', '% Eigen', '% the better');
  const shares: number[] = [];
  for (const shape of shapes) {
    const [kind, M, N, K] = shape;
    const [own = Number.NaN, ...rest] = await measure([
      native.benchmark('gemm', ...shape),
      ...others.map((peer) => asks(peer, ['gemm', ...shape])),
    ]);
    const percent = (seconds: number) =>
      Number.isFinite(seconds) ? ((100 * seconds) / own).toFixed(0) : '-';
    const share = best(rest) / own;
    if (Number.isFinite(share)) shares.push(share);
    const speed = ((2 * M * N * K) / own / 1e9).toFixed(1);
    row(kind, `${M}x${N}x${K}`, (own * 1e6).toFixed(1), speed, ...rest.map(percent), percent(best(rest)));
  }
  const mean = Math.exp(shares.reduce((sum, share) => sum + Math.log(share), 0) / shares.length);
  if (shares.length > 0) row('geometric mean', '', '', '', '', '', (100 * mean).toFixed(0));
  for (const peer of others) peer?.end();
  console.log();
}

async function steps(): Promise<void> {
  row('training step', 'parameters', 'batch', 'ms', 'x probes');
  for (const proxy of proxies()) {
    const count = 40;
    const run = async (probeEvery: number) => {
      const { seconds } = await train({
        proxy: proxy.id,
        optimizer: proxy.reference.optimizer,
        learningRates: Array<number>(count).fill(proxy.reference.learningRate / 10),
        steps: count,
        seed: 1,
        probeEvery,
        validateEvery: 0,
      });
      return seconds / count;
    };
    const plain: number[] = [];
    const probed: number[] = [];
    for (let round = 0; round < 5; round++) {
      plain.push(await run(0));
      probed.push(await run(2));
    }
    const step = median(plain);
    const milliseconds = (step * 1e3).toFixed(3);
    row(proxy.id, proxy.parameterCount, proxy.defaultBatchSize, milliseconds, ratio(median(probed), step));
  }
  console.log();
}

async function besidePeers(): Promise<void> {
  const others = { torch: peers.torch(), llmC: peers.llmC(), tfjs: peers.tfjs() };
  row('training step, our share of', 'ms', 'PyTorch', 'llm.c', 'tfjs-wasm');
  for (const name of ['gpt', 'resnet', 'unet', 'lstm', 'gru', 'mlp', 'mask-rcnn']) {
    const inTorch = ['gpt', 'resnet', 'unet', 'lstm', 'gru'].includes(name);
    const inTfjs = ['mlp', 'lstm', 'mask-rcnn'].includes(name);
    const [own = Number.NaN, llmC = Number.NaN, tfjs = Number.NaN, ...torch] = await measure([
      native.benchmark('step', name, 'adamw'),
      asks(name === 'gpt' ? others.llmC : undefined, ['step', name]),
      asks(inTfjs ? others.tfjs : undefined, ['step', name]),
      ...THREADS.map((threads) => asks(inTorch ? others.torch : undefined, ['step', name], threads)),
    ]);
    row(name, (own * 1e3).toFixed(3), ratio(own, best(torch)), ratio(own, llmC), ratio(own, tfjs));
  }
  for (const peer of Object.values(others)) peer?.end();
  console.log();
}

async function wasm(): Promise<void> {
  const [module, here] = [peers.ownBackend('wasm-simd'), peers.ownBackend(backend())];
  if (module && here) {
    row('steps a second', 'wasm as a share of', backend());
    for (const name of ['gpt', 'resnet', 'unet', 'lstm']) {
      const times: [number[], number[]] = [[], []];
      for (let round = 0; round < 5; round++)
        for (const [i, peer] of [here, module].entries())
          times[i]?.push(Number(await peer.ask(['step', name], 60)));
      row(name, ratio(median(times[0]), median(times[1])));
    }
    console.log();
  }
  module?.end();
  here?.end();
}

console.log(`backend ${backend()}\n`);
if (section('optimizers')) await optimizers();
if (section('gemm')) await gemm();
if (section('steps')) await steps();
if (section('peers')) await besidePeers();
if (section('wasm')) await wasm();
for (const line of peers.missing) console.log(line);
