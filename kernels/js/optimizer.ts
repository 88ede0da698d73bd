import { addon } from './addon.ts';
import { plainHyperparameters, plainSpec } from './optimizer-spec.ts';

/** Tensors of one precision: a `Float32Array` each, or a `Float64Array` each (the float64 build of the same rules). */
export type Tensor = Float32Array | Float64Array;

type Value = number | boolean | string | null | readonly (number | null)[];

/**
 * Hyperparameters by PyTorch's names in camelCase (`lr`, `betas`, `eps`, `weightDecay`, `momentum`, ...); each
 * optimizer's file under src/optim lists its own with defaults. `kind` is an id such as `adamw`, `lookahead(adam)` or
 * `sam(sgd-momentum)`; a wrapper also takes `base: { kind, ... }`.
 */
export interface OptimizerOptions {
  readonly kind: string;
  readonly lr?: number | null;
  readonly base?: OptimizerOptions | string;
  readonly groups?: readonly ParameterGroup[];
  /** `kfac`: which shapes are a dense layer's weight [out, in] and bias [out]. */
  readonly layers?: readonly { readonly weight: number; readonly bias?: number }[];
  readonly [hyperparameter: string]:
    | Value
    | OptimizerOptions
    | readonly ParameterGroup[]
    | readonly { readonly weight: number; readonly bias?: number }[]
    | undefined;
}

/**
 * Tensors with hyperparameters of their own: `params` are indices of shapes, `lr` the group's base learning rate (or
 * `lrFactor` times the optimizer's), `kind` another optimizer altogether. Shapes in no group keep the common settings.
 */
export interface ParameterGroup {
  readonly params: readonly number[];
  readonly kind?: string;
  readonly lr?: number;
  readonly lrFactor?: number;
  readonly [hyperparameter: string]: Value | undefined;
}

export interface StepOptions {
  /** The learning rate of this step; default: the one of the constructor. */
  readonly lr?: number;
  /**
   * `lbfgs`, `newton`, `sam`: writes the gradient at `params` into `grads` and returns the loss, always on the same
   * batch. Called several times a step; what stands in `grads` before the step does not matter then.
   */
  readonly evaluate?: (params: Tensor[], grads: Tensor[]) => number;
  /** `newton`: the Hessian [n, n] over all elements in order; without it gradients are differenced. */
  readonly hessian?: (params: Tensor[]) => Float64Array;
}

/** The optimizer as the addon exports it. */
export interface NativeOptimizer {
  readonly learningRate: number;
  readonly needsClosure: boolean;
  readonly wantsCurvature: boolean;
  readonly stateBytes: number;
  step(
    params: readonly Tensor[],
    grads: readonly Tensor[],
    lr: number,
    evaluate?: StepOptions['evaluate'],
    hessian?: StepOptions['hessian'],
  ): void;
  updateCurvature(estimate: readonly Tensor[]): void;
  registerLayer(weight: number, bias: number | undefined): number;
  layerStatistics(layer: number, inputs: Tensor, outputGrads: Tensor, batch: number): void;
  saveState(): Tensor;
  loadState(state: Tensor): void;
}

type Constructor = new (
  spec: object,
  shapes: number[][],
  groups: number[],
  double: boolean,
) => NativeOptimizer;

const MOST_DIMENSIONS = 8;

function checkShapes(shapes: readonly (readonly number[])[]): number[][] {
  if (!Array.isArray(shapes)) throw new TypeError('shapes must be an array of arrays of dimensions');
  return shapes.map((shape, index) => {
    const fine = (size: unknown) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 1;
    if (!Array.isArray(shape) || shape.length > MOST_DIMENSIONS || !shape.every(fine)) {
      throw new TypeError(
        `shapes[${index}] must be an array of at most ${MOST_DIMENSIONS} positive integers, got ${JSON.stringify(shape)}`,
      );
    }
    return [...shape];
  });
}

interface Groups {
  /** Group of each shape; 0 holds those in no group. */
  readonly indices: number[];
  readonly specs: Record<string, unknown>[];
}

function readGroups(groups: readonly ParameterGroup[] | undefined, count: number, lr: number): Groups {
  const indices = new Array<number>(count).fill(0);
  const specs: Record<string, unknown>[] = [{ lrFactor: 1 }];
  for (const group of groups ?? []) {
    if (!Array.isArray(group.params))
      throw new TypeError('a parameter group needs params: indices of shapes');
    for (const index of group.params) {
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        throw new RangeError(`parameter group: no shape ${index} among ${count}`);
      }
      if (indices[index] !== 0)
        throw new RangeError(`some parameters appear in more than one parameter group: ${index}`);
      indices[index] = specs.length;
    }
    if (group.lr !== undefined && !(group.lr >= 0))
      throw new RangeError(`Invalid learning rate: ${group.lr}`);
    if (group.lr && group.lrFactor === undefined && lr === 0)
      throw new RangeError(`a parameter group's rate follows the optimizer's, which is 0: got ${group.lr}`);
    const lrFactor = group.lrFactor ?? (group.lr === undefined || group.lr === lr ? 1 : group.lr / lr);
    const { params: _, ...own } = group;
    specs.push({ ...plainHyperparameters(own), lrFactor });
  }
  return { indices, specs };
}

