import { architecturePreference, asRange } from '../knowledge/architectures.ts';
import { isArchitectureId, isOptimizerId } from '../knowledge/ids.ts';
import { scalingRuleFor } from '../knowledge/scaling.ts';
import type { Situation } from '../knowledge/situations.ts';
import { methodOf, situationsOf, stageOf } from '../run/situation.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import { baseOptimizer, optimizerMultiple } from './exchange.ts';
import { isSgd } from './optimizer-spec.ts';

/** The rate at which models like the user's are trained, that theirs is held against. */
export interface ReferenceRate {
  readonly rate: number;
  /** Samples per step it belongs to; absent where practice does not scale the rate with the batch. */
  readonly batch?: number;
  /** Power of the batch ratio. */
  readonly exponent: number;
  /** Where published runs lie; a rate inside is at most a factor of three away from healthy. */
  readonly usual?: { readonly low: number; readonly high: number };
  /** Published runs train at one rate from beginning to end here. */
  readonly constantRate?: boolean;
  readonly what: Text;
  readonly source: string;
}

/** An optimizer whose usual rates are those of another: Adam's relatives, and the three that PyTorch calls SGD. */
const kin: readonly (readonly string[])[] = [
  ['adam', 'adamw', 'nadam', 'radam'],
  ['sgd-momentum', 'nag'],
];

function related(a: string, b: string): boolean {
  return a === b || kin.some((group) => group.includes(a) && group.includes(b));
}

/**
 * The table's rate for this architecture where its conditions hold, else that of the situation the run may be in whose
 * usual rates are nearest to the user's: what is not known must not make an alarm. Only that all weights are trained
 * is taken for granted: the higher rates of adapters would hide what a full fine-tuning does not survive.
 */
export function referenceRate(run: TrainingRun, optimizer: string): ReferenceRate {
  const own = baseOptimizer(optimizer);
  const all = situationsOf(run);
  const full = run.opaque.has('method')
    ? []
    : all.filter(({ methods }) => methods.includes(methodOf(run) ?? 'full'));
  const situations = full.length > 0 ? full : all;
  const exact = situations.filter((row) => row.optimizers.some((each) => each === own));
  const fitting = situations.filter((row) => row.optimizers.some((each) => related(each, own)));
  const nearest = nearestTo(valueOf(run, 'learningRate'), exact.length > 0 ? exact : fitting, 1);
  if (nearest) return fromSituation(run, nearest, own, 1);
  const preferred = fromArchitecture(run, own);
  if (preferred) return preferred;
  const [first] = situations;
  const other = first && nearestTo(valueOf(run, 'learningRate'), situations, exchangeFor(own, first));
  if (other) return fromSituation(run, other, own, exchangeFor(own, other));
  return withoutTable(own);
}

/** Where a rate lies that no table speaks of: so far from its optimizer's usual rate that it must be a slip, or not. */
const unknownSpan = { below: 1e4, above: 30 };
/** Batch the usual rate of SGD belongs to (Goyal et al. 2017). */
const sgdBatch = 256;

function withoutTable(optimizer: string): ReferenceRate {
  const rate = 1e-3 * optimizerMultiple(optimizer);
  const sgd = isSgd(optimizer);
  return {
    rate,
    exponent: sgd ? 1 : 0,
    ...(sgd && { batch: sgdBatch }),
    usual: { low: rate / unknownSpan.below, high: rate * unknownSpan.above },
    what: text(
      `The tables hold no learning rate for this situation; the usual rate of ${optimizer} stands in`,
      `표에 이 상황의 학습률이 없어 ${optimizer}의 일반적인 학습률로 대신함`,
    ),
    source: 'torch.optim; proxies.json',
  };
}

/** Whether the batch of all devices is known: without their number the file's batch is that of one. */
export function devicesKnown(run: TrainingRun): boolean {
  return valueOf(run, 'worldSize') !== undefined || run.settings.globalBatch?.from === 'file';
}

/** The reference rate at the run's own batch, where that is known: what to write into the config. */
export function usualRate(run: TrainingRun, optimizer: string): number {
  const { rate, batch, exponent } = referenceRate(run, optimizer);
  const own = devicesKnown(run) ? valueOf(run, 'globalBatch') : undefined;
  return batch && own ? rate * (own / batch) ** exponent : rate;
}

function exchangeFor(optimizer: string, row: Situation): number {
  return optimizerMultiple(optimizer) / optimizerMultiple(row.optimizers[0] ?? optimizer);
}

function nearestTo(
  rate: number | undefined,
  rows: readonly Situation[],
  exchange: number,
): Situation | undefined {
  if (!rate) return rows[0];
  const distance = ({ learningRate: { typical, usual } }: Situation) => {
    const scaled = rate / exchange;
    const outside = Math.max(0, Math.log(usual.low / scaled), Math.log(scaled / usual.high));
    // Inside several ranges the one whose middle is nearest.
    return outside * 1000 + Math.abs(Math.log(scaled / typical));
  };
  return [...rows].sort((a, b) => distance(a) - distance(b))[0];
}

function fromSituation(run: TrainingRun, row: Situation, optimizer: string, exchange: number): ReferenceRate {
  const { typical, usual } = row.learningRate;
  const table = exchange === 1 ? fromArchitecture(run, optimizer) : undefined;
  const inside = table && table.rate >= usual.low && table.rate <= usual.high;
  const exponent = row.scaling === 'linear' ? 1 : row.scaling === 'square-root' ? 0.5 : 0;
  const converted =
    exchange === 1 ? text('', '') : text(`, converted to ${optimizer}`, `, ${optimizer} 기준으로 환산`);
  return {
    rate: inside ? table.rate : typical * exchange,
    exponent,
    ...(exponent > 0 && row.referenceBatch !== undefined && { batch: row.referenceBatch }),
    usual: { low: usual.low * exchange, high: usual.high * exchange },
    ...(row.constantRate && { constantRate: true }),
    what: text(`${row.title.en}${converted.en}`, `${row.title.ko}${converted.ko}`),
    source: `situations/${row.id}${inside ? `, ${table.source}` : ''}: ${row.sources.map(({ ref }) => ref).join('; ')}`,
  };
}

function fromArchitecture(run: TrainingRun, optimizer: string): ReferenceRate | undefined {
  const architecture = valueOf(run, 'architecture');
  if (architecture === undefined || !isArchitectureId(architecture) || !isOptimizerId(optimizer))
    return undefined;
  const row = architecturePreference(architecture);
  const { methods, stages } = row.conditions;
  const method = methodOf(run);
  const stage = stageOf(run);
  const holds =
    (!methods || !method || methods.includes(method)) && (!stages || !stage || stages.includes(stage));
  if (!related(row.optimizer, optimizer) || !holds) return undefined;
  const { low, high } = asRange(row.batchSize);
  return {
    rate: row.learningRate,
    batch: Math.sqrt(low * high),
    exponent: scalingRuleFor(optimizer)?.exponent ?? 0,
    what: row.title,
    source: `architecture-preferences/${row.id}`,
  };
}
