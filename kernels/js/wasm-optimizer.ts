/** The optimizer over a WebAssembly module: the twin of src/optim/napi_optimizer.cpp, with the same errors. */
import type { NativeOptimizer, StepOptions, Tensor } from './optimizer.ts';
import type { WasmModule } from './wasm-module.ts';
import { encodeSession, encodeSpec } from './wasm-spec.ts';

const NEEDS_CLOSURE = 1;
const WANTS_CURVATURE = 2;

export type OptimizerConstructor = new (
  spec: object,
  shapes: number[][],
  groups: number[],
  double: boolean,
) => NativeOptimizer;

/** The class of optimizers that live in `module`. */
export function wasmOptimizer(module: WasmModule): OptimizerConstructor {
  // A session's memory lies in the module, where the collector does not see it.
  const abandoned = new FinalizationRegistry<number>((session) =>
    module.call((exports) => exports.deleteOptimizer(session)),
  );

  return class WasmOptimizer implements NativeOptimizer {
    readonly learningRate: number;
    readonly #session: number;
    readonly #double: boolean;
    readonly #sizes: readonly number[];
    readonly #total: number;
    readonly #shapes: readonly (readonly number[])[];
    /** Inputs and outputs of the registered layers. */
    readonly #layers: { readonly inputs: number; readonly outputs: number }[] = [];

    constructor(spec: object, shapes: number[][], groups: number[], double: boolean) {
      this.#double = double;
      this.#shapes = shapes;
      this.#sizes = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
      this.#total = this.#sizes.reduce((sum, size) => sum + size, 0);
      this.learningRate = module.callWith(encodeSpec(spec), (exports, at) => exports.defaultLearningRate(at));
      this.#session = module.callWith(encodeSession(spec, shapes, groups), (exports, at) =>
        exports.createOptimizer(at, double ? 1 : 0),
      );
      abandoned.register(this, this.#session);
    }

    get needsClosure(): boolean {
      return (this.#traits() & NEEDS_CLOSURE) !== 0;
    }

    get wantsCurvature(): boolean {
      return (this.#traits() & WANTS_CURVATURE) !== 0;
    }

    get stateBytes(): number {
      return module.call((exports) => exports.optimizerStateBytes(this.#session));
    }

    step(
      params: readonly Tensor[],
      grads: readonly Tensor[],
      lr: number,
      evaluate?: StepOptions['evaluate'],
      hessian?: StepOptions['hessian'],
    ): void {
      this.#check(params, 'params');
      this.#check(grads, 'grads');
      const own = this.#places();
      if (this.needsClosure) {
        this.#stepWithClosure(params, grads, lr, evaluate, hessian);
        return;
      }
      this.#read(params, own.params);
      this.#read(grads, own.grads);
      module.call((exports) => exports.optimizerStep(this.#session, lr));
      this.#write(params, own.params);
    }

    #stepWithClosure(
      params: readonly Tensor[],
      grads: readonly Tensor[],
      lr: number,
      evaluate: StepOptions['evaluate'],
      hessian: StepOptions['hessian'],
    ): void {
      if (typeof evaluate !== 'function') {
        throw new TypeError('this optimizer evaluates the loss itself: pass { evaluate } to step');
      }
      const own = this.#places();
      const start = params.map((tensor) => tensor.slice());
      this.#read(params, own.params);
      const closure = {
        evaluate: (from: number, into: number): number => {
          this.#write(params, from);
          const loss: unknown = evaluate(params as Tensor[], grads as Tensor[]);
          if (typeof loss !== 'number') throw new TypeError('evaluate must return the loss, a number');
          this.#check(grads, 'grads');
          this.#read(grads, into);
          return loss;
        },
        hessian: (from: number, into: number): boolean => {
          if (typeof hessian !== 'function') return false;
          this.#write(params, from);
          const matrix = hessian(params as Tensor[]);
          const expected = this.#total * this.#total;
          if (!(matrix instanceof Float64Array) || matrix.length !== expected) {
            throw new TypeError(`hessian must return a Float64Array of ${expected} elements`);
          }
          module.doubles(into, expected).set(matrix);
          return true;
        },
      };
      try {
        module.callWithClosure(closure, (exports) => exports.optimizerStepWithClosure(this.#session, lr));
      } catch (error) {
        for (const [index, tensor] of params.entries()) tensor.set(start[index] ?? []);
        throw error;
      }
      this.#write(params, own.params);
    }

    updateCurvature(estimate: readonly Tensor[]): void {
      this.#check(estimate, 'estimate');
      this.#read(estimate, this.#places().grads);
      module.call((exports) => exports.optimizerUpdateCurvature(this.#session));
    }

    registerLayer(weight: number, bias: number | undefined): number {
      const layer = module.call((exports) =>
        exports.optimizerRegisterLayer(this.#session, weight, bias ?? -1),
      );
      const outputs = this.#shapes[weight]?.[0] ?? 1;
      this.#layers.push({ inputs: (this.#sizes[weight] ?? 0) / outputs, outputs });
      return layer;
    }

    layerStatistics(layer: number, inputs: Tensor, outputGrads: Tensor, batch: number): void {
      if (!(batch >= 1)) throw new RangeError('batch must be at least 1');
      const shape = this.#layers[layer];
      if (!shape) throw new RangeError(`no such layer: ${layer}`);
      this.#checkMatrix(inputs, batch * shape.inputs, 'inputs');
      this.#checkMatrix(outputGrads, batch * shape.outputs, 'outputGrads');
      module.callWith(rawBytes(inputs), (exports, at) => {
        module.callWith(rawBytes(outputGrads), (_, gradsAt) =>
          exports.optimizerLayerStatistics(this.#session, layer, at, gradsAt, batch),
        );
      });
    }

    saveState(): Tensor {
      module.call((exports) => exports.optimizerSaveState(this.#session));
      const { buffer } = module.output();
      return this.#double ? new Float64Array(buffer) : new Float32Array(buffer);
    }

    loadState(state: Tensor): void {
      if (!this.#isOwnKind(state)) throw new TypeError(`the state must be a ${this.#arrayName()}`);
      module.callWith(rawBytes(state), (exports, at) =>
        exports.optimizerLoadState(this.#session, at, state.length),
      );
    }

    #traits(): number {
      return module.call((exports) => exports.optimizerTraits(this.#session));
    }

    #places(): { readonly params: number; readonly grads: number } {
      return module.call((exports) => ({
        params: exports.optimizerParams(this.#session),
        grads: exports.optimizerGrads(this.#session),
      }));
    }

    #arrayName(): string {
      return this.#double ? 'Float64Array' : 'Float32Array';
    }

    #isOwnKind(value: unknown): value is Tensor {
      return this.#double ? value instanceof Float64Array : value instanceof Float32Array;
    }

    #check(list: readonly Tensor[], name: string): void {
      if (!Array.isArray(list) || list.length !== this.#sizes.length) {
        throw new TypeError(
          `${name} must be an array of ${this.#sizes.length} ${this.#arrayName()}, one a shape`,
        );
      }
      for (const [index, tensor] of list.entries()) {
        if (!this.#isOwnKind(tensor)) throw new TypeError(`${name}[${index}] must be a ${this.#arrayName()}`);
        if (tensor.length !== this.#sizes[index]) {
          throw new TypeError(
            `${name}[${index}] has ${tensor.length} elements, its shape ${this.#sizes[index]}`,
          );
        }
      }
    }

    #checkMatrix(value: Tensor, size: number, name: string): void {
      if (!this.#isOwnKind(value) || value.length !== size) {
        throw new TypeError(`${name} must be a ${this.#arrayName()} of ${size} elements`);
      }
    }

    /** From tensors into the module, one behind the other. */
    #read(tensors: readonly Tensor[], address: number): void {
      const memory = this.#memory(address);
      let offset = 0;
      for (const tensor of tensors) {
        memory.set(tensor, offset);
        offset += tensor.length;
      }
    }

    #write(tensors: readonly Tensor[], address: number): void {
      const memory = this.#memory(address);
      let offset = 0;
      for (const tensor of tensors) {
        tensor.set(memory.subarray(offset, offset + tensor.length));
        offset += tensor.length;
      }
    }

    #memory(address: number): Tensor {
      return this.#double ? module.doubles(address, this.#total) : module.floats(address, this.#total);
    }
  };
}

function rawBytes(tensor: Tensor): Uint8Array {
  return new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength);
}
