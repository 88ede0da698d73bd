import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import { writeChange } from '../../dialects/write.ts';
import type { Fix } from '../../engine/fix.ts';
import type { Change } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import { spanOf, type TrainingRun } from '../../run/training-run.ts';
import { type Language, type Text, text } from '../../text.ts';
import type { FixResult, SanityReport, SeededSymptom } from '../../training/types.ts';
import { headline } from '../../training/wording.ts';
import type { Analysis } from '../analysis.ts';
import { overlaps } from '../convert.ts';
import { firstLine, source } from '../features/diagnostics.ts';

/** What a sanity run found out about one run of a file, as long as the file still says the same. */
interface Kept {
  readonly fingerprint: string;
  readonly report: SanityReport;
}

/** A symptom as the editor shows it. */
export interface ShownSymptom {
  /** Index of the run it was seen in. */
  readonly run: number;
  readonly diagnostic: Diagnostic;
  /** `how`: what is known of the fix, in a few words. */
  readonly fixes: readonly (Fix & { readonly how: Text })[];
}

/** Whoever knows of symptoms of a file: a sanity run, a log of a real training. */
export interface SymptomSource {
  /** The symptoms that still hold for this version of the file, each where its cause stands. */
  shown(analysis: Analysis, language: Language): ShownSymptom[];
}

/** Symptoms seen less surely than this are told as information, not as a warning. */
const sure = 0.5;

/** Results of sanity runs by file. They speak of settings, not of text: moving lines about does not end them. */
export class RunResults implements SymptomSource {
  readonly #byUri = new Map<string, Map<number, Kept>>();

  keep(uri: string, run: TrainingRun, index: number, report: SanityReport): void {
    const ofFile = this.#byUri.get(uri) ?? new Map<number, Kept>();
    ofFile.set(index, { fingerprint: fingerprint(run), report });
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
    return [...kept].flatMap(([index, { fingerprint: then, report }]) => {
      const run = file.runs[index];
      if (!run || fingerprint(run) !== then) return [];
      return report.symptoms.map((symptom): ShownSymptom => {
        const fixes = healing(report, symptom).flatMap((tried) => {
          const edits = writeChange(file, index, tried.change);
          return edits?.length ? [{ change: tried.change, edits, tried, how: howOf(tried) }] : [];
        });
        return {
          run: index,
          diagnostic: {
            range: firstLine(document, spanOf(run, ...fieldsOf(fixes[0]?.change))),
            severity:
              symptom.confidence >= sure ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
            code: symptom.symptom,
            source,
            message: message(symptom, report, fixes[0]?.tried, language),
          },
          fixes,
        };
      });
    });
  }

  /** The run whose symptom stands in the range. */
  at(analysis: Analysis, range: Range, language: Language): number | undefined {
    return this.shown(analysis, language).find(({ diagnostic }) => overlaps(diagnostic.range, range))?.run;
  }
}

/** The facts that a training run depends on; comments and layout are none of them. */
export function fingerprint(run: TrainingRun): string {
  const facts = Object.entries(run.settings).map(([field, setting]) => [field, setting.value]);
  return JSON.stringify(facts.sort(([a], [b]) => String(a).localeCompare(String(b))));
}

function howOf({ verdict }: FixResult): Text {
  return verdict === 'heals'
    ? text('healed the sanity run', '학습 점검에서 나음')
    : text('helped the sanity run', '학습 점검에서 일부 나아짐');
}

/** What was measured to help against a symptom, best first, as the report orders it. */
function healing({ fixes }: SanityReport, { symptom }: SeededSymptom): FixResult[] {
  return fixes.filter(
    (fix) => fix.symptom === symptom && (fix.verdict === 'heals' || fix.verdict === 'partly'),
  );
}

function fieldsOf(change: Change | undefined): FieldId[] {
  return (change?.operations ?? []).flatMap((operation) => ('field' in operation ? [operation.field] : []));
}

function message(
  symptom: SeededSymptom,
  { plan }: SanityReport,
  best: FixResult | undefined,
  language: Language,
): string {
  const name = headline(symptom);
  const { shown, seeds } = symptom;
  const seen = text(
    `${name.en} in the sanity run (proxy ${plan.proxy}, ${shown} of ${seeds} seeds). ${symptom.message.en}`,
    `학습 점검에서 ${name.ko}(대리 모델 ${plan.proxy}, 시드 ${seeds}개 중 ${shown}개). ${symptom.message.ko}`,
  );
  if (!best) return seen[language];
  const fix = best.change.title;
  const cure =
    best.verdict === 'heals'
      ? text(`Trained and healed: ${fix.en}.`, `학습해 보니 증상이 사라졌습니다: ${fix.ko}.`)
      : text(`Trained and better in part: ${fix.en}.`, `학습해 보니 일부 나아졌습니다: ${fix.ko}.`);
  return `${seen[language]} ${cure[language]}`;
}
