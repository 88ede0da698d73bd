import { type CodeAction, CodeActionKind } from 'vscode-languageserver/node';
import { ownModelSnippet } from '../../own-model/snippet.ts';
import { type Language, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { command, type OwnModelSnippet } from '../protocol.ts';

/** The script for one run of the file. */
export function snippetOf({ opened }: Analysis, index: number, language: Language): OwnModelSnippet {
  const { file } = opened;
  const run = file?.runs[index];
  if (!file || !run) return null;
  return ownModelSnippet(
    { fileName: file.fileName, dialect: file.dialect.id, framework: file.dialect.name },
    run,
    language,
  );
}

/** Beside a symptom that the proxy has shown: look at the real model. */
export function measureAction(analysis: Analysis, run: number, language: Language): CodeAction {
  const title = text('Measure on my own model…', '내 모델에서 측정…')[language];
  return {
    title,
    kind: CodeActionKind.QuickFix,
    command: { title, command: command.measureOwnModel, arguments: [analysis.uri, run] },
  };
}
