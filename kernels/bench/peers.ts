// Other libraries beside ours: each is a process that answers timing requests, built or started only if it is there.
// None is needed, none is downloaded; what is not there is named with the way to get it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { backend } from '../js/index.ts';

export interface Peer {
  readonly name: string;
  /** Seconds for `repeats` calls of a task, or why not. */
  ask(task: readonly (string | number)[], repeats: number, threads?: number): Promise<number | string>;
  end(): void;
}

const folder = path.join(import.meta.dirname, 'peers');
const built = fs.mkdtempSync(path.join(os.tmpdir(), 'trainlint-bench-'));
process.on('exit', () => fs.rmSync(built, { recursive: true, force: true }));

/** What is missing, and how to get it. */
export const missing: string[] = [];

function start(
  name: string,
  command: string,
  args: readonly string[],
  request: (task: readonly (string | number)[], repeats: number, threads: number) => string,
  env: Readonly<Record<string, string>> = {},
): Peer {
  const child: ChildProcess = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  let ended: string | undefined;
  const waiting: ((line: string) => void)[] = [];
  if (child.stdout)
    readline.createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  child.on('close', (code) => {
    ended = JSON.stringify(`ended with ${code}`);
    for (const answer of waiting.splice(0)) answer(ended);
  });
  return {
    name,
    async ask(task, repeats, threads = 1) {
      const line =
        ended ??
        (await new Promise<string>((answer) => {
          waiting.push(answer);
          child.stdin?.write(`${request(task, repeats, threads)}\n`);
        }));
      const value: unknown = JSON.parse(line);
      return typeof value === 'number' ? value : String(value);
    },
    end: () => child.kill(),
  };
}

const json = (task: readonly (string | number)[], repeats: number, threads: number) =>
  JSON.stringify({ task, repeats, threads });
const words = (task: readonly (string | number)[], repeats: number) => [...task.slice(1), repeats].join(' ');

function compile(compiler: string, args: readonly string[], output: string): string | undefined {
  const program = path.join(built, output);
  const { status, stderr } = spawnSync(compiler, [...args, '-o', program], { encoding: 'utf8' });
  if (status === 0) return program;
  console.error(`${output}: ${stderr?.split('\n').find((line) => line.includes('error')) ?? 'no compiler'}`);
  return undefined;
}

function python(): string {
  return process.env.TRAINLINT_BENCH_PYTHON ?? 'python3';
}

function imports(module: string): boolean {
  return spawnSync(python(), ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
}

function absent(name: string, how: string): undefined {
  missing.push(`${name}: not measured; ${how}`);
  return undefined;
}

export function torch(): Peer | undefined {
  if (!imports('torch')) return absent('PyTorch', 'TRAINLINT_BENCH_PYTHON=<python with torch>');
  return start('PyTorch', python(), ['-W', 'ignore', path.join(folder, 'torch_peer.py')], json);
}

export function openBlas(): Peer | undefined {
  if (!imports('numpy')) return absent('OpenBLAS', 'TRAINLINT_BENCH_PYTHON=<python with numpy>');
  return start('OpenBLAS', python(), [path.join(folder, 'numpy_gemm.py')], json);
}

export function eigen(): Peer | undefined {
  const headers = process.env.TRAINLINT_BENCH_EIGEN ?? '/usr/include/eigen3';
  const how = 'apt install libeigen3-dev, or TRAINLINT_BENCH_EIGEN=<folder with Eigen/>';
  if (!fs.existsSync(path.join(headers, 'Eigen'))) return absent('Eigen', how);
  const args = ['-O3', '-march=native', '-DNDEBUG', `-I${headers}`, path.join(folder, 'eigen_gemm.cpp')];
  const program = compile(process.env.CXX ?? 'c++', args, 'eigen');
  return program ? start('Eigen', program, [], words) : absent('Eigen', 'it does not compile');
}

export function llmC(): Peer | undefined {
  const checkout = process.env.TRAINLINT_BENCH_LLMC;
  if (!checkout) return absent('llm.c', 'TRAINLINT_BENCH_LLMC=<checkout of karpathy/llm.c>');
  const args = ['-Ofast', '-march=native', '-w', `-I${checkout}`, path.join(folder, 'llmc_gpt.c'), '-lm'];
  const program = compile(process.env.CC ?? 'cc', args, 'llmc');
  return program
    ? start('llm.c', program, [], (_, repeats) => String(repeats))
    : absent('llm.c', 'it does not compile');
}

/** CPUAdam's own loops, out of a checkout. */
export function deepSpeed(): Peer | undefined {
  const checkout = process.env.TRAINLINT_BENCH_DEEPSPEED;
  const how = 'TRAINLINT_BENCH_DEEPSPEED=<checkout of deepspeedai/DeepSpeed>';
  const headers = path.join(checkout ?? '', 'csrc', 'includes');
  if (!checkout || !fs.existsSync(path.join(headers, 'cpu_adam.h')))
    return absent('DeepSpeed', `not found; ${how}`);
  const level = backend().includes('avx512') ? '-D__AVX512__' : '-D__AVX256__';
  const flags = ['-O3', '-std=c++17', '-march=native', '-fopenmp', '-w', level];
  const includes = [`-I${path.join(folder, 'deepspeed')}`, `-I${headers}`];
  const source = path.join(folder, 'deepspeed_adam.cpp');
  const program = compile(process.env.CXX ?? 'c++', [...flags, ...includes, source], 'deepspeed');
  if (!program) return absent('DeepSpeed', 'it does not compile');
  return start('DeepSpeed', program, [], (task, repeats, threads) =>
    [...task.slice(1), threads, repeats].join(' '),
  );
}

export function tfjs(): Peer | undefined {
  const place = process.env.TRAINLINT_BENCH_TFJS;
  if (!place)
    return absent(
      'tfjs-wasm',
      'TRAINLINT_BENCH_TFJS=<folder in which npm i @tensorflow/tfjs @tensorflow/tfjs-backend-wasm ran>',
    );
  return start('tfjs-wasm', process.execPath, [path.join(folder, 'tfjs.mjs')], json);
}

/** Our own kernels under another instruction set. */
export function ownBackend(wanted: string): Peer | undefined {
  const probe = spawnSync(process.execPath, ['--import', 'tsx', path.join(folder, 'own.ts')], {
    input: '',
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, TRAINLINT_BACKEND: wanted },
  });
  if (probe.status !== 0) return absent(wanted, 'npm run prebuilds -w kernels wasm');
  const args = ['--import', 'tsx', path.join(folder, 'own.ts')];
  return start(wanted, process.execPath, args, json, { TRAINLINT_BACKEND: wanted });
}
