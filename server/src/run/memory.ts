import { optimizerById, parseOptimizer } from '../knowledge/optimizers.ts';
import { type TrainingRun, valueOf } from './training-run.ts';

/** Bytes of one optimizer-state value; frameworks keep state in fp32 unless the optimizer's name says otherwise. */
const stateValueBytes = 4;

/**
 * Memory the optimizer's state takes beyond the parameters, in bytes over all devices and before sharding.
 * Undefined when the parameter count is unknown, or the state depends on layer shapes (Adafactor, K-FAC, Newton).
 */
export function optimizerStateBytes(run: TrainingRun): number | undefined {
  const parameters = valueOf(run, 'parameterCount');
  const parsed = parseOptimizer(valueOf(run, 'optimizer') ?? '');
  if (parameters === undefined || !parsed) return undefined;
  const values = [parsed.id, ...(parsed.inner ? [parsed.inner] : [])].map(
    (id) => optimizerById(id).state.valuesPerParameter,
  );
  let perParameter = 0;
  for (const value of values) {
    if (value === null || value === undefined) return undefined;
    perParameter += value;
  }
  return parameters * perParameter * stateValueBytes;
}
