import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type {
  ApplyFixResult,
  RunDone,
  RunFixMessage,
  RunParams,
  RunSpecMessage,
  RunStaleMessage,
  RunStepsMessage,
  RunSymptomMessage,
  SwitchingParams,
  SwitchingResult,
} from '../../../server/src/lsp/protocol.ts';
import { method } from '../methods.ts';
import { locale, t } from '../translate.ts';
import { panelHtml } from './html.ts';
import { isView, readFromPage, type ToPage } from './messages.ts';
import { emptyView, type PanelSnapshot, type RunEvent, type RunView, reduce } from './run-view.ts';
import { english, type PanelStrings } from './strings.ts';

const viewType = 'trainlint.run';

/** One run as the command that started it sees it. */
export interface RunHandle {
  finish(done: RunDone): void;
}

/** The run panel: one, reused from run to run, beside the editor. */
export class RunPanels implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #client: LanguageClient;
  readonly #disposables: vscode.Disposable[] = [];
  #panel: vscode.WebviewPanel | undefined;
  #view: RunView | undefined;
  #drawn = false;
  #again: (() => unknown) | undefined;
  #cancel: vscode.CancellationTokenSource | undefined;
  #uri: vscode.Uri | undefined;
  #params: RunParams | undefined;
  #trial: vscode.CancellationTokenSource | undefined;

  constructor(context: vscode.ExtensionContext, client: LanguageClient) {
    this.#context = context;
    this.#client = client;
    this.#disposables.push(
      client.onNotification(method.runSpec, (message: RunSpecMessage) =>
        this.#take({ type: 'spec', message }),
      ),
      client.onNotification(method.runSteps, (message: RunStepsMessage) =>
        this.#take({ type: 'steps', message }),
      ),
      client.onNotification(method.runSymptom, (message: RunSymptomMessage) =>
        this.#take({ type: 'symptom', message }),
      ),
      client.onNotification(method.runFix, (message: RunFixMessage) => this.#take({ type: 'fix', message })),
      client.onNotification(method.runStale, (message: RunStaleMessage) =>
        this.#take({ type: 'stale', message }),
      ),
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state) => {
          this.#view = isView(state) ? state : undefined;
          this.#adopt(panel);
        },
      }),
    );
  }

  /** Shows the panel for a run that is about to start. */
  begin(params: RunParams, again: () => unknown, cancel: vscode.CancellationTokenSource): RunHandle {
    this.#cancel?.cancel();
    this.#trial?.cancel();
    this.#params = params;
    this.#cancel = cancel;
    this.#again = again;
    this.#uri = vscode.Uri.parse(params.uri);
    const file = vscode.workspace.asRelativePath(this.#uri);
    this.#view = emptyView(params.token, file, '');
    this.#reveal();
    this.#sendView();
    return {
      finish: (done) => {
        this.#take({ type: 'done', message: done });
        if (this.#cancel === cancel) this.#cancel = undefined;
      },
    };
  }

  snapshot(): PanelSnapshot | undefined {
    return this.#panel && this.#view ? { view: this.#view, drawn: this.#drawn } : undefined;
  }

  dispose(): void {
    this.#cancel?.cancel();
    this.#trial?.cancel();
    this.#panel?.dispose();
    for (const one of this.#disposables) one.dispose();
  }

  #reveal(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#adopt(vscode.window.createWebviewPanel(viewType, t('Sanity run'), where));
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const dist = vscode.Uri.joinPath(this.#context.extensionUri, 'dist');
    const { webview } = panel;
    this.#panel = panel;
    this.#drawn = false;
    panel.iconPath = vscode.Uri.joinPath(this.#context.extensionUri, 'images', 'run.svg');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.onDidReceiveMessage((message) => this.#hear(message));
    panel.onDidDispose(() => {
      this.#cancel?.cancel();
      this.#trial?.cancel();
      this.#panel = undefined;
    });
    const file = (name: string) => vscode.Uri.joinPath(dist, name);
    webview.html = panelHtml(webview, file('panel.js'), file('panel.css'), locale());
  }

  #take(event: RunEvent): void {
    if (!this.#view) return;
    const next = reduce(this.#view, event);
    if (next === this.#view) return;
    this.#view = next;
    this.#send({ type: 'event', event });
  }

  #sendView(): void {
    if (!this.#view) return;
    this.#send({ type: 'view', view: this.#view, strings: strings(), earlier: this.#again === undefined });
  }

  #send(message: ToPage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #hear(raw: unknown): void {
    const message = readFromPage(raw);
    switch (message?.type) {
      case 'ready':
        this.#sendView();
        return;
      case 'drawn':
        this.#drawn = true;
        return;
      case 'apply':
        void this.#apply(message.id);
        return;
      case 'again':
        void this.#runAgain();
        return;
      case 'trySwitch':
        void this.#trySwitch();
        return;
      case 'cancel':
        this.#cancel?.cancel();
        return;
      case 'measure':
        void this.#measure();
        return;
      case 'openFile':
        if (this.#uri) void vscode.window.showTextDocument(this.#uri, { viewColumn: vscode.ViewColumn.One });
    }
  }

  async #runAgain(): Promise<void> {
    if (this.#again) return void (await this.#again());
    const uri = this.#earlierFile();
    if (uri) await vscode.commands.executeCommand('trainlint.runSanityCheck', uri);
  }

  async #measure(): Promise<void> {
    if (this.#uri)
      await vscode.commands.executeCommand('trainlint.measureOwnModel', this.#uri, this.#params?.run ?? 0);
    else {
      const uri = this.#earlierFile();
      if (uri) await vscode.commands.executeCommand('trainlint.measureOwnModel', uri);
    }
  }

  /** A panel of an earlier session knows its file by name only. */
  #earlierFile(): vscode.Uri | undefined {
    const folder = vscode.workspace.workspaceFolders?.[0];
    return folder && this.#view ? vscode.Uri.joinPath(folder.uri, this.#view.file) : undefined;
  }

  async #trySwitch(): Promise<void> {
    const run = this.#params;
    if (!run) return;
    const { token, uri, run: index, seed, steps } = run;
    const params: SwitchingParams = {
      ...{ token, uri },
      ...(index === undefined ? {} : { run: index }),
      ...(seed === undefined ? {} : { seed }),
      ...(steps === undefined ? {} : { steps }),
    };
    const cancel = new vscode.CancellationTokenSource();
    this.#trial?.cancel();
    this.#trial = cancel;
    this.#take({ type: 'switching-start' });
    const failed = (detail: string): SwitchingResult => ({
      ...{ token, detail, outcome: 'failed', at: null, step: null },
      ...{ arms: [], rates: '', stages: [] },
    });
    try {
      const message = await this.#client.sendRequest<SwitchingResult | null>(
        method.switching,
        params,
        cancel.token,
      );
      this.#take({ type: 'switching', message: message ?? failed(t('The file is no longer open.')) });
    } catch (fault) {
      this.#take({ type: 'switching', message: failed(String(fault)) });
    } finally {
      cancel.dispose();
      if (this.#trial === cancel) this.#trial = undefined;
    }
  }

  async #apply(id: string): Promise<void> {
    const token = this.#view?.token;
    if (token === undefined) return;
    try {
      const { applied, why } = await this.#client.sendRequest<ApplyFixResult>(method.applyFix, { token, id });
      this.#take({ type: 'applied', id, ok: applied, ...(why === undefined ? {} : { why }) });
    } catch (fault) {
      this.#take({ type: 'applied', id, ok: false, why: String(fault) });
    }
  }
}

function strings(): PanelStrings {
  return Object.fromEntries(
    Object.entries(english).map(([key, message]) => [key, t(message)]),
  ) as unknown as PanelStrings;
}
