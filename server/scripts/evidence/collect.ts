/** Trains everything the evidence rests on, one subject after another. */
import { proxies } from '@trainlint/kernels';
import { type Cell, evaluate } from './cells.ts';
import { type HealthyRow, healthyRow } from './healthy.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type Subject, subjects } from './subjects.ts';
import type { Trainer } from './trainer.ts';

export interface CollectOptions {
  /** Seeds of planted troubles and of healthy rows; neither was looked at when thresholds were chosen. */
  readonly seeds: readonly number[];
  readonly healthySeeds: readonly number[];
  /** Ids of subjects; absent = all. */
  readonly only?: readonly string[];
  readonly onProgress?: (message: string) => void;
}

export interface SubjectEvidence {
  readonly subject: Subject;
  readonly healthy: HealthyRow;
  readonly cells: readonly Cell[];
  /** Troubles the proxy's data cannot hold. */
  readonly impossible: readonly Scenario[];
}

/** Throws on a name in `only` that is no subject. */
export async function collect(trainer: Trainer, options: CollectOptions): Promise<SubjectEvidence[]> {
  const all = subjects(proxies());
  for (const name of options.only ?? [])
    if (!all.some(({ id }) => id === name))
      throw new Error(`no subject "${name}"; known: ${all.map(({ id }) => id).join(', ')}`);
  const chosen = all.filter(({ id }) => !options.only || options.only.includes(id));
  const evidence: SubjectEvidence[] = [];
  for (const subject of chosen) {
    const began = performance.now();
    const healthy = await healthyRow(subject, options.healthySeeds, trainer);
    const cells: Cell[] = [];
    const impossible: Scenario[] = [];
    for (const scenario of scenarios(subject)) {
      const cell = await evaluate(subject, scenario, options.seeds, trainer);
      if (cell) cells.push(cell);
      else impossible.push(scenario);
    }
    trainer.forget();
    evidence.push({ subject, healthy, cells, impossible });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    options.onProgress?.(`${subject.id}: ${trainer.count()} runs so far, ${seconds} s`);
  }
  return evidence;
}
