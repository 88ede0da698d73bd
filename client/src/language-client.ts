import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import type { InitializationOptions } from '../../server/src/lsp/protocol.ts';
import { documentSelector } from './selector.ts';

/** The client of the bundled server, not yet started. */
export function createClient(context: vscode.ExtensionContext): LanguageClient {
  const module = context.asAbsolutePath('dist/server.js');
  const serverOptions: ServerOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
  };
  const initializationOptions: InitializationOptions = {
    locale: vscode.env.language,
    clientCommands: true,
    trusted: vscode.workspace.isTrusted,
  };
  const clientOptions: LanguageClientOptions = {
    documentSelector,
    initializationOptions,
    diagnosticCollectionName: 'trainlint',
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
  };
  return new LanguageClient('trainlint', 'Trainlint', serverOptions, clientOptions);
}
