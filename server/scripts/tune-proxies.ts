/**
 * Finds the learning rate at which each optimizer trains each proxy best, for `tuned` in schemas/knowledge/proxies.json.
 * Usage: npx tsx server/scripts/tune-proxies.ts [proxy…] [--optimizers a,b,c]; prints one JSON line per pair.
 *
 * The rate is swept in quarter decades around the optimizer's usual multiple of Adam's, over two seeds; the result is
 * the geometric middle of the rates whose mean final probe loss is within 5 % of the best.
 */
import { parseArgs } from 'node:util';
import { type ProxyInfo, proxies, type RunSpec, train } from '@trainlint/kernels';
import { optimizerMultiple } from '../src/training/exchange.ts';
import { twinOptimizer } from '../src/training/optimizer-spec.ts';
import { referenceFactor } from '../src/training/reference-spec.ts';
import { endLoss } from '../src/training/series.ts';

const swept = [
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
  'lamb',
  'adafactor',
  'lion',
  'sophia',
  'ranger',
];
const seeds = [0, 1];
const quarterDecades = Array.from({ length: 15 }, (_, index) => index - 8);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { optimizers: { type: 'string' } },
});

async function lossAt(proxy: ProxyInfo, kind: string, rate: number, seed: number): Promise<number> {
  const steps = proxy.defaultSteps;
  const spec: RunSpec = {
    proxy: proxy.id,
    optimizer: twinOptimizer(kind, proxy.reference.optimizer),
    learningRates: Array.from({ length: steps }, (_, k) => rate * referenceFactor(proxy.reference, k, steps)),
    steps,
    seed,
    ...(proxy.reference.clipping && { clipping: proxy.reference.clipping }),
  };
  const result = await train(spec);
  return endLoss(result, steps);
}

for (const proxy of proxies()) {
  if (positionals.length > 0 && !positionals.includes(proxy.id)) continue;
  const base = proxy.reference.learningRate / optimizerMultiple(proxy.reference.optimizer.kind);
  for (const kind of values.optimizers?.split(',') ?? swept) {
    const centre = base * optimizerMultiple(kind);
    const found: { rate: number; loss: number }[] = [];
    try {
      for (const quarter of quarterDecades) {
        const rate = centre * 10 ** (quarter / 4);
        let total = 0;
        for (const seed of seeds) total += await lossAt(proxy, kind, rate, seed);
        found.push({ rate, loss: total / seeds.length });
      }
    } catch (fault) {
      console.log(JSON.stringify({ proxy: proxy.id, optimizer: kind, error: String(fault) }));
      continue;
    }
    const best = Math.min(...found.map(({ loss }) => loss));
    const good = found.filter(({ loss }) => loss <= 1.05 * best);
    const middle = Math.exp(good.reduce((sum, { rate }) => sum + Math.log(rate), 0) / good.length);
    const edge = good.some((each) => each === found[0] || each === found.at(-1));
    console.log(
      JSON.stringify({
        proxy: proxy.id,
        optimizer: kind,
        learningRate: Number(middle.toPrecision(2)),
        loss: Number(best.toPrecision(4)),
        ...(edge && { edge }),
      }),
    );
  }
}
