import type { Path, Span } from '../document/types.ts';
import type { Text } from '../text.ts';
import type { FieldId, FieldTypes } from './fields.ts';

/** `file`: written there. `default`: what the framework does when the key is absent. `derived`: arithmetic. `inferred`: a reasoned guess. `comment`/`project`: said by the user. */
export type Origin = 'file' | 'default' | 'derived' | 'inferred' | 'comment' | 'project';

/** One known fact about a run, with where it comes from. */
export interface Setting<T> {
  readonly value: T;
  readonly from: Origin;
  /** The key it stands under, for `file`. */
  readonly path?: Path;
  /** The value's place in the text, for `file` and `comment`. */
  readonly span?: Span;
  /** Why we believe it: required for `inferred`, `derived` and `default`. */
  readonly why?: Text;
}

/** What is known about a run. A missing key means "not known", which is not "the default". */
export type Settings = { readonly [F in FieldId]?: Setting<FieldTypes[F]> };
export type MutableSettings = { [F in FieldId]?: Setting<FieldTypes[F]> };
