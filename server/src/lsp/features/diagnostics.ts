import { type Diagnostic, DiagnosticTag, type Range } from 'vscode-languageserver/node';
import type { ConfigDocument, Span } from '../../document/types.ts';
import type { LintFinding } from '../../engine/lint.ts';
import type { Language } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { severityOf, toRange } from '../convert.ts';

export const source = 'trainlint';

export interface DiagnosticContext {
  readonly language: Language;
  /** Address of a rule's page; undefined where there is none. */
  readonly ruleDocs: RuleDocsAddress;
}

export type RuleDocsAddress = (rule: string) => string | undefined;

/** A finding as the editor shows it, and the finding itself for whoever makes actions of it. */
export interface ShownFinding {
  readonly finding: LintFinding;
  readonly diagnostic: Diagnostic;
}

/** Every finding of a file; nothing when the file is no training config. */
export function shownFindings(analysis: Analysis, context: DiagnosticContext): ShownFinding[] {
  const { document } = analysis.opened;
  if (!document || !analysis.opened.file) return [];
  return analysis.lint().findings.map((finding) => ({
    finding,
    diagnostic: toDiagnostic(analysis.uri, document, finding, context),
  }));
}

function toDiagnostic(
  uri: string,
  document: ConfigDocument,
  finding: LintFinding,
  { language, ruleDocs }: DiagnosticContext,
): Diagnostic {
  const href = ruleDocs(finding.rule);
  const tags = tagsOf(finding.rule);
  const related = finding.related?.map((one) => ({
    location: { uri, range: firstLine(document, one.span) },
    message: one.message[language],
  }));
  return {
    range: firstLine(document, finding.span),
    severity: severityOf[finding.severity],
    code: finding.rule,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source,
    message: finding.message[language],
    ...(tags.length ? { tags } : {}),
    ...(related?.length ? { relatedInformation: related } : {}),
  };
}

/** A squiggle under a whole block hides more than it says: a range that goes on is cut at the end of its line. */
export function firstLine(document: ConfigDocument, span: Span): Range {
  const range = toRange(document, span);
  if (range.start.line === range.end.line) return range;
  const next = document.text.indexOf('\n', span.start);
  const end = next < 0 ? span.end : next - (document.text[next - 1] === '\r' ? 1 : 0);
  return toRange(document, { start: span.start, end: Math.max(span.start, end) });
}

function tagsOf(rule: string): DiagnosticTag[] {
  if (/deprecated|renamed/.test(rule)) return [DiagnosticTag.Deprecated];
  if (/unused|ignored|no-effect/.test(rule)) return [DiagnosticTag.Unnecessary];
  return [];
}
