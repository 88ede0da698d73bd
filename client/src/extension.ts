import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { registerCommands } from './commands/register.ts';
import { createClient } from './language-client.ts';
import { LogWatches } from './log-watches.ts';
import { method } from './methods.ts';
import { RunPanels } from './panel/run-panels.ts';
import type { PanelSnapshot } from './panel/run-view.ts';
import { RuleDocs } from './rule-docs.ts';
import { StatusItem } from './status-item.ts';
import { setExtensionUri } from './translate.ts';

/** What other extensions, and our tests, may ask of a running Trainlint. */
export interface TrainlintApi {
  /** Resolves when the language server answers. */
  readonly ready: Promise<void>;
  /** What the run panel shows, undefined when it is closed. */
  panel(): PanelSnapshot | undefined;
}

let client: LanguageClient | undefined;

export function activate(context: vscode.ExtensionContext): TrainlintApi {
  setExtensionUri(context.extensionUri);
  client = createClient(context);
  const started = client.start();
  const panels = new RunPanels(context, client);
  const status = new StatusItem(client);
  const docs = new RuleDocs(client);
  const logs = new LogWatches(client);
  context.subscriptions.push(panels, status, docs, logs);
  registerCommands(context, { client, panels, status, docs, logs });
  context.subscriptions.push(
    vscode.workspace.onDidGrantWorkspaceTrust(() => void client?.sendNotification(method.trusted)),
  );
  return { ready: started, panel: () => panels.snapshot() };
}

export async function deactivate(): Promise<void> {
  const stopping = client;
  client = undefined;
  await stopping?.stop();
}
