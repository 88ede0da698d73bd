/**
 * The process a mini-run lives in: its own heap, the only place where the native addon is loaded. Whoever started it
 * asks it to stop a cancelled run, and kills it when it does not and on time-out; it ends itself when its parent is gone or its memory limit is passed.
 */
import {
  adoptWarmStart,
  backend,
  buildId,
  proxies,
  type RunSpec,
  train,
  warmStart,
} from '@trainlint/kernels';
import type { Reply, Request } from './runner-messages.ts';
import { warmStartCache } from './warm-start-cache.ts';

/** Megabytes; the parent passes its own limit. */
const memoryLimit = Number(process.env.TRAINLINT_RUNNER_MEMORY ?? 512) * 1024 * 1024;

function reply(message: Reply): void {
  process.send?.(message);
}

/** Where weights that runs begin from are kept; the parent passes the folder. */
const folder = process.env.TRAINLINT_RUNNER_CACHE;
/** Proxies whose weights are in this process and in the cache, or that have none. */
const settled = new Set<string>();

function takeWarmStart(proxy: string): void {
  if (!folder || settled.has(proxy)) return;
  const kept = warmStartCache(folder, buildId()).get(proxy);
  if (kept && adoptWarmStart(proxy, kept)) settled.add(proxy);
}

function keepWarmStart(proxy: string): void {
  if (!folder || settled.has(proxy)) return;
  settled.add(proxy);
  const weights = warmStart(proxy);
  if (weights) warmStartCache(folder, buildId()).put(proxy, weights);
}

let stop = new AbortController();

async function run(spec: RunSpec): Promise<void> {
  const { signal } = stop;
  takeWarmStart(spec.proxy);
  const { records: _, ...result } = await train(spec, {
    onRecords: (records) => reply({ type: 'steps', records }),
    signal,
  });
  // Before the result, after which this process may be ended; a cancelled run may have none yet.
  if (!result.cancelled) keepWarmStart(spec.proxy);
  reply({ type: 'result', result });
}

async function handle(request: Exclude<Request, { type: 'cancel' }>): Promise<void> {
  try {
    if (request.type === 'info')
      reply({ type: 'info', info: { proxies: [...proxies()], backend: backend(), build: buildId() } });
    else await run(request.spec);
  } catch (fault) {
    reply({ type: 'error', message: fault instanceof Error ? fault.message : String(fault) });
  }
}

let queue = Promise.resolve();
process.on('message', (request: Request) => {
  if (request.type === 'cancel') {
    stop.abort();
    stop = new AbortController();
    return;
  }
  queue = queue.then(() => handle(request));
});
process.on('disconnect', () => process.exit(0));
setInterval(() => {
  const used = process.memoryUsage.rss();
  if (used <= memoryLimit) return;
  const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  reply({
    type: 'error',
    message: `the run used ${megabytes(used)} MB, more than its limit of ${megabytes(memoryLimit)} MB`,
  });
  process.exit(3);
}, 100).unref();
