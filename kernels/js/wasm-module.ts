/** One instance of the WebAssembly module: memory, calls, and errors as JavaScript has them. */

/** The functions of binding/wasm.cpp; addresses and handles are numbers. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  allocate(bytes: number): number;
  release(address: number): void;
  outputData(): number;
  outputBytes(): number;
  stackPointer(): number;
  setStackPointer(address: number): void;
  listProxies(): void;
  createRun(spec: number): number;
  deleteRun(run: number): void;
  runColumns(run: number): number;
  runParameterCount(run: number): number;
  runStateBytes(run: number): number;
  runDone(run: number): number;
  runStart(run: number): number;
  runNext(run: number): number;
  createOptimizer(specAndLayout: number, double: number): number;
  deleteOptimizer(session: number): void;
  defaultLearningRate(spec: number): number;
  optimizerParams(session: number): number;
  optimizerGrads(session: number): number;
  optimizerStep(session: number, lr: number): void;
  optimizerStepWithClosure(session: number, lr: number): void;
  optimizerTraits(session: number): number;
  optimizerStateBytes(session: number): number;
  optimizerUpdateCurvature(session: number): void;
  optimizerRegisterLayer(session: number, weight: number, bias: number): number;
  optimizerLayerStatistics(
    session: number,
    layer: number,
    inputs: number,
    outputGrads: number,
    batch: number,
  ): void;
  optimizerSaveState(session: number): void;
  optimizerLoadState(session: number, state: number, count: number): void;
}

/** What the module calls while an optimizer with a closure steps: addresses of parameters and of what to fill. */
export interface ClosureCalls {
  evaluate(params: number, grads: number): number;
  /** Whether there is a Hessian; it was then written. */
  hessian(params: number, out: number): boolean;
}

// `raise`d errors leave through the module's frames; traps of the machine itself are WebAssembly.RuntimeError.
function explain(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  return new Error(`the kernels failed: ${error.message} (too little memory, or a fault of theirs)`);
}

export class WasmModule {
  readonly #exports: Exports;
  readonly #closures: ClosureCalls[] = [];

  constructor(module: WebAssembly.Module) {
    const closure = (): ClosureCalls => {
      const current = this.#closures.at(-1);
      if (!current) throw new Error('no optimizer is stepping');
      return current;
    };
    const own = {
      raise: (kind: number, message: number, length: number): never => {
        const text = new TextDecoder().decode(this.bytes(message, length).slice());
        throw kind === 1 ? new RangeError(text) : new Error(text);
      },
      evaluate: (params: number, grads: number) => closure().evaluate(params, grads),
      hessian: (params: number, out: number) => (closure().hessian(params, out) ? 1 : 0),
    };
    // The C library's imports serve its messages before an abort; nothing is opened, read or written through them.
    const refused = 52;
    const wasi = Object.fromEntries(
      WebAssembly.Module.imports(module)
        .filter((entry) => entry.module === 'wasi_snapshot_preview1')
        .map((entry) => [entry.name, () => refused]),
    );
    const instance = new WebAssembly.Instance(module, { trainlint: own, wasi_snapshot_preview1: wasi });
    this.#exports = instance.exports as unknown as Exports;
    this.#exports._initialize();
  }

  /** Calls into the module; after an error the module's stack is where it was before. */
  call<T>(body: (exports: Exports) => T): T {
    const top = this.#exports.stackPointer();
    try {
      return body(this.#exports);
    } catch (error) {
      this.#exports.setStackPointer(top);
      throw explain(error);
    }
  }

  /** `call` with a closure for the optimizer that steps in it. */
  callWithClosure<T>(closure: ClosureCalls, body: (exports: Exports) => T): T {
    this.#closures.push(closure);
    try {
      return this.call(body);
    } finally {
      this.#closures.pop();
    }
  }

  /** `call` with `bytes` in the module's memory for its duration, at `address`. */
  callWith<T>(bytes: Uint8Array, body: (exports: Exports, address: number) => T): T {
    const address = this.call((exports) => exports.allocate(bytes.length));
    try {
      this.bytes(address, bytes.length).set(bytes);
      return this.call((exports) => body(exports, address));
    } finally {
      this.call((exports) => exports.release(address));
    }
  }

  /** Memory of the module: valid until the next call, which may grow it and move the buffer. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, address, length);
  }
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#exports.memory.buffer, address, length);
  }
  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#exports.memory.buffer, address, length);
  }

  /** A copy of what the last call left in the output buffer. */
  output(): Uint8Array {
    return this.call((exports) => this.bytes(exports.outputData(), exports.outputBytes()).slice());
  }
}
