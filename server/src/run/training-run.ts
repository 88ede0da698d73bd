import type { Path, Span } from '../document/types.ts';
import type { FieldId, FieldTypes } from './fields.ts';
import type { Setting, Settings } from './setting.ts';

/** What will be trained, in the field's own terms. Immutable; `run/derive.ts` completes it, `run/change.ts` alters it. */
export interface TrainingRun {
  /** Which of several runs of a file this is (`generator`, `discriminator`, an env of rl-zoo3); empty for the only one. */
  readonly label: string;
  /** Index of the YAML document it stands in. */
  readonly root: number;
  readonly settings: Settings;
  /** Fields that the file states but nobody can read here (`${lr}`, a tag, a template): neither known nor absent. */
  readonly opaque: ReadonlyMap<FieldId, Place>;
  /** Where a finding about the run as a whole is shown: its optimizer, its block, or the first line. */
  readonly anchor: Span;
}

export interface Place {
  readonly path: Path;
  readonly span: Span;
}

/** The value of a field, or undefined when it is not known. */
export function valueOf<F extends FieldId>(run: TrainingRun, field: F): FieldTypes[F] | undefined {
  return run.settings[field]?.value;
}

export function settingOf<F extends FieldId>(run: TrainingRun, field: F): Setting<FieldTypes[F]> | undefined {
  return run.settings[field] as Setting<FieldTypes[F]> | undefined;
}

/** Whether the file (or a comment) itself says the field, readable or not. */
export function isStated(run: TrainingRun, field: FieldId): boolean {
  const from = run.settings[field]?.from;
  return run.opaque.has(field) || from === 'file' || from === 'comment' || from === 'project';
}

/** Where a finding about `field` is shown: on its value, else on the run's anchor. */
export function spanOf(run: TrainingRun, ...fields: FieldId[]): Span {
  for (const field of fields) {
    const span = run.settings[field]?.span ?? run.opaque.get(field)?.span;
    if (span) return span;
  }
  return run.anchor;
}
