// Native code beside WebAssembly: training steps per second in turns, how long a cancelled run goes on, memory over a
// thousand runs.  npm run bench:backends -w kernels [-- native-avx2 wasm-simd]
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Request } from './backend-process.ts';

const PROXIES = ['gpt', 'resnet', 'lstm', 'unet', 'mlp'];
const STEPS: Record<string, number> = { mlp: 2000, lstm: 200 };
const ROUNDS = 7;
const CANCELS = 20;
const RUNS = 1000;

const [first = 'native-avx2', second = 'wasm-simd'] = process.argv.slice(2);
const file = fileURLToPath(new URL('backend-process.ts', import.meta.url));
const start = (name: string) =>
  fork(file, {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: { ...process.env, TRAINLINT_BACKEND: name },
  });

function ask(child: ChildProcess, request: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', reject);
    child.once('message', (message: Answer) => {
      child.removeListener('exit', reject);
      resolve(message.value);
    });
    child.send(request);
  });
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]) => sorted(numbers)[numbers.length >> 1] ?? Number.NaN;

const children = [start(first), start(second)] as const;
console.log(`steps per second, medians of ${ROUNDS}, in turns`);
for (const proxy of PROXIES) {
  const steps = STEPS[proxy] ?? 60;
  const rates: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++)
    for (const side of [0, 1] as const)
      rates[side].push(await ask(children[side], { kind: 'speed', proxy, steps }));
  const [a, b] = rates.map(median) as [number, number];
  const ratio = median(rates[1].map((rate, i) => rate / (rates[0][i] ?? Number.NaN)));
  console.log(
    `  ${proxy.padEnd(8)} ${first} ${a.toFixed(0).padStart(6)}  ${second} ${b.toFixed(0).padStart(6)}  ${ratio.toFixed(2)}`,
  );
}

console.log(`milliseconds from abort to the end, ${CANCELS} runs each`);
for (const [side, name] of [first, second].entries()) {
  for (const proxy of PROXIES) {
    const child = children[side];
    if (!child) continue;
    const waits: number[] = [];
    for (let i = 0; i < CANCELS; i++)
      waits.push(await ask(child, { kind: 'cancel', proxy, after: 60 + 7 * i }));
    console.log(
      `  ${name} ${proxy.padEnd(8)} median ${median(waits).toFixed(1)}, largest ${Math.max(...waits).toFixed(1)}`,
    );
  }
}

console.log(`resident megabytes over ${RUNS} runs of 2 steps, all proxies in turn`);
for (const [side, name] of [first, second].entries()) {
  const child = children[side];
  if (!child) continue;
  const sizes: number[] = [];
  for (let done = 0; done <= RUNS; done += 200)
    sizes.push(await ask(child, { kind: 'memory', runs: done === 0 ? 0 : 200 }));
  console.log(`  ${name} ${sizes.map((size) => size.toFixed(0)).join(' ')}`);
}
for (const child of children) child.disconnect();
