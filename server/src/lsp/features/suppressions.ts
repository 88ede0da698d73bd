import { positionAt } from '../../document/position.ts';
import type { Comment, ConfigDocument, MapNode, TextEdit } from '../../document/types.ts';
import type { LintFinding } from '../../engine/lint.ts';

/** Broken text and broken directives cannot be wished away, and silencing a silencer is no answer. */
const never: ReadonlySet<string> = new Set(['syntax-error', 'invalid-directive', 'unused-suppression']);

/** Inserts `# trainlint-disable-next-line rule` above the finding, or adds the rule to one that stands there. */
export function suppressLineEdit(document: ConfigDocument, finding: LintFinding): TextEdit | undefined {
  const sign = commentSign(document);
  if (never.has(finding.rule) || sign === undefined) return undefined;
  const { line } = positionAt(document, finding.span.start);
  const start = lineStart(document, line);
  const above = document.comments.find(
    (comment) =>
      comment.ownLine &&
      positionAt(document, comment.span.start).line === line - 1 &&
      /^trainlint-disable-next-line\s+\S/.test(comment.text),
  );
  if (above) return addRule(document, above, finding.rule);
  const indent = /^[ \t]*/.exec(document.text.slice(start))?.[0] ?? '';
  return {
    span: { start, end: start },
    newText: `${indent}${sign} trainlint-disable-next-line ${finding.rule}${lineEnd(document)}`,
  };
}

/** Inserts `# trainlint-disable-file rule` as the first line; in JSON, which has no comments, the `$trainlint` key. */
export function suppressFileEdit(document: ConfigDocument, finding: LintFinding): TextEdit | undefined {
  if (never.has(finding.rule)) return undefined;
  const sign = commentSign(document);
  if (sign === undefined) return disableInKey(document, finding.rule);
  const there = document.comments.find(({ text }) => /^trainlint-disable-file\s+\S/.test(text));
  if (there) return addRule(document, there, finding.rule);
  const start = afterHeader(document);
  return {
    span: { start, end: start },
    newText: `${sign} trainlint-disable-file ${finding.rule}${lineEnd(document)}`,
  };
}

/** JSON files get no comments from us unless their author uses them already. */
function commentSign(document: ConfigDocument): '#' | '//' | undefined {
  if (document.format !== 'json') return '#';
  return document.comments.length > 0 ? '//' : undefined;
}

/** Before ` -- reason`, if there is one. */
function addRule(document: ConfigDocument, comment: Comment, rule: string): TextEdit {
  const written = document.text.slice(comment.span.start, comment.span.end);
  const list = /^[\s\S]*?(?=\s*(--|\*\/|$))/.exec(written)?.[0] ?? written;
  const at = comment.span.start + list.length;
  return { span: { start: at, end: at }, newText: `, ${rule}` };
}

function disableInKey(document: ConfigDocument, rule: string): TextEdit | undefined {
  const root = document.roots[0];
  if (root?.kind !== 'map') return undefined;
  const own = root.entries.find(({ key }) => key.name === '$trainlint')?.value;
  if (own?.kind !== 'map') {
    const value = `"$trainlint": { "disable": [${JSON.stringify(rule)}] }`;
    return insertFirst(document, root, value);
  }
  const list = own.entries.find(({ key }) => key.name === 'disable')?.value;
  if (list?.kind !== 'seq') return insertFirst(document, own, `"disable": [${JSON.stringify(rule)}]`);
  const last = list.items.at(-1);
  const at = last ? last.span.end : list.span.start + 1;
  return { span: { start: at, end: at }, newText: `${last ? ', ' : ''}${JSON.stringify(rule)}` };
}

/** As the first entry of a JSON object, in the layout of the entry that is first now. */
function insertFirst(document: ConfigDocument, map: MapNode, entry: string): TextEdit {
  const at = map.span.start + 1;
  const first = map.entries[0];
  const gap = first ? document.text.slice(at, first.key.span.start) : '';
  return { span: { start: at, end: at }, newText: first ? `${gap || ' '}${entry},` : ` ${entry} ` };
}

function lineStart(document: ConfigDocument, line: number): number {
  return document.lineStarts[line] ?? 0;
}

/** A file-wide comment stands at the top, below a `%YAML` directive, which must come first. */
function afterHeader(document: ConfigDocument): number {
  let line = 0;
  while (document.text.startsWith('%', lineStart(document, line)) && line + 1 < document.lineStarts.length)
    line++;
  return lineStart(document, line);
}

function lineEnd(document: ConfigDocument): string {
  return document.text.includes('\r\n') ? '\r\n' : '\n';
}
