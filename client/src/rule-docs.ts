import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { method, type RuleDocs as Page } from '../../server/src/lsp/protocol.ts';

const scheme = 'trainlint-rule';

/** A rule's page as a document of its own, made by the server from the rule itself: readable without a network. */
export class RuleDocs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #registration: vscode.Disposable;

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\/|\.md$/g, '');
    const page = await this.#client.sendRequest<Page>(method.ruleDocs, { rule });
    return page?.markdown ?? '';
  }

  async open(rule: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${rule}.md` });
    try {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    } catch {
      // The editor's Markdown preview may be switched off; the text itself is readable too.
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
