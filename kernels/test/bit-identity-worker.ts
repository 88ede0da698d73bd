// Prints a digest of all bits of a short run of every proxy; started by bit-identity.test.ts once per level.
import { createHash } from 'node:crypto';
import { proxies, train } from '../js/index.ts';
import { referenceRun } from './support.ts';

const STEPS = 8;
const digests: Record<string, string> = {};
for (const proxy of proxies()) {
  const { records, initial } = await train({ ...referenceRun(proxy, 5, STEPS), validateEvery: STEPS });
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
  digests[proxy.id] = createHash('sha256').update(bytes).digest('hex');
}
process.stdout.write(JSON.stringify(digests));
