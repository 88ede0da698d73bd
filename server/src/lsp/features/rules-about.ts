import type { ConfigFile } from '../../engine/config-file.ts';
import { rules } from '../../rules/registry.ts';
import type { FieldId } from '../../run/fields.ts';
import type { TrainingRun } from '../../run/training-run.ts';

/**
 * The rules that look at a field of this very run: found by letting each look and watching what it asks for, so that
 * no rule has to say it and none can say it wrongly.
 */
export function rulesAbout(file: ConfigFile, index: number, field: FieldId): string[] {
  const run = file.runs[index];
  if (!run) return [];
  return rules.flatMap((rule) =>
    rule.scope === 'run' && reads(rule.check, run, file, field) ? [rule.meta.id] : [],
  );
}

function reads(
  check: (run: TrainingRun, file: ConfigFile) => unknown,
  run: TrainingRun,
  file: ConfigFile,
  field: FieldId,
): boolean {
  let asked = false;
  const settings = new Proxy(run.settings, {
    get(target, property, receiver) {
      if (property === field) asked = true;
      return Reflect.get(target, property, receiver);
    },
  });
  try {
    check({ ...run, settings }, file);
  } catch {
    // What the rule had asked for before it failed still counts.
  }
  return asked;
}
