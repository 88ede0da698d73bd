import {
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { projectFileNames } from '../engine/read-project.ts';
import { ruleDocsUrl } from '../rules/docs-url.ts';
import { ruleById } from '../rules/registry.ts';
import { type Language, text } from '../text.ts';
import { codeActionKinds, codeActions } from './features/code-actions.ts';
import { codeLenses } from './features/code-lens.ts';
import { completion } from './features/completion.ts';
import { type RuleDocsAddress, source } from './features/diagnostics.ts';
import { documentSymbols } from './features/document-symbols.ts';
import { fileDiagnostics, measurementActions, symptomActions } from './features/file-diagnostics.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlay-hints.ts';
import { measureAction } from './features/own-model.ts';
import { projectCompletion } from './features/project-completion.ts';
import { guardFor } from './guard.ts';
import { isProjectFile } from './project-files.ts';
import { command, type LogDiagnosis, method, type RunParams, ruleDocsAddress } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { handleRequests } from './requests.ts';
import { diagnoseLog, logsOf } from './sanity/log-diagnosis.ts';
import { LogResults } from './sanity/log-results.ts';
import { Measurements } from './sanity/measurements.ts';
import { RunResults } from './sanity/run-results.ts';
import { RunService } from './sanity/run-service.ts';
import type { SanityRunner } from './sanity/sanity-runner.ts';
import { type OpenFile, Session } from './session.ts';

export interface ServerOptions {
  /** Who trains. */
  readonly runner: SanityRunner;
  readonly version?: string;
}

/** Wires the features to a connection and listens. Everything that thinks is in `features/` and below. */
export function startServer(connection: Connection, { runner, version = '0' }: ServerOptions): void {
  const documents = new TextDocuments(TextDocument);
  const session = new Session(connection, documents);
  const results = new RunResults();
  const measurements = new Measurements();
  const logs = new LogResults();
  const sources = [results, logs];
  const guard = guardFor(connection);
  const service = new RunService(connection, session, runner, results, refresh);
  const publisher = new Publisher(connection, async (uri) => {
    const open = await session.open(uri);
    return open && { version: open.analysis.version, diagnostics: diagnosticsOf(open) };
  });

  /** Our own client shows a rule's page itself, without a network; others get its address. */
  function ruleDocsFor(language: Language): RuleDocsAddress {
    return (rule) => {
      if (!ruleById(rule)) return undefined;
      return session.options.clientCommands ? ruleDocsAddress(rule) : ruleDocsUrl(rule, language);
    };
  }

  function diagnosticContext({ language }: OpenFile) {
    return { language, ruleDocs: ruleDocsFor(language), documentChanges: session.features.documentChanges };
  }

  function hoverContext({ language }: OpenFile) {
    return { ruleDocs: ruleDocsFor(language), pictures: session.options.clientCommands === true };
  }

  function diagnosticsOf(open: OpenFile): Diagnostic[] {
    return fileDiagnostics(open.analysis, sources, measurements, diagnosticContext(open));
  }

  /** What was said about unchanged texts may no longer hold: have it asked for, or say it again. */
  function refresh(): void {
    session.generation++;
    const { features } = session;
    const ask = (wanted: boolean, request: () => Promise<void>) => {
      if (wanted) request().catch(() => undefined);
    };
    if (!features.pullDiagnostics) for (const uri of documents.keys()) publisher.schedule(uri);
    ask(features.refreshDiagnostics, () => connection.languages.diagnostics.refresh());
    ask(features.refreshCodeLens, () => connection.sendRequest(CodeLensRefreshRequest.type));
    ask(features.refreshInlayHints, () => connection.languages.inlayHint.refresh());
  }

  function settingsChanged(): void {
    session.invalidate();
    refresh();
  }

  connection.onInitialize((params): InitializeResult => {
    session.initialize(params);
    return {
      serverInfo: { name: 'trainlint', version },
      capabilities: {
        textDocumentSync: {
          openClose: true,
          change: TextDocumentSyncKind.Incremental,
          save: { includeText: false },
        },
        ...(session.features.pullDiagnostics
          ? {
              diagnosticProvider: {
                identifier: source,
                interFileDependencies: false,
                workspaceDiagnostics: false,
              },
            }
          : {}),
        codeActionProvider: { codeActionKinds },
        codeLensProvider: {},
        hoverProvider: true,
        completionProvider: { triggerCharacters: [' ', ':', '"', '.'] },
        inlayHintProvider: true,
        documentSymbolProvider: { label: 'Trainlint' },
        ...(session.options.clientCommands
          ? {}
          : { executeCommandProvider: { commands: Object.values(command), workDoneProgress: true } }),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(() => {
    const { features } = session;
    if (features.configuration)
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'trainlint' });
    if (features.watchFiles)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: projectFileNames.map((name) => ({ globPattern: `**/${name}` })),
      });
    if (!features.workspaceFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders(() => {
      void connection.workspace.getWorkspaceFolders().then((folders) => {
        session.projects.setWorkspaceFolders(folders?.map(({ uri }) => uri) ?? []);
        settingsChanged();
      });
    });
  });

  connection.onDidChangeConfiguration(({ settings }) => {
    session.takeSettings(settings);
    settingsChanged();
  });
  connection.onDidChangeWatchedFiles(settingsChanged);
  connection.onNotification(method.trusted, () => {
    session.trusted = true;
  });

  documents.onDidChangeContent(({ document }) => {
    service.textChanged(document.uri);
    if (!session.features.pullDiagnostics) publisher.schedule(document.uri);
  });
  documents.onDidSave(({ document }) => {
    if (isProjectFile(document.uri)) settingsChanged();
    else void runOnSave(document.uri).catch(() => undefined);
  });
  documents.onDidClose(({ document }) => {
    session.forget(document.uri);
    results.forget(document.uri);
    measurements.forget(document.uri);
    logs.forget(document.uri);
    if (!session.features.pullDiagnostics) publisher.clear(document.uri);
  });

  async function runOnSave(uri: string): Promise<void> {
    const open = await session.open(uri);
    if (!open?.settings.run.onSave || !session.trusted || !open.analysis.opened.file) return;
    await service.run(open, runParams(open, `save ${uri}`, 0));
  }

  function runParams({ settings, analysis }: OpenFile, token: string, run: number): RunParams {
    const { seed, steps, verifyFixes } = settings.run;
    return { token, uri: analysis.uri, run, seed, verifyFixes, ...(steps === undefined ? {} : { steps }) };
  }

  connection.languages.diagnostics.on(
    guard('diagnostics', emptyReport, async ({ textDocument, previousResultId }) => {
      const open = await session.open(textDocument.uri);
      if (!open) return emptyReport;
      const resultId = `${session.generation}.${open.analysis.version}`;
      if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items: diagnosticsOf(open) };
    }),
  );
  connection.onCodeAction(
    guard('code actions', [], async (params) => {
      const open = await session.open(params.textDocument.uri);
      if (!open) return [];
      const context = diagnosticContext(open);
      const own = codeActions(open.analysis, params, context);
      const { only } = params.context;
      const quick = only === undefined || only.some((kind) => kind === CodeActionKind.QuickFix);
      if (!quick) return own;
      const tried = symptomActions(open.analysis, params.range, sources, context);
      const measured = measurementActions(open.analysis, params.range, measurements, context);
      const seen = results.at(open.analysis, params.range, open.language);
      const measure = seen !== undefined && session.options.clientCommands;
      return [
        ...measured,
        ...tried,
        ...(measure ? [measureAction(open.analysis, seen, open.language)] : []),
        ...own,
      ];
    }),
  );
  connection.onCodeLens(
    guard('code lens', [], async ({ textDocument }) => {
      const open = await session.open(textDocument.uri);
      if (!open?.settings.codeLens) return [];
      const lenses = codeLenses(open.analysis, open.language);
      if (lenses.length > 0) service.prepare();
      return lenses;
    }),
  );
  connection.onHover(
    guard('hover', null, async ({ textDocument, position }) => {
      const open = await session.open(textDocument.uri);
      return open ? hover(open.analysis, position, open.language, hoverContext(open)) : null;
    }),
  );
  connection.onCompletion(
    guard('completion', [], async ({ textDocument, position }) => {
      const open = await session.open(textDocument.uri);
      if (!open) return [];
      const complete = isProjectFile(textDocument.uri) ? projectCompletion : completion;
      return complete(open.analysis, position, open.language);
    }),
  );
  connection.languages.inlayHint.on(
    guard('inlay hints', [], async ({ textDocument, range }) => {
      const open = await session.open(textDocument.uri);
      return open?.settings.inlayHints ? inlayHints(open.analysis, range, open.language) : [];
    }),
  );
  connection.onDocumentSymbol(
    guard('document symbols', [], async ({ textDocument }) => {
      const open = await session.open(textDocument.uri);
      return open ? documentSymbols(open.analysis, open.language) : [];
    }),
  );

  handleRequests(connection, session, service, { measurements, logs, changed: refresh });
  connection.onExecuteCommand(async ({ command: name, arguments: given }, token) => {
    if (typeof given?.[0] !== 'string') return null;
    const open = await session.open(given[0]);
    if (!open) return null;
    if (name === command.diagnoseLog) return diagnoseLogOf(open, given[1]);
    if (name !== command.runSanityCheck) return null;
    const run = typeof given[1] === 'number' ? given[1] : 0;
    const done = await service.run(open, runParams(open, `command ${given[0]}`, run), token);
    connection.window.showInformationMessage(`${done.headline}: ${done.detail}`);
    return done;
  });

  /** For editors without our client: the log that was named, or the likeliest one. */
  function diagnoseLogOf(open: OpenFile, given: unknown): LogDiagnosis | null {
    const log = typeof given === 'string' ? given : logsOf(open, session.projects)[0]?.uri;
    if (log === undefined) {
      connection.window.showWarningMessage(noLog[open.language]);
      return null;
    }
    const answer = diagnoseLog(open, { uri: open.analysis.uri, log }, logs);
    refresh();
    connection.window.showInformationMessage(`${answer.headline}: ${answer.detail}`);
    return answer;
  }

  connection.onShutdown(() => {
    service.stopAll();
    publisher.dispose();
  });
  documents.listen(connection);
  connection.listen();
}

const noLog = text(
  'No training log was found where this config writes; name one as the second argument.',
  '이 설정의 출력 폴더에서 학습 로그를 찾지 못했습니다. 두 번째 인수로 로그를 지정하세요.',
);
const emptyReport: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };
