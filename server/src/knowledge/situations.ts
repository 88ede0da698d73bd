import data from '../../../schemas/knowledge/situations.json' with { type: 'json' };
import type { SituationsRow, SituationsTable } from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

export type Situation = SituationsRow;

/** Usual learning rates in the situations configs are written for. */
export const situationTable: readonly Situation[] = table<SituationsTable>(data).rows;
