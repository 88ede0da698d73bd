import data from '../../../schemas/knowledge/key-domains.json' with { type: 'json' };
import type { KeyDomainsRow, KeyDomainsTable } from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

export type KeyDomain = KeyDomainsRow;

/** Keys whose type or range a framework checks before it trains. */
export const keyDomainTable: readonly KeyDomain[] = table<KeyDomainsTable>(data).rows;

/** What a dialect checks of a key; undefined where it checks nothing we know of. */
export function keyDomain(dialect: string, key: string): KeyDomain | undefined {
  return keyDomainTable.find((row) => row.dialects.includes(dialect) && row.keys.includes(key));
}
