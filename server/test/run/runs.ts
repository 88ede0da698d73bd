import type { FieldId, FieldTypes } from '../../src/run/fields.ts';
import type { MutableSettings, Origin } from '../../src/run/setting.ts';
import type { TrainingRun } from '../../src/run/training-run.ts';

/** A run whose fields are all written in the file, unless `from` says otherwise for some. */
export function runWith(
  values: { readonly [F in FieldId]?: FieldTypes[F] },
  from: { readonly [F in FieldId]?: Origin } = {},
): TrainingRun {
  const settings: MutableSettings = {};
  for (const [field, value] of Object.entries(values))
    (settings as Record<string, unknown>)[field] = { value, from: from[field as FieldId] ?? 'file' };
  return { label: '', root: 0, settings, opaque: new Map(), anchor: { start: 0, end: 0 } };
}
