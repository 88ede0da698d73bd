import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { FileStatus } from '../../server/src/lsp/protocol.ts';
import { method } from './methods.ts';
import { documentSelector } from './selector.ts';
import { t } from './translate.ts';

/** Typing pauses this long before the status is asked for again. */
const quiet = 300;

/** Says in the status bar what the open file was taken for and why; where it was taken for nothing, only the `{}` menu says so. */
export class StatusItem implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #item = vscode.window.createStatusBarItem('trainlint.status', vscode.StatusBarAlignment.Right, 99);
  readonly #language = vscode.languages.createLanguageStatusItem('trainlint', vscodeSelector());
  readonly #disposables: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#item.name = 'Trainlint';
    this.#item.command = 'trainlint.showStatus';
    this.#language.name = 'Trainlint';
    this.#disposables = [
      this.#item,
      this.#language,
      vscode.window.onDidChangeActiveTextEditor(() => this.schedule(0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.schedule(quiet);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('trainlint')) this.schedule(quiet);
      }),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const active = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === active)) this.schedule(50);
      }),
    ];
    this.schedule(0);
  }

  schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), delay);
  }

  /** Asks the server about a file; undefined when it is not one that could be a config, or nobody answers. */
  async ask(uri: vscode.Uri): Promise<FileStatus | undefined> {
    try {
      return (
        (await this.#client.sendRequest<FileStatus | null>(method.status, { uri: uri.toString() })) ??
        undefined
      );
    } catch {
      return undefined;
    }
  }

  async #update(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || vscode.languages.match(vscodeSelector(), document) === 0) {
      this.#item.hide();
      return tellMenus(false);
    }
    const status = await this.ask(document.uri);
    if (document !== vscode.window.activeTextEditor?.document) return;
    tellMenus(status?.kind === 'config');
    if (status?.kind !== 'config') {
      this.#item.hide();
      this.#language.text = t('Trainlint: silent');
      this.#language.detail = status?.why ?? '';
      this.#language.command = { title: t('Details'), command: 'trainlint.showStatus' };
      return;
    }
    this.#item.text = `$(beaker) ${status.dialect.name}`;
    this.#item.tooltip = tooltip(status);
    this.#item.accessibilityInformation = { label: t('Trainlint: recognised as {0}', status.dialect.name) };
    this.#item.show();
    this.#language.text = `Trainlint: ${status.dialect.name}`;
    this.#language.detail = status.reasons[0] ?? '';
    this.#language.command = { title: t('Details'), command: 'trainlint.showStatus' };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of this.#disposables) one.dispose();
  }
}

/** The condition of our menu entries. */
function tellMenus(isTrainingConfig: boolean): void {
  void vscode.commands.executeCommand('setContext', 'trainlint.isTrainingConfig', isTrainingConfig);
}

function tooltip(status: FileStatus & { kind: 'config' }): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['trainlint.notATrainingConfig', 'trainlint.showStatus'] };
  text.appendMarkdown(`**Trainlint** · ${t('recognised as {0}', status.dialect.name)}\n\n`);
  for (const reason of status.reasons.slice(0, 4))
    text.appendMarkdown('- ').appendText(reason).appendMarkdown('\n');
  text.appendMarkdown('\n');
  for (const run of status.runs.slice(0, 4))
    text.appendMarkdown('$(graph-line) ').appendText(run).appendMarkdown('\n\n');
  if (status.notRun.length > 0)
    text.appendMarkdown(
      `[${t('{0} rules could not tell', new Set(status.notRun.map(({ rule }) => rule)).size)}](command:trainlint.showStatus) · `,
    );
  text.appendMarkdown(`[${t('This is not a training config')}](command:trainlint.notATrainingConfig)`);
  return text;
}

function vscodeSelector(): vscode.DocumentFilter[] {
  return documentSelector as vscode.DocumentFilter[];
}
