import data from '../../../schemas/knowledge/proxy-references.json' with { type: 'json' };
import type {
  LearningRateSweep,
  ProxyReference,
  ProxyReferencesTable,
} from '../generated/knowledge-types.d.ts';
import { byId, table } from './table.ts';

export type { LearningRateSweep, ProxyReference };

const file = table<ProxyReferencesTable>(data);
/** The setting each proxy was measured at, and the learning rate it trains best at. */
export const proxyReferenceTable: readonly ProxyReference[] = file.rows;
/** Best learning rates of many optimizers on two of the proxies. */
export const learningRateSweepTable: readonly LearningRateSweep[] = file.sweeps;
const rows = byId<string, ProxyReference>(proxyReferenceTable);

export function proxyReference(id: string): ProxyReference | undefined {
  return rows.get(id);
}
