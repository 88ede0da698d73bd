import type { FieldId, FieldTypes } from '../../../src/run/fields.ts';

export type Values = { readonly [F in FieldId]?: FieldTypes[F] | undefined };

export interface Expected {
  readonly dialect: string;
  /** What each run must say, worked out by hand; `undefined` = must not be known. Fields not named are free. */
  readonly runs: readonly Values[];
  /** Fields that are stated and cannot be read. */
  readonly opaque?: readonly FieldId[];
}
