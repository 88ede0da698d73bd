import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { writeChange } from '../../dialects/write.ts';
import { text } from '../../text.ts';
import { toEdits } from '../convert.ts';
import { workspaceEdit } from '../features/code-actions.ts';
import {
  type ApplyFixParams,
  type ApplyFixResult,
  method,
  type RunDone,
  type RunParams,
  type RunStaleMessage,
  type SwitchingParams,
  type SwitchingResult,
} from '../protocol.ts';
import type { OpenFile, Session } from '../session.ts';
import { fingerprint, type RunResults } from './run-results.ts';
import { type FinishedRun, sanityCheck } from './sanity-check.ts';
import type { SanityRunner } from './sanity-runner.ts';
import { switchingCheck } from './switching.ts';

/** Changes of a text that arrive within this many milliseconds of each other are compared with its run once. */
const quiet = 150;

/** Runs kept for "Apply"; older ones have left the panel. */
const remembered = 20;

interface Remembered {
  readonly uri: string;
  readonly run: number;
  readonly fingerprint: string;
  readonly finished: FinishedRun;
  /** What the client was told last. */
  stale: boolean;
}

/** Starts, cancels and remembers sanity runs on behalf of a client. One run at a time per training run of a file. */
export class RunService {
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #runner: SanityRunner;
  readonly #results: RunResults;
  readonly #changed: () => void;
  readonly #active = new Map<string, AbortController>();
  readonly #finished = new Map<string, Remembered>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(
    connection: Connection,
    session: Session,
    runner: SanityRunner,
    results: RunResults,
    changed: () => void,
  ) {
    this.#connection = connection;
    this.#session = session;
    this.#runner = runner;
    this.#results = results;
    this.#changed = changed;
  }

  /** A config that could be run is on the screen. */
  prepare(): void {
    if (this.#session.trusted) this.#runner.prepare?.();
  }

  async run(open: OpenFile, params: RunParams, token?: CancellationToken): Promise<RunDone> {
    const { analysis, language } = open;
    const index = params.run ?? 0;
    const key = `${analysis.uri} ${index}`;
    this.#active.get(key)?.abort();
    const stop = new AbortController();
    this.#active.set(key, stop);
    token?.onCancellationRequested(() => stop.abort());
    const progress = await this.#progress(
      text('Trainlint: sanity run', 'Trainlint: 학습 점검')[language],
      stop,
    );
    try {
      const finished = await sanityCheck(analysis, params, {
        language,
        runner: this.#runner,
        results: this.#results,
        trusted: this.#session.trusted,
        notify: (name, message) => void this.#connection.sendNotification(name, message),
        report: (percentage, message) => progress.report(Math.round(percentage), message),
        signal: stop.signal,
      });
      const run = analysis.opened.file?.runs[index];
      if (run) this.#remember(params.token, analysis.uri, index, fingerprint(run), finished);
      this.#changed();
      return finished.done;
    } finally {
      progress.done();
      if (this.#active.get(key) === stop) this.#active.delete(key);
    }
  }

  /** Tries a switch from Adam to SGD on the proxy; a second request for the same run ends the first. */
  async switching(
    open: OpenFile,
    params: SwitchingParams,
    token?: CancellationToken,
  ): Promise<SwitchingResult> {
    const { analysis, language } = open;
    const key = `${analysis.uri} ${params.run ?? 0} switching`;
    this.#active.get(key)?.abort();
    const stop = new AbortController();
    this.#active.set(key, stop);
    token?.onCancellationRequested(() => stop.abort());
    const title = text('Trainlint: Adam to SGD', 'Trainlint: Adam → SGD 전환 시험');
    const progress = await this.#progress(title[language], stop);
    try {
      return await switchingCheck(analysis, params, {
        language,
        runner: this.#runner,
        trusted: this.#session.trusted,
        report: (percentage, message) => progress.report(percentage, message),
        signal: stop.signal,
      });
    } finally {
      progress.done();
      if (this.#active.get(key) === stop) this.#active.delete(key);
    }
  }

  /** Writes a fix that a finished run has tried, unless the settings it was tried on have changed since. */
  async apply({ token, id }: ApplyFixParams): Promise<ApplyFixResult> {
    const kept = this.#finished.get(token);
    const change = kept?.finished.changes.get(id);
    const open = kept && (await this.#session.open(kept.uri));
    const { file, document } = open?.analysis.opened ?? {};
    const run = kept && file?.runs[kept.run];
    const language = open?.language ?? 'en';
    if (!kept || !change || !open || !file || !document || !run)
      return { applied: false, why: gone[language] };
    if (fingerprint(run) !== kept.fingerprint) return { applied: false, why: outdated[language] };
    const edits = writeChange(file, kept.run, change);
    if (!edits?.length) return { applied: false, why: unsayable[language] };
    const edit = workspaceEdit(
      open.analysis,
      toEdits(document, edits),
      this.#session.features.documentChanges,
    );
    const label = change.title[language];
    const { applied, failureReason } = await this.#connection.workspace.applyEdit({ label, edit });
    return { applied, ...(failureReason === undefined ? {} : { why: failureReason }) };
  }

  /** Says so when a text no longer sets what its runs were trained with, or does so again. */
  textChanged(uri: string): void {
    const runs = [...this.#finished].filter(([, kept]) => kept.uri === uri);
    if (runs.length === 0) return;
    clearTimeout(this.#timers.get(uri));
    const compare = async () => {
      this.#timers.delete(uri);
      const file = (await this.#session.open(uri))?.analysis.opened.file;
      for (const [token, kept] of runs) {
        const run = file?.runs[kept.run];
        const stale = run === undefined || fingerprint(run) !== kept.fingerprint;
        if (stale === kept.stale) continue;
        kept.stale = stale;
        const message: RunStaleMessage = { token, stale };
        await this.#connection.sendNotification(method.runStale, message);
      }
    };
    this.#timers.set(
      uri,
      setTimeout(() => void compare().catch(() => undefined), quiet),
    );
  }

  /** Ends every training, and the processes with it. */
  stopAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const stop of this.#active.values()) stop.abort();
    this.#runner.close();
  }

  #remember(token: string, uri: string, run: number, print: string, finished: FinishedRun): void {
    this.#finished.delete(token);
    this.#finished.set(token, { uri, run, fingerprint: print, finished, stale: false });
    const oldest = this.#finished.keys().next().value;
    if (this.#finished.size > remembered && oldest !== undefined) this.#finished.delete(oldest);
  }

  async #progress(title: string, stop: AbortController) {
    if (!this.#session.features.workDoneProgress) return silent;
    try {
      const progress = await this.#connection.window.createWorkDoneProgress();
      progress.begin(title, 0, '', true);
      progress.token.onCancellationRequested(() => stop.abort());
      return progress;
    } catch {
      // A client that refuses to show progress still gets its run.
      return silent;
    }
  }
}

const silent = { report: () => undefined, done: () => undefined };

const gone = text(
  'This fix belongs to a run that is no longer remembered. Run the check again.',
  '더 이상 기억하지 않는 실행의 수정입니다. 점검을 다시 실행하세요.',
);
const outdated = text(
  'The settings have changed since this run. Run the check again.',
  '실행한 뒤 설정이 바뀌었습니다. 점검을 다시 실행하세요.',
);
const unsayable = text(
  'This framework has no key for the change; make it in the training script.',
  '이 프레임워크에는 해당 키가 없습니다. 학습 코드에서 바꾸세요.',
);
