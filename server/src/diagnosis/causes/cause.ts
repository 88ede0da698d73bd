import type { Change } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import type { StepSize } from '../../symptoms/loss-track.ts';
import type { Text } from '../../text.ts';

/** What a symptom in a log is laid to. */
export interface Cause {
  /** The settings that cause it, likeliest first. */
  readonly fields: readonly FieldId[];
  /** What in the log and the config speaks for it. */
  readonly why: Text;
  /** Ways out that this log itself suggests; they come before the table's. */
  readonly changes: readonly Change[];
  /** What the rate is known to be: the ways out go up, or down. */
  readonly steps?: Exclude<StepSize, 'unclear'>;
}
