import type { OptimizerSpec } from '@trainlint/kernels';
import { isStated, type TrainingRun, valueOf } from '../run/training-run.ts';

/** Kinds that take Adam's two coefficients with Adam's meaning and defaults. */
const adamLike = ['adam', 'adamw', 'adamax', 'nadam', 'radam', 'adabound', 'lamb'];
/** Kinds with two coefficients whose defaults differ from Adam's: only stated ones are carried over. */
const ownBetas = ['lion', 'sophia', 'ranger'];
const sgdLike = ['sgd', 'sgd-momentum', 'nag'];
const withEps = [...adamLike, 'rmsprop', 'adagrad'];

/** `sam(sgd-momentum)` split into its wrapper and what it wraps; an optimizer that wraps nothing has no wrapper. */
export function splitWrapper(name: string): { wrapper?: string; base: string } {
  const match = /^([a-z-]+)\((.+)\)$/.exec(name);
  return match?.[1] && match[2] ? { wrapper: match[1], base: match[2] } : { base: name };
}

/**
 * The kernels' name and PyTorch's hyperparameters of a run's optimizer, weight decay apart. What the run does not say
 * is as in `reference` where that is the same optimizer.
 */
export function optimizerSpec(run: TrainingRun, name: string, reference: OptimizerSpec): OptimizerSpec {
  const { wrapper, base } = splitWrapper(name);
  const { weightDecay: _, ...usual } = twinOptimizer(base, reference);
  const inner: OptimizerSpec = {
    ...usual,
    kind: base,
    ...hyperparameters(run, base),
  };
  return wrapper ? { kind: wrapper, base: inner } : inner;
}

/** The form in which frameworks train with an external learning rate, where the kernels' default is another one. */
function usualForm(kind: string): Partial<OptimizerSpec> {
  return kind === 'adafactor' ? { relativeStep: false, scaleParameter: false } : {};
}

/** The hyperparameters a healthy twin with this optimizer has: the reference's own, or its betas where they mean the same. */
export function twinOptimizer(kind: string, reference: OptimizerSpec): OptimizerSpec {
  if (kind === reference.kind) return reference;
  const shared = adamLike.includes(kind) && adamLike.includes(reference.kind) ? reference.betas : undefined;
  return { kind, ...usualForm(kind), ...(shared !== undefined && { betas: shared }) };
}

function hyperparameters(run: TrainingRun, kind: string): Partial<OptimizerSpec> {
  const momentum = valueOf(run, 'momentum');
  const beta1 = valueOf(run, 'beta1');
  const beta2 = valueOf(run, 'beta2');
  const eps = valueOf(run, 'eps');
  const stated = isStated(run, 'beta1') || isStated(run, 'beta2');
  const betas = (one: number, two: number) => ({ betas: [beta1 ?? one, beta2 ?? two] });
  return {
    ...((kind === 'sgd-momentum' || kind === 'nag' || kind === 'rmsprop') &&
      momentum !== undefined && { momentum }),
    ...(kind === 'rmsprop' && beta2 !== undefined && { alpha: beta2 }),
    ...(adamLike.includes(kind) && (beta1 !== undefined || beta2 !== undefined) && betas(0.9, 0.999)),
    ...(ownBetas.includes(kind) && stated && betas(kind === 'sophia' ? 0.965 : 0.9, 0.99)),
    ...(withEps.includes(kind) && eps !== undefined && eps > 0 && { eps }),
  };
}

export function isSgd(kind: string): boolean {
  return sgdLike.includes(kind);
}

/** Kinds whose weight decay shrinks the weights by lr · wd a step, so that lr · wd · T is its horizon. */
export function decaysByHorizon(kind: string): boolean {
  return isSgd(kind) || ['adamw', 'lion', 'lamb', 'sophia', 'adafactor'].includes(kind);
}

/** The spec with its weight decay, given to what a wrapper wraps. */
export function withWeightDecay(spec: OptimizerSpec, weightDecay: number): OptimizerSpec {
  const { base } = spec;
  if (typeof base === 'object' && base !== null && 'kind' in base)
    return { ...spec, base: { ...(base as OptimizerSpec), weightDecay } };
  return { ...spec, weightDecay };
}
