// Prints a digest of all bits of a short run of every proxy; started by bit-identity.test.ts once per level.
import { createHash } from 'node:crypto';
import { proxies, type RunSpec, train } from '../js/index.ts';
import { referenceRun } from './support.ts';

const STEPS = 8;

async function digestOf(spec: RunSpec): Promise<string> {
  const { records, initial } = await train({ ...spec, validateEvery: STEPS });
  const numbers = records.flatMap(({ loss, gradNorm, updateRatio, probeLoss, valLoss, metrics }) => [
    loss,
    gradNorm,
    updateRatio,
    probeLoss ?? 0,
    valLoss ?? 0,
    ...Object.values(metrics ?? {}),
  ]);
  const bytes = new Uint8Array(
    new Float64Array([...numbers, initial.probeLoss ?? 0, initial.valLoss ?? 0]).buffer,
  );
  return createHash('sha256').update(bytes).digest('hex');
}

const digests: Record<string, string> = {};
for (const proxy of proxies()) {
  const spec = referenceRun(proxy, 5, STEPS);
  digests[proxy.id] = await digestOf(spec);
  if (!proxy.dropout) continue;
  digests[`${proxy.id}, dropping and averaging`] = await digestOf({
    ...spec,
    dropout: 0.1,
    weightAverage: { decay: 0.9, warmup: true },
  });
}
process.stdout.write(JSON.stringify(digests));
