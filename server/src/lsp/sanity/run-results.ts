import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { writeChange } from '../../dialects/write.ts';
import type { Fix } from '../../engine/fix.ts';
import type { Change } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import { spanOf, type TrainingRun } from '../../run/training-run.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { type Language, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { firstLine, source } from '../features/diagnostics.ts';
import { symptomName } from '../features/symptom-names.ts';
import type { SanityFix, SanityResult } from './sanity-runner.ts';

/** What a sanity run found out about one run of a file, as long as the file still says the same. */
interface Kept {
  readonly fingerprint: string;
  readonly index: number;
  readonly proxy: string;
  readonly result: SanityResult;
}

export interface ShownSymptom {
  readonly diagnostic: Diagnostic;
  readonly fixes: readonly (Fix & { readonly tried: SanityFix })[];
}

/** Results of sanity runs by file. They speak of settings, not of text: moving lines about does not end them. */
export class RunResults {
  readonly #byUri = new Map<string, Map<number, Kept>>();

  keep(uri: string, run: TrainingRun, index: number, proxy: string, result: SanityResult): void {
    const ofFile = this.#byUri.get(uri) ?? new Map<number, Kept>();
    ofFile.set(index, { fingerprint: fingerprint(run), index, proxy, result });
    this.#byUri.set(uri, ofFile);
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }

  /** The symptoms that still hold for this version of the file, each where its best fix would change something. */
  shown(analysis: Analysis, language: Language): ShownSymptom[] {
    const { file, document } = analysis.opened;
    const kept = this.#byUri.get(analysis.uri);
    if (!file || !document || !kept) return [];
    return [...kept.values()].flatMap(({ fingerprint: then, index, proxy, result }) => {
      const run = file.runs[index];
      if (!run || fingerprint(run) !== then) return [];
      return result.symptoms.map((symptom): ShownSymptom => {
        const fixes = rankedFixes(result.fixes, symptom).flatMap((tried) => {
          const edits = writeChange(file, index, tried.change);
          return edits?.length ? [{ change: tried.change, edits, tried }] : [];
        });
        const range = firstLine(document, spanOf(run, ...fieldsOf(fixes[0]?.change)));
        return {
          diagnostic: {
            range,
            severity: symptom.confidence >= 0.5 ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
            code: symptom.symptom,
            source,
            message: message(symptom, proxy, fixes[0]?.tried, language),
          },
          fixes,
        };
      });
    });
  }
}

/** The facts that a training run depends on; comments and layout are none of them. */
export function fingerprint(run: TrainingRun): string {
  const facts = Object.entries(run.settings).map(([field, setting]) => [field, setting.value]);
  return JSON.stringify(facts.sort(([a], [b]) => String(a).localeCompare(String(b))));
}

const order = { heals: 0, partly: 1, no: 2, worse: 3 } as const;

/** Only what was measured to help. */
function rankedFixes(fixes: readonly SanityFix[], symptom: Symptom): SanityFix[] {
  return fixes
    .filter((fix) => fix.symptom === symptom.symptom && (fix.verdict === 'heals' || fix.verdict === 'partly'))
    .sort((a, b) => order[a.verdict ?? 'no'] - order[b.verdict ?? 'no']);
}

function fieldsOf(change: Change | undefined): FieldId[] {
  return (change?.operations ?? []).flatMap((operation) => ('field' in operation ? [operation.field] : []));
}

function message(symptom: Symptom, proxy: string, best: SanityFix | undefined, language: Language): string {
  const name = symptomName(symptom.symptom);
  const seen = text(
    `Sanity run (${proxy}): ${name.en}. ${symptom.message.en}`,
    `학습 점검(${proxy}): ${name.ko}. ${symptom.message.ko}`,
  );
  if (!best) return seen[language];
  const fix = best.change.title;
  const cure =
    best.verdict === 'heals'
      ? text(`Tried and healed it: ${fix.en}.`, `직접 돌려 보니 나았습니다: ${fix.ko}.`)
      : text(`Tried and helped in part: ${fix.en}.`, `직접 돌려 보니 일부 나아졌습니다: ${fix.ko}.`);
  return `${seen[language]} ${cure[language]}`;
}
