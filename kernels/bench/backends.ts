// Native code beside WebAssembly: training steps per second in turns, how long a cancelled run goes on, memory over a
// thousand runs.  npm run bench:backends -w kernels [-- speed cancel memory]
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Request } from './backend-process.ts';

const PROXIES = ['gpt', 'resnet', 'lstm', 'unet', 'mlp'];
const STEPS: Record<string, number> = { mlp: 2000, lstm: 200 };
const ROUNDS = 7;
const CANCELS = 20;
const RUNS = 1000;

const first = 'native-avx2';
const second = 'wasm-simd';
const words = process.argv.slice(2);
const wants = (part: string) => words.length === 0 || words.includes(part);
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
async function speed(): Promise<void> {
  console.log(`steps per second, medians of ${ROUNDS}, in turns`);
  for (const proxy of PROXIES) {
    const steps = STEPS[proxy] ?? 60;
    const rates: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++)
      for (const side of [0, 1] as const)
        rates[side].push(await ask(children[side], { kind: 'speed', proxy, steps }));
    const ratio = median(rates[1].map((rate, i) => rate / (rates[0][i] ?? Number.NaN)));
    const [a, b] = rates.map((side) => median(side).toFixed(0).padStart(6));
    console.log(`  ${proxy.padEnd(8)} ${first} ${a}  ${second} ${b}  ${ratio.toFixed(2)}`);
  }
}

async function cancel(child: ChildProcess, name: string): Promise<void> {
  for (const proxy of PROXIES) {
    const waits: number[] = [];
    for (let i = 0; i < CANCELS; i++)
      waits.push(await ask(child, { kind: 'cancel', proxy, after: 60 + 7 * i }));
    const [usual, most] = [median(waits), Math.max(...waits)].map((wait) => wait.toFixed(1));
    console.log(`  ${name} ${proxy.padEnd(8)} median ${usual}, largest ${most}`);
  }
}

async function memory(child: ChildProcess, name: string): Promise<void> {
  const sizes: number[] = [];
  for (let done = 0; done <= RUNS; done += 200)
    sizes.push(await ask(child, { kind: 'memory', runs: done === 0 ? 0 : 200 }));
  console.log(`  ${name} ${sizes.map((size) => size.toFixed(0)).join(' ')}`);
}

if (wants('speed')) await speed();
if (wants('cancel')) {
  console.log(`milliseconds from abort to the end, ${CANCELS} runs each`);
  await cancel(children[0], first);
  await cancel(children[1], second);
}
if (wants('memory')) {
  console.log(`resident megabytes after 0, 200, ... ${RUNS} runs of 2 steps, all proxies but bert in turn`);
  await memory(children[0], first);
  await memory(children[1], second);
}
for (const child of children) child.disconnect();
