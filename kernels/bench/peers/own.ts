// Our own kernels as a peer of themselves, for instruction sets side by side: seconds of `repeats` training steps,
// without what starting a run costs. Requests as in torch_peer.py: ["step", proxy].
import readline from 'node:readline';
import { backend, proxies, train } from '../../js/index.ts';

const wanted = process.env.TRAINLINT_BACKEND;
if (wanted && backend() !== wanted) throw new Error(`${wanted} is not here, ${backend()} is`);

async function secondsOf(name: string, steps: number): Promise<number> {
  const proxy = proxies().find(({ id }) => id === name);
  if (!proxy) throw new Error(`no proxy ${name}`);
  const { seconds } = await train({
    proxy: name,
    optimizer: proxy.reference.optimizer,
    learningRates: Array<number>(steps).fill(proxy.reference.learningRate / 10),
    steps,
    seed: 1,
    probeEvery: 0,
    validateEvery: 0,
  });
  return seconds;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { task, repeats } = JSON.parse(line) as { task: [string, string]; repeats: number };
  const start = await secondsOf(task[1], 10);
  console.log((await secondsOf(task[1], 10 + repeats)) - start);
}
