import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { RunDone, RunParams } from '../../../server/src/lsp/protocol.ts';
import { method } from '../methods.ts';
import { t } from '../translate.ts';
import { chooseRun } from './choose-run.ts';
import type { Parts } from './register.ts';

/** Trains a tiny stand-in with the config's settings and shows it in the panel. Resolves to how it ended. */
export async function runSanityCheck(
  parts: Parts,
  uri: vscode.Uri | undefined,
  run: number | undefined,
): Promise<RunDone | undefined> {
  if (!uri) {
    void vscode.window.showInformationMessage(t('Open a training config first.'));
    return undefined;
  }
  if (!vscode.workspace.isTrusted) {
    await askForTrust();
    return undefined;
  }
  // The server knows only open documents.
  await vscode.workspace.openTextDocument(uri);
  const index = run ?? (await chooseRun(parts, uri));
  if (index === undefined) return undefined;
  return startRun(parts, uri, index);
}

/** Also what "Run again" in the panel does. */
export async function startRun(
  { client, panels }: Pick<Parts, 'client' | 'panels'>,
  uri: vscode.Uri,
  run: number,
): Promise<RunDone | undefined> {
  const settings = vscode.workspace.getConfiguration('trainlint.run', uri);
  const steps = settings.get<number | null>('steps');
  const params: RunParams = {
    token: randomUUID(),
    uri: uri.toString(),
    run,
    seed: settings.get<number>('seed', 0),
    verifyFixes: settings.get<boolean>('verifyFixes', true),
    ...(typeof steps === 'number' ? { steps } : {}),
  };
  const cancel = new vscode.CancellationTokenSource();
  const panel = panels.begin(params, () => startRun({ client, panels }, uri, run), cancel);
  try {
    const done = await client.sendRequest<RunDone | null>(method.run, params, cancel.token);
    panel.finish(done ?? failed(params.token, t('The file is no longer open.')));
    return done ?? undefined;
  } catch (fault) {
    const why = cancel.token.isCancellationRequested ? t('The run was cancelled.') : String(fault);
    const done = failed(params.token, why, cancel.token.isCancellationRequested);
    panel.finish(done);
    return done;
  } finally {
    cancel.dispose();
  }
}

function failed(token: string, detail: string, cancelled = false): RunDone {
  return {
    token,
    outcome: cancelled ? 'cancelled' : 'failed',
    headline: cancelled ? t('Cancelled') : t('No sanity run'),
    detail,
    notes: [],
    cannotTell: [],
    seconds: 0,
    version: 0,
  };
}

async function askForTrust(): Promise<void> {
  const manage = t('Manage Workspace Trust');
  const answer = await vscode.window.showInformationMessage(
    t('A sanity run starts a process. Trust this workspace to allow it; linting works without.'),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
