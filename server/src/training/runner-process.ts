/**
 * The process a mini-run lives in: its own heap, the only place where the native addon is loaded. Whoever started it
 * kills it on cancel and on time-out; it ends itself when its parent is gone or its memory limit is passed.
 */
import { backend, proxies, type RunSpec, train } from '@trainlint/kernels';
import type { Reply, Request } from './runner-messages.ts';

/** Megabytes; the parent passes its own limit. */
const memoryLimit = Number(process.env.TRAINLINT_RUNNER_MEMORY ?? 512) * 1024 * 1024;

function reply(message: Reply): void {
  process.send?.(message);
}

async function run(spec: RunSpec): Promise<void> {
  const { records: _, ...result } = await train(spec, {
    onRecords: (records) => reply({ type: 'steps', records }),
  });
  reply({ type: 'result', result });
}

async function handle(request: Request): Promise<void> {
  try {
    if (request.type === 'info')
      reply({ type: 'info', info: { proxies: [...proxies()], backend: backend() } });
    else await run(request.spec);
  } catch (fault) {
    reply({ type: 'error', message: fault instanceof Error ? fault.message : String(fault) });
  }
}

let queue = Promise.resolve();
process.on('message', (request: Request) => {
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
