import data from '../../../schemas/knowledge/proxies.json' with { type: 'json' };
import type { ProxiesExchangeRow, ProxiesRow, ProxiesTable } from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

const file = table<ProxiesTable>(data);
/** The proxies of the sanity run: what each stands for and what it cannot show. */
export const proxyTable: readonly ProxiesRow[] = file.rows;
/** Usual learning rate of each optimizer as a multiple of Adam's. */
export const exchangeTable: readonly ProxiesExchangeRow[] = file.exchange;
