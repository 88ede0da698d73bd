// One process of backends.ts: answers each request on the backend that TRAINLINT_BACKEND names.
import { backend, proxies, train } from '../js/index.ts';
import { referenceRun } from '../test/support.ts';

export type Request =
  | { readonly kind: 'speed'; readonly proxy: string; readonly steps: number }
  | { readonly kind: 'cancel'; readonly proxy: string; readonly after: number }
  | { readonly kind: 'memory'; readonly runs: number };

/** Steps per second, milliseconds from abort to the end, or resident megabytes. */
export interface Answer {
  readonly backend: string;
  readonly value: number;
}

function specOf(id: string, steps: number) {
  const proxy = proxies().find((one) => one.id === id);
  if (!proxy) throw new Error(`no such proxy: ${id}`);
  return referenceRun(proxy, 0, steps);
}

async function answer(request: Request): Promise<number> {
  if (request.kind === 'speed') {
    const { seconds, records } = await train(specOf(request.proxy, request.steps));
    return records.length / seconds;
  }
  if (request.kind === 'cancel') {
    const controller = new AbortController();
    const run = train(specOf(request.proxy, 100_000), { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, request.after));
    const start = performance.now();
    controller.abort();
    const { cancelled } = await run;
    if (!cancelled) throw new Error(`${request.proxy} ended by itself`);
    return performance.now() - start;
  }
  const known = proxies().filter(({ id }) => id !== 'bert'); // bert keeps what it pre-trained
  for (let i = 0; i < request.runs; i++) {
    const proxy = known[i % known.length];
    if (proxy) await train(referenceRun(proxy, i, 2));
  }
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss / 2 ** 20;
}

process.on('message', (request: Request) => {
  answer(request).then(
    (value) => process.send?.({ backend: backend(), value } satisfies Answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
