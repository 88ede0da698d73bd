import data from '../../../schemas/knowledge/situations.json' with { type: 'json' };
import type { SituationsRow, SituationsTable } from '../generated/knowledge-types.d.ts';
import type { ArchitectureId, DomainId, GoalId, OptimizerId, TrainingMethod, TrainingStage } from './ids.ts';
import { byId, table } from './table.ts';

export type Situation = SituationsRow;

/** Usual learning rates in the situations configs are written for. */
export const situationTable: readonly Situation[] = table<SituationsTable>(data).rows;
const rows = byId<string, Situation>(situationTable);

/** What is known of a run; what is absent is not known, and excludes no row. */
export interface SituationQuery {
  readonly architecture?: ArchitectureId;
  readonly domain?: DomainId;
  readonly optimizer?: OptimizerId;
  readonly method?: TrainingMethod;
  readonly stage?: TrainingStage;
  readonly goal?: GoalId;
  /** What is optimised (`Objective`). */
  readonly objective?: string;
  /** Number of weights of the model. */
  readonly parameters?: number;
}

const stageOfGoal: Partial<Record<GoalId, TrainingStage>> = {
  'fine-tuning': 'fine-tuning',
  'transfer-learning': 'fine-tuning',
  'zero-shot': 'pretraining',
};

export function situationById(id: string): Situation | undefined {
  return rows.get(id);
}

/** Rows that nothing in the query excludes. Empty without architecture and domain. */
export function possibleSituations(query: SituationQuery): Situation[] {
  const { architecture, domain, optimizer, method, objective, parameters } = query;
  const stage = query.stage ?? (query.goal && stageOfGoal[query.goal]);
  const has = <T>(list: readonly T[], value: T | undefined) => value === undefined || list.includes(value);
  return situationTable.filter((row) => {
    if (!row.usedByRules) return false;
    const fits =
      ownRows(objective) ||
      (architecture
        ? row.architectures.includes(architecture)
        : domain !== undefined && row.domains.includes(domain));
    const { low = 0, high = Number.POSITIVE_INFINITY } = row.parameters ?? {};
    return (
      fits &&
      serves(row, objective) &&
      has(row.optimizers, optimizer) &&
      has(row.methods, method) &&
      has(row.stages, stage) &&
      (parameters === undefined || (parameters >= low && parameters <= high))
    );
  });
}

function serves(row: Situation, objective: string | undefined): boolean {
  const said: readonly string[] | undefined = row.objectives;
  // Image restoration has a framework of its own, which says so; what says nothing is something else.
  if (objective === undefined) return !said?.includes('restoration');
  return said?.includes(objective) ?? !ownRows(objective);
}

/** Objectives that decide alone: a diffusion model is one, whether its network is a U-Net or a transformer. */
function ownRows(objective: string | undefined): boolean {
  return objective === 'denoising' || objective === 'restoration';
}

/** The one row that fits; undefined where none does or what is known leaves several open. */
export function usualLearningRate(query: SituationQuery): Situation | undefined {
  const [only, ...others] = possibleSituations(query);
  return others.length === 0 ? only : undefined;
}
