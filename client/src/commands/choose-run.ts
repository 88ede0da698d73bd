import * as vscode from 'vscode';
import { t } from '../translate.ts';
import type { Parts } from './register.ts';

/** Which run of a config: the only one, or the user's choice; undefined where there is none or nothing is chosen. */
export async function chooseRun({ status }: Parts, uri: vscode.Uri): Promise<number | undefined> {
  const file = await status.ask(uri);
  if (file?.kind !== 'config') {
    void vscode.window.showInformationMessage(
      file?.why ?? t('Nothing in this file says that it is a training config.'),
    );
    return undefined;
  }
  if (file.runs.length <= 1) return 0;
  const picked = await vscode.window.showQuickPick(
    file.runs.map((label, index) => ({ label, index })),
    { title: t('Which of the runs in this file?') },
  );
  return picked?.index;
}
