import type { Change } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import type { Text } from '../../text.ts';

/** What a symptom in a log is laid to. */
export interface Cause {
  /** The settings that cause it, likeliest first. */
  readonly fields: readonly FieldId[];
  /** What in the log and the config speaks for it. */
  readonly why: Text;
  /** Ways out that this log itself suggests; they come before the table's. */
  readonly changes: readonly Change[];
  /** The rate is known to be too low: the ways out go up. */
  readonly tooSmallSteps?: boolean;
}
