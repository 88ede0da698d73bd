import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { DiagnoseLogParams, LogDiagnosis } from '../../server/src/lsp/protocol.ts';
import { method } from './methods.ts';

/** A training writes its log in bursts; it is read again this many milliseconds after the last one. */
const quiet = 2000;

interface Watch extends vscode.Disposable {
  timer: NodeJS.Timeout | undefined;
}

/** Reads a log again when the training that writes it goes on. One log a config. */
export class LogWatches implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #watches = new Map<string, Watch>();

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  /** `headline`: what the user was told last; they hear of it again only when it changes. */
  follow(params: DiagnoseLogParams, log: vscode.Uri, headline: string): void {
    this.stop(params.uri);
    const folder = vscode.Uri.joinPath(log, '..');
    const name = log.path.slice(log.path.lastIndexOf('/') + 1);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
    const watch: Watch = {
      timer: undefined,
      dispose: () => {
        clearTimeout(watch.timer);
        watcher.dispose();
      },
    };
    let told = headline;
    const again = async () => {
      const answer = await this.#client.sendRequest<LogDiagnosis | null>(method.diagnoseLog, params);
      if (!answer) return this.stop(params.uri);
      if (answer.outcome === 'symptoms' && answer.headline !== told)
        void vscode.window.showWarningMessage(`${name}: ${answer.headline}. ${answer.detail}`);
      told = answer.headline;
    };
    const soon = () => {
      clearTimeout(watch.timer);
      watch.timer = setTimeout(() => void again().catch(() => this.stop(params.uri)), quiet);
    };
    watcher.onDidChange(soon);
    watcher.onDidCreate(soon);
    this.#watches.set(params.uri, watch);
  }

  stop(config: string): void {
    this.#watches.get(config)?.dispose();
    this.#watches.delete(config);
  }

  dispose(): void {
    for (const watch of this.#watches.values()) watch.dispose();
    this.#watches.clear();
  }
}
