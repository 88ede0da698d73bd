import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver/node';
import { formatOf } from '../../document/parse.ts';
import { readProject } from '../../engine/read-project.ts';
import type { Language } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { overlaps, severityOf, toEdits, toRange } from '../convert.ts';
import { isProjectFile } from '../project-files.ts';
import type { Measurements } from '../sanity/measurements.ts';
import type { SymptomSource } from '../sanity/run-results.ts';
import { type CodeActionContext, workspaceEdit } from './code-actions.ts';
import { type DiagnosticContext, shownFindings, source } from './diagnostics.ts';

/** All that is to be said about a file: what the rules find, what a sanity run, a log or a measurement showed, or faults of our own settings file. */
export function fileDiagnostics(
  analysis: Analysis,
  sources: readonly SymptomSource[],
  measurements: Measurements,
  context: DiagnosticContext,
): Diagnostic[] {
  if (isProjectFile(analysis.uri)) return projectDiagnostics(analysis, context.language);
  return [
    ...shownFindings(analysis, context).map(({ diagnostic }) => diagnostic),
    ...sources.flatMap((source) =>
      source.shown(analysis, context.language).map(({ diagnostic }) => diagnostic),
    ),
    ...measurements.shown(analysis, context.language).map(({ diagnostic }) => diagnostic),
  ];
}

/** The fixes for the symptoms in the range, the best one of each first. */
export function symptomActions(
  analysis: Analysis,
  range: Range,
  sources: readonly SymptomSource[],
  context: CodeActionContext,
): CodeAction[] {
  const { document } = analysis.opened;
  if (!document) return [];
  return sources
    .flatMap((source) => source.shown(analysis, context.language))
    .filter(({ diagnostic }) => overlaps(diagnostic.range, range))
    .flatMap(({ diagnostic, fixes }) =>
      fixes.map(
        ({ change, edits, how }): CodeAction => ({
          title: `${change.title[context.language]} (${how[context.language]})`,
          kind: CodeActionKind.QuickFix,
          diagnostics: [diagnostic],
          edit: workspaceEdit(analysis, toEdits(document, edits), context.documentChanges),
        }),
      ),
    );
}

/** The ways out of what was measured on the user's own model, for what stands in the range. */
export function measurementActions(
  analysis: Analysis,
  range: Range,
  measurements: Measurements,
  context: CodeActionContext,
): CodeAction[] {
  const { document } = analysis.opened;
  if (!document) return [];
  return measurements
    .shown(analysis, context.language)
    .filter(({ diagnostic }) => overlaps(diagnostic.range, range))
    .flatMap(({ diagnostic, fixes }) =>
      fixes.map(
        ({ change, edits }): CodeAction => ({
          title: change.title[context.language],
          kind: CodeActionKind.QuickFix,
          diagnostics: [diagnostic],
          edit: workspaceEdit(analysis, toEdits(document, edits), context.documentChanges),
        }),
      ),
    );
}

function projectDiagnostics(analysis: Analysis, language: Language): Diagnostic[] {
  const format = formatOf(analysis.fileName);
  if (!format) return [];
  const { document, problems } = readProject(analysis.text, format);
  return problems.map(({ span, message }) => ({
    range: toRange(document, span),
    severity: severityOf.error,
    code: 'project-settings',
    source,
    message: message[language],
  }));
}
