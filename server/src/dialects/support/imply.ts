import type { FieldId, FieldTypes } from '../../run/fields.ts';
import type { MutableSettings, Setting } from '../../run/setting.ts';
import type { Text } from '../../text.ts';

/** Adds what a framework's own purpose says about a run, where nothing in the file says it. */
export function imply(
  settings: MutableSettings,
  facts: { readonly [F in FieldId]?: FieldTypes[F] | undefined },
  why: Text,
): void {
  for (const [field, value] of Object.entries(facts)) {
    if (value === undefined || settings[field as FieldId] !== undefined) continue;
    const setting: Setting<unknown> = { value, from: 'inferred', why };
    (settings as Record<string, unknown>)[field] = setting;
  }
}
