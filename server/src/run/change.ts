import type { ConfigValue, Path } from '../document/types.ts';
import type { Text } from '../text.ts';
import type { FieldId, FieldTypes } from './fields.ts';

/** One step of a change, in canonical terms. A dialect turns it into its own keys and units, or says that it cannot. */
export type Operation =
  | { [F in FieldId]: { readonly op: 'set'; readonly field: F; readonly value: FieldTypes[F] } }[FieldId]
  | { readonly op: 'unset'; readonly field: FieldId }
  /** Write the value at `path` of document `root` again so that the loader reads it as `value`. For value rules only. */
  | { readonly op: 'respell'; readonly root: number; readonly path: Path; readonly value: ConfigValue }
  /** Give the key at `path` another name. */
  | { readonly op: 'rename'; readonly root: number; readonly path: Path; readonly to: string }
  /** Delete the entry at `path`. */
  | { readonly op: 'delete'; readonly root: number; readonly path: Path };

/**
 * A statement about the run ("warm up over 10 % of the steps"), never about text: it can be applied to a
 * {@link TrainingRun} to train again, and written by a dialect as minimal edits to fix the file.
 */
export interface Change {
  readonly title: Text;
  /** Safe = the run that results is the one the author plainly meant (a spelling); only these run on save. */
  readonly safe: boolean;
  /** Offered only where nothing before it can be written: the same cure in a unit of last resort. */
  readonly lastResort?: boolean;
  readonly operations: readonly Operation[];
}

/** `{op:'set'}` with the value's type checked against the field. */
export function set<F extends FieldId>(field: F, value: FieldTypes[F]): Operation {
  return { op: 'set', field, value } as Operation;
}
