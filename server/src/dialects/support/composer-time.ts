import type { LoadedValue } from '../../document/types.ts';
import { type Absent, absent } from '../dialect.ts';
import { numberIn } from './numbers.ts';

/** Composer's times: `50ba` batches, `2ep` epochs, `0.1dur` a share of the run, `1e9tok` tokens. */
export type TimeUnit = 'ba' | 'ep' | 'dur' | 'tok' | 'sp';

/** Reads a time of one unit; another unit is as if the key were not there, a bare number counts batches. */
export function timeIn(unit: TimeUnit) {
  return (value: LoadedValue): number | Absent | undefined => {
    if (value.kind === 'integer' || value.kind === 'float') return unit === 'ba' ? value.value : absent;
    if (value.kind !== 'string') return absent;
    const [, amount = '', written] = /^\s*(.*?)\s*(ba|ep|dur|tok|sp|T)\s*$/.exec(value.value) ?? [];
    const same = written === unit || (unit === 'tok' && written === 'T');
    return same ? numberIn(amount) : absent;
  };
}

export function spellTime(unit: TimeUnit) {
  return (value: number): string => `${value}${unit}`;
}
