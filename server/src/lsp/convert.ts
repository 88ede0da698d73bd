import { DiagnosticSeverity, type TextEdit as LspEdit, type Range } from 'vscode-languageserver/node';
import { rangeOf } from '../document/position.ts';
import type { ConfigDocument, Span, TextEdit } from '../document/types.ts';
import type { Severity } from '../knowledge/ids.ts';

export const severityOf: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toRange(document: ConfigDocument, span: Span): Range {
  return rangeOf(document, span);
}

export function toEdits(document: ConfigDocument, edits: readonly TextEdit[]): LspEdit[] {
  return edits.map(({ span, newText }) => ({ range: rangeOf(document, span), newText }));
}

export function overlaps(a: Range, b: Range): boolean {
  const before = (x: Range['end'], y: Range['start']) =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}
