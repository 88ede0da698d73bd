/** Runs over a WebAssembly module, each in a worker thread: the twin of src/binding/training_job.cpp. */
import { Worker } from 'node:worker_threads';
import type { Addon, NativeEnd } from './addon.ts';
import { encodeRun } from './wasm-spec.ts';
import type { WorkerMessage } from './wasm-worker.ts';

/** How long a cancelled run may go on: a thread cannot be interrupted, only ended. */
const GRACE = 2; // ms
/** Threads kept for the next run; starting one takes some 50 ms. */
const MOST_IDLE = 2;

/** `train` over a compiled module; `file` is the worker's. */
export function wasmTraining(module: WebAssembly.Module, file: URL): Addon['train'] {
  const idle: Worker[] = [];

  const takeWorker = (): Worker => {
    const worker = idle.pop() ?? new Worker(file, { workerData: { module } });
    worker.removeAllListeners('error').removeAllListeners('exit');
    worker.ref();
    return worker;
  };

  const putBack = (worker: Worker): void => {
    // One by one: all at once would take the thread's own along.
    for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
    if (idle.length >= MOST_IDLE) {
      void worker.terminate();
      return;
    }
    worker.unref();
    const leave = () => {
      const place = idle.indexOf(worker);
      if (place >= 0) idle.splice(place, 1);
    };
    worker.on('error', leave).on('exit', leave);
    idle.push(worker);
  };

  return (spec, onChunk, onEnd) => {
    const bytes = encodeRun(spec).slice();
    const worker = takeWorker();
    let sums = { parameterCount: 0, stateBytes: 0, seconds: 0 };
    let state: 'running' | 'cancelled' | 'ended' = 'running';

    const end = (failure?: string): void => {
      if (state === 'ended') return;
      const cancelled = state === 'cancelled';
      state = 'ended';
      const summary: NativeEnd = { ...sums, cancelled, ...(failure === undefined ? {} : { failure }) };
      onEnd(summary);
    };

    worker.on('message', (message: WorkerMessage) => {
      if (state === 'ended') return;
      const { numbers, records, parameterCount, stateBytes, seconds, ended, failure } = message;
      sums = { parameterCount, stateBytes, seconds };
      if (records > 0) onChunk(numbers, records);
      if (!ended) return;
      // After a failure the instance has lost memory: another one serves the next run.
      if (failure === undefined) putBack(worker);
      else void worker.terminate();
      end(failure);
    });
    worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => end(state === 'cancelled' ? undefined : 'the training thread ended'));
    worker.postMessage(bytes);

    return () => {
      if (state !== 'running') return;
      state = 'cancelled';
      // Records that are already on their way still arrive.
      setTimeout(() => {
        if (state === 'ended') return;
        void worker.terminate();
        end();
      }, GRACE);
    };
  };
}
