import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** Korean texts by English ones; loaded when the user asks for Korean in an editor that speaks another language. */
let korean: Readonly<Record<string, string>> | undefined;
let extensionUri: vscode.Uri | undefined;

export function setExtensionUri(uri: vscode.Uri): void {
  extensionUri = uri;
}

/** The language messages are in: the setting `trainlint.locale`, else the editor's. */
export function locale(): string {
  const chosen = vscode.workspace.getConfiguration('trainlint').get<string>('locale', 'auto');
  return chosen === 'en' || chosen === 'ko' ? chosen : vscode.env.language;
}

/** A message in that language. `{0}`, `{1}` … are replaced by the values. */
export function t(message: string, ...values: (string | number)[]): string {
  const chosen = locale();
  if (chosen === vscode.env.language) return vscode.l10n.t(message, ...values);
  const translated = chosen.startsWith('ko') ? (koreanTexts()[message] ?? message) : message;
  return translated.replace(/\{(\d+)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
}

function koreanTexts(): Readonly<Record<string, string>> {
  if (korean) return korean;
  try {
    const file = extensionUri && vscode.Uri.joinPath(extensionUri, 'l10n', 'bundle.l10n.ko.json');
    korean = file ? (JSON.parse(readFileSync(file.fsPath, 'utf8')) as Record<string, string>) : {};
  } catch {
    korean = {};
  }
  return korean;
}
