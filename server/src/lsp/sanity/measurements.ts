import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { writeChange } from '../../dialects/write.ts';
import type { Fix } from '../../engine/fix.ts';
import { judge } from '../../own-model/judge.ts';
import { type Measured, readMeasured } from '../../own-model/measured.ts';
import type { FieldId } from '../../run/fields.ts';
import { spanOf, type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Language, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { firstLine, source } from '../features/diagnostics.ts';
import type { MeasurementRead } from '../protocol.ts';

interface Kept {
  readonly measured: Measured;
  readonly run: number;
  /** What was measured: of another model, batch or precision nothing is known. */
  readonly subject: string;
}

export interface ShownMeasurement {
  readonly diagnostic: Diagnostic;
  readonly fixes: readonly Fix[];
}

/**
 * Measurements on users' own models by file. They are held against the settings as they stand now, so that a changed
 * learning rate is judged again and not forgotten; a change of what was measured ends them.
 */
export class Measurements {
  readonly #byUri = new Map<string, Kept>();

  /** Takes what a script printed for this config. */
  read({ uri, opened }: Analysis, output: string, language: Language): MeasurementRead {
    const runs = opened.file?.runs ?? [];
    const measured = readMeasured(output);
    if (measured === undefined) return { read: false, why: none[language] };
    if ('problem' in measured) return { read: false, why: measured.problem[language] };
    const index = Math.max(
      0,
      runs.findIndex(({ label }) => label === measured.run),
    );
    const run = runs[index];
    if (!run) return { read: false, why: noRun[language] };
    this.#byUri.set(uri, { measured, run: index, subject: subjectOf(run) });
    const levels = judge(run, measured).map(({ level }) => level);
    return {
      read: true,
      warnings: levels.filter((level) => level === 'warning').length,
      notes: levels.filter((level) => level === 'information').length,
    };
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }

  /** What the measurement still has against this version of the file. */
  shown({ uri, opened }: Analysis, language: Language): ShownMeasurement[] {
    const { file, document } = opened;
    const kept = this.#byUri.get(uri);
    const run = kept && file?.runs[kept.run];
    if (!file || !document || !run || subjectOf(run) !== kept.subject) return [];
    return judge(run, kept.measured)
      .filter(({ level }) => level !== 'fine')
      .map(({ id, level, fields, message, changes }) => ({
        diagnostic: {
          range: firstLine(document, spanOf(run, ...fields)),
          severity: level === 'warning' ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
          code: id,
          source,
          message: `${measuredHere[language]} ${message[language]}`,
        },
        fixes: changes.flatMap((change) => {
          const edits = writeChange(file, kept.run, change);
          return edits?.length ? [{ change, edits }] : [];
        }),
      }));
  }
}

const subject: readonly FieldId[] = [
  'model',
  'dataset',
  'method',
  'precision',
  'batchPerDevice',
  'sequenceLength',
];

function subjectOf(run: TrainingRun): string {
  return JSON.stringify(subject.map((field) => valueOf(run, field) ?? null));
}

const measuredHere = text('Measured on your own model.', '실제 모델에서 측정한 결과입니다.');
const none = text(
  'This is not what a measuring script prints: its last line begins with {"trainlint".',
  '측정 스크립트의 출력이 아닙니다. 마지막 줄이 {"trainlint"로 시작해야 합니다.',
);
const noRun = text(
  'Nothing in this file describes a training run.',
  '이 파일에는 학습 실행을 설명하는 내용이 없습니다.',
);
