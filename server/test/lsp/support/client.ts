import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** `cli`: the program as users start it. `scripted`: the same server over a trainer whose answers are written down. */
export type ServerKind = 'cli' | 'scripted';

const entries: Readonly<Record<ServerKind, readonly string[]>> = {
  cli: ['server/src/cli/cli.ts', 'lsp', '--stdio'],
  scripted: ['server/test/lsp/support/scripted-server.ts'],
};

/** A real JSON-RPC client on the other end of a real server process. */
export class TestClient {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly published = new Map<string, { version?: number; diagnostics: Diagnostic[] }[]>();
  readonly edits: unknown[] = [];
  /** What `workspace/configuration` answers for the section `trainlint`. */
  settings: unknown = {};
  /** Errors that the server wrote to the editor's log: the faults it caught. */
  readonly faults: string[] = [];
  refreshes = 0;
  stderr = '';
  readonly #documents = new Map<string, TextDocument>();

  constructor(kind: ServerKind = 'cli') {
    this.process = spawn(process.execPath, ['--import', 'tsx', ...entries[kind]], {
      cwd: root,
      // Tests leave the user's cache alone.
      env: { ...process.env, TRAINLINT_CACHE: 'off' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.exited = new Promise((done) => this.process.once('exit', (code) => done(code)));
    const { stdin, stdout, stderr } = this.process;
    if (!stdin || !stdout || !stderr) throw new Error('no pipes');
    stderr.on('data', (chunk) => {
      this.stderr += String(chunk);
    });
    this.connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    this.#answer();
    this.connection.listen();
  }

  #answer(): void {
    const { connection } = this;
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      return null;
    });
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('workspace/inlayHint/refresh', () => null);
    connection.onRequest('workspace/applyEdit', (params) => {
      this.edits.push(params);
      return { applied: true };
    });
    connection.onNotification('textDocument/publishDiagnostics', (params) => {
      const list = this.published.get(params.uri) ?? [];
      list.push(params);
      this.published.set(params.uri, list);
    });
    connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      if (type === 1) this.faults.push(message);
    });
    connection.onUnhandledNotification(() => undefined);
  }

  async initialize(params: Partial<InitializeParams> = {}): Promise<InitializeResult> {
    const result = await this.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: pullCapabilities,
      ...params,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async open(uri: string, text: string, languageId = 'yaml'): Promise<void> {
    this.#documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  text(uri: string): string {
    return this.#documents.get(uri)?.getText() ?? '';
  }

  /** Replaces the first occurrence of `from`, as an incremental change. */
  async replace(uri: string, from: string, to: string): Promise<void> {
    const document = this.#document(uri);
    const offset = document.getText().indexOf(from);
    if (offset < 0) throw new Error(`no "${from}" in ${uri}`);
    await this.change(uri, [
      {
        range: { start: document.positionAt(offset), end: document.positionAt(offset + from.length) },
        text: to,
      },
    ]);
  }

  async change(uri: string, contentChanges: Parameters<typeof TextDocument.update>[1]): Promise<void> {
    const document = this.#document(uri);
    const next = TextDocument.update(document, contentChanges, document.version + 1);
    this.#documents.set(uri, next);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: next.version },
      contentChanges,
    });
  }

  /** Applies the edit of a code action to the client's own copy and tells the server. */
  async apply(uri: string, edit: unknown): Promise<string> {
    const document = this.#document(uri);
    const edits = editsOf(edit, uri);
    const text = TextDocument.applyEdits(document, edits);
    await this.change(uri, [{ text }]);
    return text;
  }

  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const report = await this.connection.sendRequest<{ kind: string; items?: Diagnostic[] }>(
      'textDocument/diagnostic',
      { textDocument: { uri } },
    );
    return report.items ?? [];
  }

  /** The position of the first character of `text`, or `shift` characters after it. */
  position(uri: string, text: string, shift = 0) {
    const document = this.#document(uri);
    return document.positionAt(document.getText().indexOf(text) + shift);
  }

  async until<T>(check: () => T | undefined | false, what: string, limit = 5000): Promise<T> {
    for (
      const start = Date.now();
      Date.now() - start < limit;
      await new Promise((go) => setTimeout(go, 10))
    ) {
      const value = check();
      if (value) return value;
    }
    throw new Error(`${what} did not happen within ${limit} ms\n${this.stderr}`);
  }

  async stop(): Promise<number | null> {
    try {
      await this.connection.sendRequest('shutdown');
      await this.connection.sendNotification('exit');
    } catch {
      this.process.kill();
    }
    const code = await this.exited;
    this.connection.dispose();
    return code;
  }

  #document(uri: string): TextDocument {
    const document = this.#documents.get(uri);
    if (!document) throw new Error(`${uri} is not open`);
    return document;
  }
}

export const pullCapabilities: InitializeParams['capabilities'] = {
  textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } },
  workspace: {
    configuration: true,
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
  window: { workDoneProgress: true },
};

interface LspEdit {
  readonly range: {
    readonly start: { line: number; character: number };
    readonly end: { line: number; character: number };
  };
  readonly newText: string;
}

export function editsOf(edit: unknown, uri: string): LspEdit[] {
  const { changes, documentChanges } = edit as {
    changes?: Record<string, LspEdit[]>;
    documentChanges?: { textDocument: { uri: string }; edits: LspEdit[] }[];
  };
  return (
    changes?.[uri] ??
    documentChanges?.filter(({ textDocument }) => textDocument.uri === uri).flatMap(({ edits }) => edits) ??
    []
  );
}
