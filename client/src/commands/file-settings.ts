import * as vscode from 'vscode';
import { t } from '../translate.ts';

/** Leaves the file alone from now on, by one line in the workspace's settings that one click takes back. */
export async function notATrainingConfig(uri: vscode.Uri | undefined): Promise<void> {
  if (!uri) return;
  const { settings, target, pattern } = scopeOf(uri);
  const before = settings.get<string[]>('exclude', []);
  if (before.includes(pattern)) return;
  await settings.update('exclude', [...before, pattern], target);
  const undo = t('Undo');
  const answer = await vscode.window.showInformationMessage(
    t('Trainlint leaves {0} alone from now on.', pattern),
    undo,
  );
  if (answer === undo) await settings.update('exclude', before.length > 0 ? before : undefined, target);
}

/** Says which framework the file is for, where it was not recognised or wrongly so. */
export async function associate(uri: vscode.Uri, dialect: string): Promise<void> {
  const { settings, target, pattern } = scopeOf(uri);
  const before = settings.get<Record<string, string>>('associations', {});
  await settings.update('associations', { ...before, [pattern]: dialect }, target);
}

function scopeOf(uri: vscode.Uri) {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const settings = vscode.workspace.getConfiguration('trainlint', uri);
  const target = folder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const relative = vscode.workspace.asRelativePath(uri, false);
  const pattern = folder ? `/${relative}` : (uri.path.split('/').pop() ?? relative);
  return { settings, target, pattern };
}
