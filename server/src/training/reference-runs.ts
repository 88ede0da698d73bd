import type { RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import type { Runner } from './types.ts';

/** Twins that are kept: a few proxies and seeds; a result holds some hundred records. */
const capacity = 48;

const caches = new WeakMap<Runner, ReferenceRuns>();

export interface ReferenceRuns {
  /** The result for this spec, trained once; `onSteps` gets its records either way. */
  get(
    spec: RunSpec,
    onSteps: (records: readonly StepRecord[]) => void,
    signal: AbortSignal | undefined,
  ): Promise<RunResult>;
}

/** Healthy twins by spec, kept as long as their runner: same spec, same curve, so training it twice is waste. */
export function referenceRuns(runner: Runner): ReferenceRuns {
  const known = caches.get(runner);
  if (known) return known;
  const results = new Map<string, RunResult>();
  const runs: ReferenceRuns = {
    async get(spec, onSteps, signal) {
      const key = JSON.stringify(spec);
      const cached = results.get(key);
      if (cached) {
        onSteps(cached.records);
        return cached;
      }
      const result = await runner.run(spec, { onSteps, ...(signal && { signal }) });
      if (!result.cancelled) {
        results.set(key, result);
        const [oldest] = results.keys();
        if (results.size > capacity && oldest !== undefined) results.delete(oldest);
      }
      return result;
    },
  };
  caches.set(runner, runs);
  return runs;
}
