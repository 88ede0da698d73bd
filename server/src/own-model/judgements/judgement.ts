import type { Change, Operation } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import type { Text } from '../../text.ts';

/** What a measurement on the user's own model says about one setting of the config. Never proxy evidence. */
export interface Judgement {
  readonly id:
    | 'other-optimizer'
    | 'critical-rate'
    | 'gradient-clipping'
    | 'update-ratio'
    | 'not-finite'
    | 'noise-scale';
  readonly level: 'warning' | 'information' | 'fine';
  /** The settings it is about, the one to point at first. */
  readonly fields: readonly FieldId[];
  readonly message: Text;
  readonly evidence: Readonly<Record<string, number>>;
  /** Ways out, best first; not trained, but held against the measurement. */
  readonly changes: readonly Change[];
}

export function change(title: Text, ...operations: Operation[]): Change {
  return { title, safe: false, operations };
}
