/**
 * The thread in which a WebAssembly run trains; ships as worker.mjs beside the module. It keeps its instance for the
 * next run (what a proxy prepared once stays prepared). Cancelling ends the thread: see wasm-training.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { WasmModule } from './wasm-module.ts';

/** One message of a run: rows of `columns` numbers, and the sums so far. The last one has `ended`. */
export interface WorkerMessage {
  readonly numbers: Float64Array;
  readonly records: number;
  readonly parameterCount: number;
  readonly stateBytes: number;
  /** Since the run began, without the start of the thread. */
  readonly seconds: number;
  readonly ended?: true;
  readonly failure?: string;
}

const CHUNK_INTERVAL = 16; // ms

function train(kernels: WasmModule, spec: Uint8Array, post: (message: WorkerMessage) => void): void {
  const start = performance.now();
  let run = 0;
  let sums = { parameterCount: 0, stateBytes: 0 };
  let rows: Float64Array[] = [];
  const send = (end: { ended?: true; failure?: string }) => {
    const columns = rows[0]?.length ?? 0;
    const numbers = new Float64Array(rows.length * columns);
    for (const [index, row] of rows.entries()) numbers.set(row, index * columns);
    const seconds = (performance.now() - start) / 1000;
    post({ numbers, records: rows.length, ...sums, seconds, ...end });
    rows = [];
  };
  try {
    run = kernels.callWith(spec, (exports, at) => exports.createRun(at));
    const columns = kernels.call((exports) => exports.runColumns(run));
    const measured = () => {
      sums = kernels.call((exports) => ({
        parameterCount: exports.runParameterCount(run),
        stateBytes: exports.runStateBytes(run),
      }));
    };
    const keep = (address: number) => rows.push(kernels.doubles(address, columns).slice());
    measured();
    keep(kernels.call((exports) => exports.runStart(run)));
    let sent = 0; // the first chunk goes at once
    while (!kernels.call((exports) => exports.runDone(run))) {
      keep(kernels.call((exports) => exports.runNext(run)));
      const now = performance.now();
      if (now - sent < CHUNK_INTERVAL) continue;
      sent = now;
      measured();
      send({});
    }
    measured();
    kernels.call((exports) => exports.deleteRun(run));
    send({ ended: true });
  } catch (error) {
    send({ ended: true, failure: error instanceof Error ? error.message : String(error) });
  }
}

if (parentPort) {
  const port = parentPort;
  const kernels = new WasmModule((workerData as { module: WebAssembly.Module }).module);
  port.on('message', (spec: Uint8Array) => train(kernels, spec, (message) => port.postMessage(message)));
}
