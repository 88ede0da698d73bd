import { writeChange } from '../dialects/write.ts';
import type { Span } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import type { Fix } from '../engine/fix.ts';
import { limit } from '../knowledge/limits.ts';
import type { Change } from '../run/change.ts';
import type { FieldId } from '../run/fields.ts';
import { spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { curve, type MetricSeries } from '../symptoms/metric-series.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import type { Text } from '../text.ts';
import { candidates } from '../training/fixes.ts';
import { type Cause, causeOf } from './cause.ts';
import { otherConfig, timesUsual } from './rates.ts';

/** A symptom of a log and the setting it is laid to: facts about the run, whatever text says it. */
export interface LaidSymptom {
  readonly symptom: Symptom;
  readonly cause: Cause;
  /** Ways out, likeliest first. None of them was trained. */
  readonly changes: readonly Change[];
}

/** A laid symptom in a file: on the line of its cause, with the ways out that the framework can say. */
export interface ExplainedSymptom {
  readonly symptom: Symptom;
  readonly cause: Cause;
  /** The setting it is shown on; undefined where the file states none of the causes. */
  readonly field: FieldId | undefined;
  readonly span: Span;
  readonly fixes: readonly Fix[];
}

/** Fixes offered for a symptom: the rest of a list is read by nobody. */
const mostFixes = 4;

/** Lays what was found in a log to the settings of a run; says why not where the log is of another config. */
export function layToSettings(
  run: TrainingRun,
  series: MetricSeries,
  symptoms: readonly Symptom[],
): readonly LaidSymptom[] | { readonly otherConfig: Text } {
  const stranger = otherConfig(run, series);
  if (stranger) return { otherConfig: stranger };
  return symptoms.map((symptom) => {
    const cause = causeOf(run, series, symptom);
    return { symptom, cause, changes: waysOut(run, series, symptom, cause) };
  });
}

/** Where each laid symptom is shown in the file, and the edits of its ways out. */
export function placeIn(file: ConfigFile, index: number, laid: readonly LaidSymptom[]): ExplainedSymptom[] {
  const run = file.runs[index];
  if (!run) return [];
  return laid.map(({ symptom, cause, changes }) => {
    const field = cause.fields.find((each) => isWritten(run, each));
    const fixes = changes.flatMap((change): Fix[] => {
      const edits = writeChange(file, index, change);
      return edits?.length ? [{ change, edits }] : [];
    });
    const span = field ? spanOf(run, field) : run.anchor;
    return { symptom, cause, field, span, fixes: fixes.slice(0, mostFixes) };
  });
}

function isWritten(run: TrainingRun, field: FieldId): boolean {
  return (run.settings[field]?.span ?? run.opaque.get(field)?.span) !== undefined;
}

function waysOut(run: TrainingRun, series: MetricSeries, symptom: Symptom, cause: Cause): Change[] {
  const gradNorms = curve(series, 'gradNorm').values;
  const direction = cause.steps ? { cause: cause.steps } : {};
  const seen = { ...symptom, evidence: { ...symptom.evidence, ...direction } };
  const table = candidates(run, seen, { gradNorms, clipScale: 1, origin: 'log' });
  // What the cause is laid to comes first; the rest keep the table's order.
  const [likely] = cause.fields;
  const first = table.filter(({ operations }) =>
    operations.some((operation) => 'field' in operation && operation.field === likely),
  );
  // Where a tenth of the rate is still far above the usual one, the usual one is the better try.
  const usual = timesUsual(run) >= 30 ? table.filter((change) => setsUsualRate(run, change)) : [];
  const distinct = new Map<string, Change>();
  for (const change of [...cause.changes, ...usual, ...first, ...table]) {
    const key = JSON.stringify(change.operations);
    if (!distinct.has(key) && helps(run, symptom, change.operations)) distinct.set(key, change);
  }
  return [...distinct.values()];
}

function setsUsualRate(run: TrainingRun, { operations: [operation, ...more] }: Change): boolean {
  if (operation?.op !== 'set' || operation.field !== 'learningRate' || more.length > 0) return false;
  const rate = valueOf(run, 'learningRate') ?? Number.NaN;
  return Math.abs(Math.log((timesUsual(run) * operation.value) / rate)) < 0.1;
}

/** A higher rate is no way out of a run that left its course. */
function helps(run: TrainingRun, { symptom }: Symptom, operations: Change['operations']): boolean {
  const tooHigh = timesUsual(run) >= limit('learning-rate-weak-factor');
  if ((symptom === 'slow-convergence' && !tooHigh) || symptom === 'vanishing-gradient') return true;
  const rate = valueOf(run, 'learningRate') ?? Number.POSITIVE_INFINITY;
  return !operations.some(
    (operation) =>
      operation.op === 'set' &&
      operation.field === 'learningRate' &&
      operation.value > rate &&
      operations.length === 1,
  );
}
