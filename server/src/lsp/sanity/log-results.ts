import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { type ExplainedSymptom, type LaidSymptom, placeIn } from '../../diagnosis/explain.ts';
import type { TrainingRun } from '../../run/training-run.ts';
import { type Language, text } from '../../text.ts';
import { headline } from '../../training/wording.ts';
import type { Analysis } from '../analysis.ts';
import { firstLine, source } from '../features/diagnostics.ts';
import { fingerprint, type ShownSymptom, type SymptomSource } from './run-results.ts';

/** The log a file's symptoms come from. */
export interface LogSource {
  /** As it is called in messages. */
  readonly name: string;
  readonly uri: string;
  /** An editor can open it. */
  readonly isText: boolean;
}

interface Kept {
  readonly fingerprint: string;
  readonly log: LogSource;
  readonly laid: readonly LaidSymptom[];
}

/** A symptom at this confidence is a weak sign, told as information. */
const weak = 0.5;

/** What logs of real trainings showed, by config file; as with a sanity run, changed settings end it. */
export class LogResults implements SymptomSource {
  readonly #byUri = new Map<string, Map<number, Kept>>();

  keep(uri: string, index: number, run: TrainingRun, log: LogSource, laid: readonly LaidSymptom[]): void {
    const ofFile = this.#byUri.get(uri) ?? new Map<number, Kept>();
    ofFile.set(index, { fingerprint: fingerprint(run), log, laid });
    this.#byUri.set(uri, ofFile);
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }

  shown(analysis: Analysis, language: Language): ShownSymptom[] {
    const { file } = analysis.opened;
    const kept = this.#byUri.get(analysis.uri);
    if (!file || !kept) return [];
    return [...kept].flatMap(([index, { fingerprint: then, log, laid }]) => {
      const run = file.runs[index];
      if (!run || fingerprint(run) !== then) return [];
      return placeIn(file, index, laid).map((one) => ({
        run: index,
        diagnostic: toDiagnostic(analysis, one, log, language),
        fixes: one.fixes.map((fix) => ({ ...fix, how: untried })),
      }));
    });
  }
}

const untried = text('from your log, not trained', '로그에 따른 제안, 학습해 보지 않음');

function toDiagnostic(
  { opened: { document } }: Analysis,
  { symptom, cause, span }: ExplainedSymptom,
  log: LogSource,
  language: Language,
): Diagnostic {
  const name = headline(symptom);
  const message = text(
    `${name.en} in your training (${log.name}). ${symptom.message.en} ${cause.why.en}`,
    `실제 학습에서 ${name.ko}(${log.name}). ${symptom.message.ko} ${cause.why.ko}`,
  );
  const start = { line: 0, character: 0 };
  const where = text('the log this was measured in', '측정한 로그');
  return {
    range: document ? firstLine(document, span) : { start, end: start },
    severity: symptom.confidence > weak ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
    code: symptom.symptom,
    source,
    message: message[language],
    ...(log.isText && {
      relatedInformation: [
        { location: { uri: log.uri, range: { start, end: start } }, message: where[language] },
      ],
    }),
  };
}
