/** How often the detectors call out where nothing is wrong: the reference rows, over many seeds. */
import type { RunResult } from '@trainlint/kernels';
import { diagnose } from '../../src/symptoms/diagnose.ts';
import { seriesOf } from '../../src/training/series.ts';
import { planOf, relativeRate, runOf, type Subject } from './subjects.ts';
import type { Trainer } from './trainer.ts';

/** What is promised of healthy rows: the share of seeds that may show each. */
export const budgets = [
  { name: 'divergence', symptoms: ['loss-divergence'], most: 0 },
  { name: 'early instability', symptoms: ['early-instability'], most: 0.01 },
  { name: 'oscillation', symptoms: ['oscillation'], most: 0.01 },
  { name: 'gradient spikes', symptoms: ['gradient-explosion'], most: 0.05 },
] as const;

export interface HealthyRow {
  readonly seeds: number;
  /** Seeds by symptom. The detectors see the curves alone: beside itself as the healthy twin nothing could be false. */
  readonly flags: ReadonlyMap<string, number>;
  /** Peak rate over the proxy's own tuned one: 1 where the table's row lands on the reference. */
  readonly relativeRate: number;
  readonly runs: readonly RunResult[];
  readonly steps: number;
}

export async function healthyRow(
  subject: Subject,
  seeds: readonly number[],
  trainer: Trainer,
): Promise<HealthyRow> {
  const plan = planOf(subject, runOf(subject.fields));
  const runs = await Promise.all(seeds.map((seed) => trainer.train({ ...plan.spec, seed })));
  const flags = new Map<string, number>();
  for (const run of runs)
    for (const { symptom } of diagnose(seriesOf(run, plan.spec.steps)).symptoms)
      flags.set(symptom, (flags.get(symptom) ?? 0) + 1);
  return { seeds: seeds.length, flags, relativeRate: relativeRate(plan), runs, steps: plan.spec.steps };
}
