import type {
  ClientCapabilities,
  Connection,
  InitializeParams,
  TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Language } from '../text.ts';
import { type Analysis, AnalysisCache } from './analysis.ts';
import { ProjectFiles } from './project-files.ts';
import type { InitializationOptions } from './protocol.ts';
import { defaultEditorSettings, type EditorSettings, readEditorSettings } from './settings.ts';

/** What the client can do, as far as anything here depends on it. */
export interface ClientFeatures {
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshCodeLens: boolean;
  readonly refreshInlayHints: boolean;
  readonly configuration: boolean;
  readonly watchFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly documentChanges: boolean;
  readonly workDoneProgress: boolean;
  readonly markdownHover: boolean;
}

export function clientFeatures({ workspace, textDocument, window }: ClientCapabilities): ClientFeatures {
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshCodeLens: workspace?.codeLens?.refreshSupport === true,
    refreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
    configuration: workspace?.configuration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    workDoneProgress: window?.workDoneProgress === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
  };
}

/** What the server knows between two messages: who the client is, its settings, and what was understood so far. */
export class Session {
  readonly cache = new AnalysisCache();
  readonly projects = new ProjectFiles();
  features: ClientFeatures = clientFeatures({});
  options: InitializationOptions = {};
  trusted = true;
  /** Counts everything that can change what is said about an unchanged text. */
  generation = 0;
  readonly #connection: Connection;
  readonly #documents: TextDocuments<TextDocument>;
  readonly #settings = new Map<string, Promise<EditorSettings>>();
  #pushed: EditorSettings = defaultEditorSettings;
  #locale: string | undefined;

  constructor(connection: Connection, documents: TextDocuments<TextDocument>) {
    this.#connection = connection;
    this.#documents = documents;
  }

  initialize(params: InitializeParams): void {
    this.features = clientFeatures(params.capabilities);
    this.options = initializationOptions(params.initializationOptions);
    this.trusted = this.options.trusted !== false;
    this.#locale = this.options.locale ?? params.locale;
    const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
    this.projects.setWorkspaceFolders(folders);
  }

  /** For clients that send settings instead of answering for them. */
  takeSettings(sent: unknown): void {
    this.#settings.clear();
    if (typeof sent === 'object' && sent !== null && 'trainlint' in sent)
      this.#pushed = readEditorSettings(sent.trainlint);
  }

  /** The settings that hold for a file, or without one for the window. */
  settingsOf(uri = ''): Promise<EditorSettings> {
    if (!this.features.configuration) return Promise.resolve(this.#pushed);
    const known = this.#settings.get(uri);
    if (known) return known;
    const asked = this.#connection.workspace
      .getConfiguration({ section: 'trainlint', ...(uri ? { scopeUri: uri } : {}) })
      .then(readEditorSettings, () => defaultEditorSettings);
    this.#settings.set(uri, asked);
    return asked;
  }

  languageOf(settings: EditorSettings): Language {
    if (settings.locale !== 'auto') return settings.locale;
    return this.#locale?.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  }

  /** The file as it stands now; undefined when it is not open. */
  async open(uri: string): Promise<OpenFile | undefined> {
    const settings = await this.settingsOf(uri);
    const document = this.#documents.get(uri);
    if (!document) return undefined;
    const analysis = this.cache.get(document, () => ({ settings, project: this.projects.of(uri) }));
    return { analysis, settings, language: this.languageOf(settings), document };
  }

  forget(uri: string): void {
    this.cache.forget(uri);
    this.#settings.delete(uri);
  }

  /** What is understood of every file may have changed: settings, project files. */
  invalidate(): void {
    this.generation++;
    this.cache.clear();
    this.projects.forget();
    this.#settings.clear();
  }
}

/** An open file with everything a feature needs to know. */
export interface OpenFile {
  readonly document: TextDocument;
  readonly analysis: Analysis;
  readonly settings: EditorSettings;
  readonly language: Language;
}

function initializationOptions(value: unknown): InitializationOptions {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Record<string, unknown>;
  return {
    ...(typeof given.locale === 'string' ? { locale: given.locale } : {}),
    ...(typeof given.clientCommands === 'boolean' ? { clientCommands: given.clientCommands } : {}),
    ...(typeof given.trusted === 'boolean' ? { trusted: given.trusted } : {}),
  };
}
