import type { FieldId } from '../../run/fields.ts';
import { median } from '../../symptoms/statistics.ts';
import { type Text, text } from '../../text.ts';

/** Fields a warm-up may be written in. */
export const warmup: readonly FieldId[] = ['warmupRatio', 'warmupSteps', 'warmupEpochs'];

/** The last values lie above the usual ones by `factor`. */
export function grown(values: readonly number[], factor: number): boolean {
  return values.length >= 4 && median(values.slice(-2)) > factor * median(values.slice(0, -2));
}

export function joined(parts: readonly Text[]): Text {
  return text(parts.map(({ en }) => en).join(' '), parts.map(({ ko }) => ko).join(' '));
}
