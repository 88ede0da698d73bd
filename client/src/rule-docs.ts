import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { RuleDocs as Page } from '../../server/src/lsp/protocol.ts';
import { method, ruleDocsScheme } from './methods.ts';

/** A rule's page as a document of its own, made by the server from the rule itself: readable without a network. */
export class RuleDocs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #registration: vscode.Disposable;

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(ruleDocsScheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\/|\.md$/g, '');
    const page = await this.#client.sendRequest<Page>(method.ruleDocs, { rule });
    return page?.markdown ?? '';
  }

  /** As a rendered page: the manifest associates our scheme with the Markdown preview. */
  async open(rule: string): Promise<void> {
    await vscode.commands.executeCommand(
      'vscode.open',
      vscode.Uri.from({ scheme: ruleDocsScheme, path: `/${rule}.md` }),
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
