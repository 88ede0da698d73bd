/** What the evidence is about: every architecture of the tables, and the proxies of domains without one of their own. */
import type { ProxyInfo } from '@trainlint/kernels';
import { architecturePreferenceTable, asRange } from '../../src/knowledge/architectures.ts';
import { proxyTable } from '../../src/knowledge/proxies.ts';
import { derive } from '../../src/run/derive.ts';
import type { FieldTypes } from '../../src/run/fields.ts';
import type { Settings } from '../../src/run/setting.ts';
import { type TrainingRun, valueOf } from '../../src/run/training-run.ts';
import { planRun } from '../../src/training/plan.ts';
import { usualRate } from '../../src/training/reference-rate.ts';
import type { RunPlan } from '../../src/training/types.ts';

export type Fields = Partial<FieldTypes>;

export interface Subject {
  /** Architecture id of the tables, or the proxy's where the tables have none. */
  readonly id: string;
  readonly title: string;
  readonly info: ProxyInfo;
  /** A run at the table's row: rate, optimizer and batch of the table; schedule, warm-up and clipping of the proxy. */
  readonly fields: Fields;
}

/** A run that a config with just these fields would give. */
export function runOf(fields: Fields): TrainingRun {
  const settings = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, { value, from: 'file' }]),
  ) as unknown as Settings;
  return derive({ label: '', root: 0, settings, opaque: new Map(), anchor: { start: 0, end: 0 } });
}

export function subjects(available: readonly ProxyInfo[]): Subject[] {
  const found: Subject[] = [];
  for (const row of architecturePreferenceTable) {
    // The GAN's two rows describe one training, which is one proxy.
    if (row.id === 'gan-discriminator') continue;
    const stage = row.conditions.stages?.[0];
    const proxy = proxyTable.find(
      ({ architectures, stages }) =>
        architectures.includes(row.id) && (!stages || (stage && stages.includes(stage))),
    );
    const info = available.find(({ id }) => id === proxy?.id);
    if (!info) continue;
    const { low, high } = asRange(row.batchSize);
    found.push({
      id: row.id,
      title: row.id === 'gan-generator' ? 'GAN (both rows)' : row.name,
      info,
      fields: {
        architecture: row.id,
        ...(row.domains[0] && { domain: row.domains[0] }),
        ...shape(info),
        optimizer: row.optimizer,
        learningRate: row.learningRate,
        globalBatch: Math.round(Math.sqrt(low * high)),
        ...(stage === 'pretraining' && { fromScratch: true }),
        ...(stage === 'fine-tuning' && { fromScratch: false }),
      },
    });
  }
  for (const row of proxyTable) {
    const info = available.find(({ id }) => id === row.id);
    // One more stage of an architecture is a subject of its own.
    const [architecture] = row.stages ? row.architectures : [];
    if (!info || (row.architectures.length > 0 && !architecture)) continue;
    const fields: Fields = {
      ...(architecture && { architecture }),
      ...(row.stages?.includes('pretraining') && { fromScratch: true, objective: 'masked-lm' as const }),
      ...(row.domains[0] && { domain: row.domains[0] }),
      ...shape(info),
      optimizer: info.reference.optimizer.kind,
      globalBatch: 256,
    };
    const learningRate = usualRate(runOf(fields), info.reference.optimizer.kind);
    found.push({ id: row.id, title: row.title.en, info, fields: { ...fields, learningRate } });
  }
  return found;
}

/** What the tables leave open is as in the proxy's reference, so that the row is healthy. */
function shape({ reference }: ProxyInfo): Fields {
  const { momentum, betas } = reference.optimizer;
  const beta1 = Array.isArray(betas) ? betas[0] : undefined;
  return {
    worldSize: 1,
    method: 'full',
    schedule: reference.schedule,
    warmupRatio: reference.warmupFraction,
    clipNorm: reference.clipping?.norm ?? 0,
    ...(typeof momentum === 'number' && { momentum }),
    ...(typeof beta1 === 'number' && { beta1 }),
  };
}

/** The learning rate of the healthy row, which scenarios multiply. */
export function rateOf({ fields }: Subject): number {
  const rate = valueOf(runOf(fields), 'learningRate');
  if (rate === undefined) throw new Error('a subject has no learning rate');
  return rate;
}

/** The run carried to the subject's proxy. Throws where the product would refuse. */
export function planOf({ id, info }: Subject, run: TrainingRun): RunPlan {
  const plan = planRun(run, [info], { proxy: info.id });
  if ('impossible' in plan) throw new Error(`${id}: ${plan.impossible.en}`);
  return plan;
}

/** Peak rate of the proxy over its own tuned one. */
export function relativeRate({ spec, reference }: RunPlan): number {
  return Math.max(...spec.learningRates) / Math.max(...reference.learningRates);
}

const searchStep = 1.05;
const farthest = 1e6;

/**
 * The config's rate nearest to the healthy row's that arrives in the proxy as at least `factor` (below 1: at most) of
 * its tuned rate. What published runs span arrives as at most twice, so the config's own factor may be larger.
 */
export function plantedRate(subject: Subject, factor: number): number {
  const rate = rateOf(subject);
  const step = factor > 1 ? searchStep : 1 / searchStep;
  for (let times = factor; times < farthest && times > 1 / farthest; times *= step) {
    const plan = planOf(subject, runOf({ ...subject.fields, learningRate: rate * times }));
    const arrived = relativeRate(plan);
    if (factor > 1 ? arrived >= 0.99 * factor : arrived <= 1.01 * factor) return rate * times;
  }
  throw new Error(`${subject.id}: no learning rate arrives as ${factor} times the reference`);
}
