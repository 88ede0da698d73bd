import domains from '../../../schemas/knowledge/numeric-domains.json' with { type: 'json' };
import formats from '../../../schemas/knowledge/numeric-formats.json' with { type: 'json' };
import usual from '../../../schemas/knowledge/usual-values.json' with { type: 'json' };
import type {
  NumericDomainsRow,
  NumericDomainsTable,
  NumericFormatsRow,
  NumericFormatsTable,
  UsualValuesRow,
  UsualValuesTable,
} from '../generated/knowledge-types.d.ts';
import type { OptimizerId } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type NumericDomain = NumericDomainsRow;
export type NumericFormat = NumericFormatsRow;
export type UsualValue = UsualValuesRow;
/** Bounds of a value; absent bounds are open. */
export type Bounds = NumericDomain['parameters'][number]['allowed'];

/** What PyTorch's optimizer constructors refuse. */
export const numericDomainTable: readonly NumericDomain[] = table<NumericDomainsTable>(domains).rows;
export const numericFormatTable: readonly NumericFormat[] = table<NumericFormatsTable>(formats).rows;
/** Usual values of settings other than the learning rate. */
export const usualValueTable: readonly UsualValue[] = table<UsualValuesTable>(usual).rows;

const formatRows = byId<NumericFormat['id'], NumericFormat>(numericFormatTable);
const usualRows = byId<string, UsualValue>(usualValueTable);

/** What the constructor of an optimizer enforces; undefined for optimizers PyTorch does not have. */
export function numericDomain(optimizer: OptimizerId): NumericDomain | undefined {
  return numericDomainTable.find((row) => row.optimizers.includes(optimizer));
}

export function numericFormat(id: NumericFormat['id']): NumericFormat {
  return rowOf(formatRows, id);
}

export function usualValue(id: string): UsualValue | undefined {
  return usualRows.get(id);
}

/** Whether a value lies within bounds. NaN lies within none. */
export function isWithin(value: number, bounds: Bounds): boolean {
  return (
    !Number.isNaN(value) &&
    (bounds.minimum === undefined || value >= bounds.minimum) &&
    (bounds.exclusiveMinimum === undefined || value > bounds.exclusiveMinimum) &&
    (bounds.maximum === undefined || value <= bounds.maximum) &&
    (bounds.exclusiveMaximum === undefined || value < bounds.exclusiveMaximum)
  );
}
