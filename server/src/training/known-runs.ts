import type { RunResult, RunSpec } from '@trainlint/kernels';
import type { RunCache } from './run-cache.ts';
import type { Runner, RunOptions } from './types.ts';

/** Results that are kept in memory: some thirty seeds of a run, its twin and its fixes; a result holds some hundred records. */
const capacity = 96;

const caches = new WeakMap<Runner, KnownRuns>();

export interface KnownRuns {
  /** The result for this spec, trained once; `onSteps` gets its records either way. `kept` also holds it beyond this process. */
  run(spec: RunSpec, options: RunOptions, kept?: RunCache): Promise<RunResult>;
}

/**
 * Results by spec, kept as long as their runner: same spec, same curve, so training it twice is waste. A fix that was
 * tried and then applied is the next run's own curve.
 */
export function knownRuns(runner: Runner): KnownRuns {
  const known = caches.get(runner);
  if (known) return known;
  const results = new Map<string, RunResult>();
  const underWay = new Map<string, Promise<RunResult>>();
  const keep = (key: string, result: RunResult) => {
    results.delete(key);
    results.set(key, result);
    const [oldest] = results.keys();
    if (results.size > capacity && oldest !== undefined) results.delete(oldest);
  };
  const runs: KnownRuns = {
    async run(spec, options, kept) {
      const key = JSON.stringify(spec);
      const found = results.get(key) ?? kept?.get(spec);
      if (found) {
        keep(key, found);
        options.onSteps?.(found.records);
        return found;
      }
      // One that somebody else asked for and cancels is trained anew.
      const joined = await underWay.get(key);
      if (joined && !joined.cancelled) {
        options.onSteps?.(joined.records);
        return joined;
      }
      const training = runner.run(spec, options);
      underWay.set(key, training);
      try {
        const result = await training;
        if (!result.cancelled) {
          keep(key, result);
          kept?.put(spec, result);
        }
        return result;
      } finally {
        if (underWay.get(key) === training) underWay.delete(key);
      }
    },
  };
  caches.set(runner, runs);
  return runs;
}
