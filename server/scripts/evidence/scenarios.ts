/** Troubles planted into a healthy row, each at several strengths, with the symptom that should come of it. */
import type { DatasetSpec } from '@trainlint/kernels';
import type { SymptomId } from '../../src/knowledge/ids.ts';
import { type Fields, plantedRate, rateOf, type Subject } from './subjects.ts';

export interface Scenario {
  readonly id: string;
  /** The trouble, without its strength: scenarios of one cause share a table. */
  readonly cause: string;
  readonly strength: string;
  /** What a reader of the tables would call it; undefined = harmless, any symptom is a false one. */
  readonly symptom?: SymptomId;
  /** Other symptoms the same trouble may honestly go by, such as a divergence that is caught before it is complete. */
  readonly alsoCalled: readonly SymptomId[];
  /** Below the factor of about ten that proxies promise to resolve: shown, but counted in no rate. */
  readonly belowResolution?: boolean;
  readonly fields: Fields;
  /** Data of the proxy that no config can say. */
  readonly dataset?: DatasetSpec;
}

/** Factor on two examples of three batches; the same that the thresholds of clipping were measured with. */
const outlier = 50;
/** Passes over the data at which a model can learn its examples by heart. */
const passes = 100;
/** Small enough that a proxy sees it as often as the run does. */
const smallDataset = 9000;

export function scenarios(subject: Subject): Scenario[] {
  const { info, fields } = subject;
  const { reference } = info;
  const batch = fields.globalBatch ?? 256;
  const list: Scenario[] = [];
  const add = (cause: string, strength: string, rest: Omit<Scenario, 'id' | 'cause' | 'strength'>) =>
    list.push({ id: `${cause}, ${strength}`, cause, strength, ...rest });
  const times = (factor: number) => ({ learningRate: plantedRate(subject, factor) });

  const early: readonly SymptomId[] = [
    'early-instability',
    'gradient-explosion',
    'oscillation',
    'dead-units',
  ];
  for (const factor of [3, 10, 30])
    add('learning rate too high', `×${factor}`, {
      symptom: 'loss-divergence',
      alsoCalled: [...early, 'vanishing-gradient', 'slow-convergence'],
      ...(factor < 10 && { belowResolution: true }),
      fields: times(factor),
    });
  add('learning rate too low', '÷10', {
    symptom: 'slow-convergence',
    alsoCalled: ['late-plateau', 'loss-divergence'],
    fields: times(1 / 10),
  });
  const unclipped = {
    symptom: 'gradient-explosion',
    alsoCalled: ['loss-divergence', 'early-instability', 'oscillation', 'slow-convergence'],
  } as const;
  add('no clipping', 'outliers ×50', {
    ...unclipped,
    fields: { clipNorm: 0 },
    dataset: { badBatchScale: outlier },
  });
  if (reference.clipping)
    add('no clipping', 'learning rate ×3', {
      ...unclipped,
      belowResolution: true,
      fields: { clipNorm: 0, ...times(3) },
    });
  if (reference.warmupFraction > 0) {
    const cold = {
      symptom: 'early-instability',
      alsoCalled: ['loss-divergence', 'slow-convergence', 'gradient-explosion', 'oscillation'],
    } as const;
    add('no warm-up', 'usual rate', { ...cold, fields: { warmupRatio: 0 } });
    add('no warm-up', 'learning rate ×3', {
      ...cold,
      belowResolution: true,
      fields: { warmupRatio: 0, ...times(3) },
    });
  }
  if (reference.schedule !== 'constant') {
    const flat = { symptom: 'late-plateau', alsoCalled: ['slow-convergence', 'loss-divergence'] } as const;
    add('constant learning rate', 'usual rate', { ...flat, fields: { schedule: 'constant' } });
    add('constant learning rate', 'learning rate ×3', {
      ...flat,
      belowResolution: true,
      fields: { schedule: 'constant', ...times(3) },
    });
  }
  const inertia = inertiaOf(subject);
  if (inertia)
    add('momentum too high', inertia === 'momentum' ? 'μ 0.99' : 'β₁ 0.99', {
      symptom: 'oscillation',
      alsoCalled: ['loss-divergence', 'slow-convergence', 'early-instability', 'gradient-explosion'],
      fields: { [inertia]: 0.99 },
    });
  if (info.metrics.length === 0)
    add('small data set, no weight decay', `${passes} passes`, {
      symptom: 'overfitting',
      alsoCalled: [],
      fields: {
        weightDecay: 0,
        datasetSize: smallDataset,
        totalSteps: Math.max(1, Math.round((passes * smallDataset) / batch)),
      },
    });
  for (const [strength, factor] of [
    ['learning rate ×1.4', 1.4],
    ['learning rate ÷1.4', 1 / 1.4],
  ] as const)
    add('harmless', strength, { alsoCalled: [], fields: { learningRate: rateOf(subject) * factor } });
  return list;
}

/** The field that holds the optimizer's memory of past gradients, where it has one. */
export function inertiaOf({ info }: Subject): 'momentum' | 'beta1' | undefined {
  const { kind, momentum } = info.reference.optimizer;
  if (typeof momentum === 'number') return 'momentum';
  return ['adam', 'adamw'].includes(kind) ? 'beta1' : undefined;
}
