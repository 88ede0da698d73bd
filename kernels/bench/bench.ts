// npm run bench -w kernels [-- optimizers|gemm|steps|wasm|peers ...]: ratios within one run, alternating rounds,
// medians, because machines differ and are seldom idle. The peers beside us are optional: bench/peers.ts.
// `-- optimizers lamb 10000` times the named optimizers at the named sizes alone.
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

const SECTIONS = ['optimizers', 'gemm', 'steps', 'peers', 'wasm'];
const given = process.argv.slice(2);
const wanted = new Set(given.filter((word) => SECTIONS.includes(word)));
const onlySizes = given.map(Number).filter(Number.isFinite);
const onlyKinds = given.filter((word) => !SECTIONS.includes(word) && !Number.isFinite(Number(word)));
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
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(15))).join(''),
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

/** Passes over the parameters' memory: arrays only read, arrays read and written. */
type Pass = readonly [sources: number, targets: number];
const ADAMW: readonly Pass[] = [[1, 3]];
const ONE_BUFFER: readonly Pass[] = [[1, 2]];

/**
 * What each rule must move at least, where its tensors outgrow the caches. Between the passes of `lamb` stands the norm
 * of the update (p, g read, m, v written; then m, v read, p written), between those of `adafactor` the means of rows and
 * columns (g, p read) and the norm (g read; then g read, p written). `ranger`'s means of rows stay in cache; its slow
 * weights, every sixth step, are not counted.
 */
const traffic: Readonly<Record<string, readonly Pass[]>> = {
  sgd: [[1, 1]],
  'sgd-momentum': ONE_BUFFER,
  nag: ONE_BUFFER,
  adagrad: ONE_BUFFER,
  rmsprop: ONE_BUFFER,
  adam: ADAMW,
  adamw: ADAMW,
  adamax: ADAMW,
  nadam: ADAMW,
  radam: ADAMW,
  adabound: ADAMW,
  lion: ONE_BUFFER,
  sophia: [[2, 2]],
  lamb: [
    [2, 2],
    [2, 1],
  ],
  adafactor: [
    [2, 0],
    [1, 0],
    [1, 1],
  ],
  ranger: ADAMW,
};

const sizes = (
  [
    [10_000, 1],
    [10_000, 20],
    [1_000_000, 1],
    [16_000_000, 1],
  ] as const
).filter(([size]) => onlySizes.length === 0 || onlySizes.includes(size));

async function optimizers(): Promise<void> {
  row('optimizer step', 'parameters', 'tensors', 'us', "x AdamW's bytes", 'x its own');
  for (const [size, tensors] of sizes)
    for (const [kind, passes] of Object.entries(traffic)) {
      if (onlyKinds.length > 0 && !onlyKinds.includes(kind)) continue;
      const [stream = Number.NaN, own = Number.NaN, step = Number.NaN] = await measure([
        native.benchmark('stream', size, ...ADAMW.flat()),
        native.benchmark('stream', size, ...passes.flat()),
        native.benchmark('optimizer', kind, size, tensors),
      ]);
      row(kind, size, tensors, (step * 1e6).toFixed(1), ratio(step, stream), ratio(step, own));
    }
  if (onlyKinds.length > 0 && !onlyKinds.includes('adamw')) return;
  console.log();
  const others = [peers.torch(), peers.deepSpeed()];
  row('AdamW, ours as a share of', 'parameters', 'tensors', ...others.flatMap(named));
  for (const [size, tensors] of sizes) {
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
