import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../training/run-cache.ts';
import { createRunner } from '../../training/runner.ts';
import { sanityRun } from '../../training/sanity-run.ts';
import { trySwitching } from '../../training/switching.ts';
import type { Runner } from '../../training/types.ts';
import type { SanityRunner } from './sanity-runner.ts';

/** Milliseconds after a config was first shown when the processes are started: linting never waits for them. */
const calm = 1000;

/** Trains in processes of their own, started shortly before the first run is asked for, or with it. */
export function trainingRunner(runnerPath = findRunner()): SanityRunner {
  const cache = cacheFolder();
  let runner: Runner | undefined;
  let timer: NodeJS.Timeout | undefined;
  const started = () => {
    clearTimeout(timer);
    if (!runner) {
      runner = createRunner({ runnerPath, cache });
      runner.warm?.();
    }
    return runner;
  };
  return {
    run: (run, options) =>
      sanityRun(run, { ...options, runner: started(), ...(cache !== undefined && { cache }) }),
    trySwitching: (run, options) => trySwitching(run, { ...options, runner: started() }),
    prepare: () => {
      if (!runner) timer ??= setTimeout(started, calm).unref();
    },
    close: () => {
      clearTimeout(timer);
      runner?.close();
      runner = undefined;
    },
  };
}

/** `dist/runner.mjs` beside the bundle that runs; started from the sources, the one in the project's `dist`. */
function findRunner(): string {
  const script = process.argv[1] ?? '';
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    for (const path of [join(folder, 'runner.mjs'), join(folder, 'dist', 'runner.mjs')])
      if (existsSync(path)) return path;
    if (dirname(folder) === folder) return join(dirname(script), 'runner.mjs');
  }
}
