import { exchangeTable } from '../knowledge/proxies.ts';

const multiples = new Map<string, number>(exchangeTable.map(({ id, multiple }) => [id, multiple]));

/** `sam(sgd-momentum)` → `sgd-momentum`; any other name as it is. */
export function baseOptimizer(name: string): string {
  return /^[a-z]+\((.+)\)$/.exec(name)?.[1] ?? name;
}

/** An optimizer's usual learning rate as a multiple of Adam's on the same model; 1 for one nobody has a row for. */
export function optimizerMultiple(name: string): number {
  return multiples.get(name) ?? multiples.get(baseOptimizer(name)) ?? 1;
}

/** Whether the table knows what a usual rate of this optimizer is. */
export function hasMultiple(name: string): boolean {
  return multiples.has(name) || multiples.has(baseOptimizer(name));
}
