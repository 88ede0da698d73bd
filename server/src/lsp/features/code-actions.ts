import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Fix } from '../../engine/fix.ts';
import { fixAll } from '../../engine/fix.ts';
import { type Text, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { overlaps, toEdits } from '../convert.ts';
import { type DiagnosticContext, type ShownFinding, shownFindings } from './diagnostics.ts';
import { minimalEdits } from './minimal-edits.ts';
import { suppressFileEdit, suppressLineEdit } from './suppressions.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.trainlint`;
export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

export interface CodeActionContext extends DiagnosticContext {
  /** Whether the client takes edits that name the version they were made for. */
  readonly documentChanges: boolean;
}

/** Quick fixes for what stands in the range, ways to silence it, and fix-all where it is asked for. */
export function codeActions(
  analysis: Analysis,
  params: Pick<CodeActionParams, 'range' | 'context'>,
  context: CodeActionContext,
): CodeAction[] {
  if (!analysis.opened.file) return [];
  const wants = (kind: string) => wanted(params.context.only, kind);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const here = shownFindings(analysis, context).filter(({ diagnostic }) =>
      overlaps(diagnostic.range, params.range),
    );
    for (const shown of here) actions.push(...fixActions(analysis, shown, context));
    actions.push(...sameRuleActions(analysis, here, context));
    for (const shown of here) actions.push(...suppressActions(analysis, shown, context));
  }
  // Only on request: it lints again after each pass, which the light bulb of every cursor move must not pay.
  if (params.context.only && wants(fixAllKind)) actions.push(...fixAllAction(analysis, context));
  return actions;
}

/** `source` asks for `source.fixAll.trainlint`; `source.fixAll.eslint` does not. */
function wanted(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}

export function workspaceEdit(
  analysis: Analysis,
  edits: TextEdit[],
  documentChanges: boolean,
): WorkspaceEdit {
  const { uri, version } = analysis;
  return documentChanges
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}

function fixActions(analysis: Analysis, { finding, diagnostic }: ShownFinding, context: CodeActionContext) {
  const { document } = analysis.opened;
  if (!document) return [];
  return analysis.fixes(finding).map(
    ({ change, edits }): CodeAction => ({
      title: change.title[context.language],
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      ...(change.safe ? { isPreferred: true } : {}),
      edit: workspaceEdit(analysis, toEdits(document, edits), context.documentChanges),
    }),
  );
}

/** "Fix all … in this file", where a rule has several findings and each has a safe fix. */
function sameRuleActions(analysis: Analysis, here: readonly ShownFinding[], context: CodeActionContext) {
  const { document } = analysis.opened;
  if (!document) return [];
  const actions: CodeAction[] = [];
  for (const rule of new Set(here.map(({ finding }) => finding.rule))) {
    const fixes: Fix[] = [];
    for (const finding of analysis.lint().findings) {
      if (finding.rule !== rule) continue;
      const safe = analysis.fixes(finding).find(({ change }) => change.safe);
      if (safe) fixes.push(safe);
    }
    if (fixes.length < 2) continue;
    const title: Text = text(
      `Fix all ${fixes.length} \`${rule}\` findings in this file`,
      `이 파일의 \`${rule}\` 진단 ${fixes.length}건을 모두 고치기`,
    );
    const edits = toEdits(
      document,
      fixes.flatMap((fix) => fix.edits),
    );
    actions.push({
      title: title[context.language],
      kind: CodeActionKind.QuickFix,
      diagnostics: here.filter(({ finding }) => finding.rule === rule).map(({ diagnostic }) => diagnostic),
      edit: workspaceEdit(analysis, edits, context.documentChanges),
    });
  }
  return actions;
}

function suppressActions(
  analysis: Analysis,
  { finding, diagnostic }: ShownFinding,
  context: CodeActionContext,
): CodeAction[] {
  const { document } = analysis.opened;
  if (!document) return [];
  const ways = [
    {
      title: text(`Disable \`${finding.rule}\` for this line`, `이 줄에서 \`${finding.rule}\` 끄기`),
      edit: suppressLineEdit(document, finding),
    },
    {
      title: text(`Disable \`${finding.rule}\` for this file`, `이 파일에서 \`${finding.rule}\` 끄기`),
      edit: suppressFileEdit(document, finding),
    },
  ];
  return ways.flatMap(({ title, edit }) =>
    edit
      ? [
          {
            title: title[context.language],
            kind: CodeActionKind.QuickFix,
            diagnostics: [diagnostic],
            edit: workspaceEdit(analysis, toEdits(document, [edit]), context.documentChanges),
          },
        ]
      : [],
  );
}

function fixAllAction(analysis: Analysis, context: CodeActionContext): CodeAction[] {
  const { document } = analysis.opened;
  if (!document) return [];
  const fixed = fixAll(analysis.text, analysis.fileName, analysis.options);
  if (fixed.text === analysis.text) return [];
  const title = text('Fix all safe Trainlint findings', '안전하게 고칠 수 있는 Trainlint 진단을 모두 고치기');
  const edits = toEdits(document, minimalEdits(analysis.text, fixed.text));
  return [
    {
      title: title[context.language],
      kind: fixAllKind,
      edit: workspaceEdit(analysis, edits, context.documentChanges),
    },
  ];
}
