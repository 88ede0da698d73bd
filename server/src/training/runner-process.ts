/**
 * The process a mini-run lives in: its own heap, the only place where the native addon is loaded. Whoever started it
 * asks it to stop a cancelled run, and kills it when it does not and on time-out; it ends itself when its parent is gone or its memory limit is passed.
 */
import { backend, buildId, proxies, type RunSpec, train } from '@trainlint/kernels';
import type { Reply, Request } from './runner-messages.ts';

/** Megabytes; the parent passes its own limit. */
const memoryLimit = Number(process.env.TRAINLINT_RUNNER_MEMORY ?? 512) * 1024 * 1024;

function reply(message: Reply): void {
  process.send?.(message);
}

let stop = new AbortController();

async function run(spec: RunSpec): Promise<void> {
  const { signal } = stop;
  const { records: _, ...result } = await train(spec, {
    onRecords: (records) => reply({ type: 'steps', records }),
    signal,
  });
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
