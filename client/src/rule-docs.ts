import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  method,
  type RuleDocs as Page,
  ruleDocsAddress,
  ruleDocsScheme,
} from '../../server/src/lsp/protocol.ts';

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
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(ruleDocsAddress(rule)));
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
