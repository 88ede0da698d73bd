import * as vscode from 'vscode';
import type { TrainlintApi } from '../../../src/extension.ts';

export async function api(): Promise<TrainlintApi> {
  const extension = vscode.extensions.getExtension<TrainlintApi>('trainlint.trainlint');
  if (!extension) throw new Error('the extension is not installed');
  const started = await extension.activate();
  await started.ready;
  return started;
}

export function fileUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no workspace folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function show(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  return vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

/** Throws away what a test has typed. */
export async function revert(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

export async function until<T>(
  check: () => T | undefined | false | PromiseLike<T | undefined | false>,
  what: string,
  limit = 20_000,
): Promise<T> {
  for (const start = Date.now(); Date.now() - start < limit; await pause(50)) {
    const value = await check();
    if (value) return value;
  }
  throw new Error(`${what}: not within ${limit} ms`);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'trainlint');
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

export async function findingOf(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic> {
  return until(() => findings(uri).find((one) => codeOf(one) === rule), `a finding of ${rule}`);
}

/** Sets values of `trainlint.*` for the workspace; returns what takes them back. */
export async function withSettings(values: Record<string, unknown>): Promise<() => Promise<void>> {
  const set = async (all: Record<string, unknown>) => {
    for (const [key, value] of Object.entries(all))
      await vscode.workspace
        .getConfiguration('trainlint')
        .update(key, value, vscode.ConfigurationTarget.Workspace);
  };
  await set(values);
  return () => set(Object.fromEntries(Object.keys(values).map((key) => [key, undefined])));
}
