import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../training/run-cache.ts';
import type { RunnerOptions } from '../../training/runner.ts';

/** Where the runner lies: beside the bundle or one folder above its chunks, or the source when run from source. */
const places = ['./runner.mjs', '../runner.mjs', '../../training/runner-process.ts'];

/** How to start the process mini-runs live in. Throws when this copy of Trainlint was not built. */
export function runnerOptions(): RunnerOptions {
  for (const place of places) {
    const runnerPath = fileURLToPath(new URL(place, import.meta.url));
    if (!existsSync(runnerPath)) continue;
    const fromSource = runnerPath.endsWith('.ts');
    return {
      runnerPath,
      cache: cacheFolder(),
      ...(fromSource && { execArgv: ['--import', import.meta.resolve('tsx')] }),
    };
  }
  throw new Error('the runner is missing; build it with "npm run build"');
}