/**
 * One of the 21 optimizers over tensors of given shapes. Errors: `RangeError` for a hyperparameter that the reference
 * refuses, in its words ("Invalid learning rate: -1"), `TypeError` for arrays that do not fit the shapes.
 *
 * Steps run in the precision of the arrays first given: `Float32Array`, or `Float64Array` for the float64 build.
 */
export class Optimizer {
  readonly kind: string;
  /** The learning rate used by `step` when it is given none. */
  readonly lr: number;
  readonly #shapes: number[][];
  readonly #spec: Record<string, unknown>;
  readonly #groups: Groups;
  readonly #layers: readonly { readonly weight: number; readonly bias?: number }[];
  #native: NativeOptimizer;
  #double = false;
  #started = false;

  constructor(options: OptimizerOptions, shapes: readonly (readonly number[])[]) {
    this.#shapes = checkShapes(shapes);
    if (
      typeof options !== 'object' ||
      options === null ||
      typeof options.kind !== 'string' ||
      !options.kind
    ) {
      throw new TypeError('an optimizer needs a kind, for example { kind: "adamw", lr: 1e-3 }');
    }
    const { groups, layers, ...hyperparameters } = options;
    this.#spec = plainSpec(hyperparameters);
    this.kind = options.kind;
    this.#layers = layers ?? [];
    this.#groups = { indices: [], specs: [] };
    this.#native = this.#create();
    this.lr = this.#native.learningRate;
    if (groups) {
      this.#groups = readGroups(groups, this.#shapes.length, this.lr);
      this.#spec.groups = this.#groups.specs;
      this.#native = this.#create();
    }
  }

  /**
   * Updates `params` in place. Throws what `evaluate` throws, with `params` as they were (the optimizer's own state
   * may have moved: load a saved one to go on).
   */
  step(params: readonly Tensor[], grads: readonly Tensor[], options: StepOptions = {}): void {
    this.#settle(params?.[0]);
    this.#native.step(params, grads, options.lr ?? this.lr, options.evaluate, options.hessian);
  }

  /** Whether `step` needs `evaluate`. */
  get needsClosure(): boolean {
    return this.#native.needsClosure;
  }

  /** `sophia`, asked before a step: whether an estimate is due (every `updateEvery` steps). */
  get wantsHessian(): boolean {
    return this.#native.wantsCurvature;
  }

  /**
   * `sophia`: blends a curvature estimate in. Estimator `gauss-newton-bartlett`: the gradient of the mean loss on
   * labels sampled from the model; `hutchinson`: u * (H u) for a vector u of random signs.
   */
  updateHessian(estimate: readonly Tensor[]): void {
    this.#settle(estimate?.[0]);
    this.#native.updateCurvature(estimate);
  }

  /**
   * `kfac`, before `step`: inputs [batch, in] of dense layer `layer` (its place in `layers`) and the gradient
   * [batch, out] of the mean loss with respect to its outputs.
   */
  layerStatistics(layer: number, inputs: Tensor, outputGrads: Tensor, batch: number): void {
    this.#settle(inputs);
    this.#native.layerStatistics(layer, inputs, outputGrads, batch);
  }

  /** Bytes of optimizer state beside parameters and gradients. */
  get stateBytes(): number {
    return this.#native.stateBytes;
  }

  /** The whole state, step counters included: `loadState` of an equal optimizer resumes bit for bit. */
  saveState(): Tensor {
    return this.#native.saveState();
  }

  loadState(state: Tensor): void {
    this.#settle(state);
    this.#native.loadState(state);
  }

  /** Another optimizer over the same tensors, with fresh state: switching in mid-run (Adam, then SGD). */
  switchTo(options: OptimizerOptions): Optimizer {
    return new Optimizer(options, this.#shapes);
  }

  // The precision is that of the first array ever given.
  #settle(array: Tensor | undefined): void {
    if (this.#started) return;
    const double = array instanceof Float64Array;
    if (double !== this.#double) {
      this.#double = double;
      this.#native = this.#create();
    }
    this.#started = true;
  }

  #create(): NativeOptimizer {
    const { NativeOptimizer: Native } = addon() as unknown as { NativeOptimizer: Constructor };
    const native = new Native(this.#spec, this.#shapes, this.#groups.indices, this.#double);
    for (const { weight, bias } of this.#layers) native.registerLayer(weight, bias);
    return native;
  }
}
