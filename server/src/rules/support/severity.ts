import type { Severity } from '../../knowledge/ids.ts';
import type { FieldId } from '../../run/fields.ts';
import type { TrainingRun } from '../../run/training-run.ts';

const milder: Readonly<Record<Severity, Severity>> = {
  error: 'warning',
  warning: 'information',
  information: 'hint',
  hint: 'hint',
};

/** One step milder where any of the fields was only inferred: a guess does not carry a strong word. */
export function unlessInferred(run: TrainingRun, severity: Severity, ...fields: FieldId[]): Severity {
  return fields.some((field) => run.settings[field]?.from === 'inferred') ? milder[severity] : severity;
}
