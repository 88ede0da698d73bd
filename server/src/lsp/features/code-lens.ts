import type { CodeLens } from 'vscode-languageserver/node';
import type { Language } from '../../text.ts';
import { text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { command } from '../protocol.ts';
import { firstLine } from './diagnostics.ts';

/** Over each run's optimizer: train a tiny stand-in with these settings. Arguments: URI, index of the run. */
export function codeLenses(analysis: Analysis, language: Language): CodeLens[] {
  const { file, document } = analysis.opened;
  if (!file || !document) return [];
  return file.runs.map((run, index) => {
    const which = file.runs.length > 1 && run.label ? ` (${run.label})` : '';
    const title = text(`$(beaker) Run sanity check${which}`, `$(beaker) 학습 점검 실행${which}`);
    return {
      range: firstLine(document, run.anchor),
      command: {
        title: title[language],
        command: command.runSanityCheck,
        arguments: [analysis.uri, index],
      },
    };
  });
}
