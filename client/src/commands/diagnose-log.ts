import * as vscode from 'vscode';
import type { DiagnoseLogParams, FoundLog, LogDiagnosis } from '../../../server/src/lsp/protocol.ts';
import { method } from '../methods.ts';
import { t } from '../translate.ts';
import type { Parts } from './register.ts';

/** Names that training logs have in the explorer; the menu entry in package.json has the same list. */
const logName =
  /^(trainer_state\.json|trainer_log\.jsonl|metrics\.csv|results\.csv|scalars\.json|events\.out\.tfevents\..+)$/;

/**
 * Lays what a training log shows to the lines of the config it is of. `first` and `second` come from wherever the
 * command was started: a config, a log from the explorer, a config and a log, or nothing.
 */
export async function diagnoseLog(
  parts: Parts,
  first: vscode.Uri | undefined,
  second: vscode.Uri | undefined,
): Promise<LogDiagnosis | undefined> {
  const fromExplorer = first && logName.test(fileName(first)) ? first : undefined;
  const config = fromExplorer
    ? await configOf(parts, fromExplorer)
    : (first ?? vscode.window.activeTextEditor?.document.uri);
  if (!config) return undefined;
  const { document } = await vscode.window.showTextDocument(config, { preserveFocus: true });
  const status = await parts.status.ask(document.uri);
  if (status?.kind !== 'config') {
    void vscode.window.showInformationMessage(status?.why ?? t('Open a training config first.'));
    return undefined;
  }
  const log = fromExplorer ?? second ?? (await chooseLog(parts, document.uri));
  if (!log) return undefined;
  const run = await chooseRun(status.runs);
  if (run === undefined) return undefined;
  const params: DiagnoseLogParams = { uri: document.uri.toString(), log: log.toString(), run };
  const answer = await parts.client.sendRequest<LogDiagnosis | null>(method.diagnoseLog, params);
  if (!answer) return undefined;
  if (answer.outcome === 'healthy' || answer.outcome === 'symptoms')
    parts.logs.follow(params, log, answer.headline);
  void tell(document.uri, answer);
  return answer;
}

/** Takes what a log showed off the lines of the config again. */
export async function clearLog({ client, logs }: Parts, uri: vscode.Uri | undefined): Promise<void> {
  if (!uri) return;
  logs.stop(uri.toString());
  await client.sendRequest(method.forgetLog, { uri: uri.toString() });
}

async function tell(uri: vscode.Uri, { outcome, headline, detail }: LogDiagnosis): Promise<void> {
  const text = `${headline}. ${detail}`;
  if (outcome !== 'symptoms') {
    const say =
      outcome === 'healthy' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    await say(text);
    return;
  }
  const problems = t('Show the problems');
  const clear = t('Clear');
  const answer = await vscode.window.showWarningMessage(text, problems, clear);
  if (answer === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (answer === clear) await vscode.commands.executeCommand('trainlint.clearLogDiagnostics', uri);
}

/** The config in front of the user; else one that lies beside the log; else the one they name. */
async function configOf({ status }: Parts, log: vscode.Uri): Promise<vscode.Uri | undefined> {
  const open = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  for (const uri of open.flatMap((editor) => editor?.document.uri ?? []))
    if ((await status.ask(uri))?.kind === 'config') return uri;
  const beside = await besideLog(log);
  if (beside) return beside;
  const chosen = await vscode.window.showOpenDialog({
    title: t('Which config was this log trained with?'),
    openLabel: t('This config'),
    filters: { [t('Training configs')]: ['yaml', 'yml', 'json', 'jsonc', 'toml'] },
    defaultUri: vscode.Uri.joinPath(log, '..'),
  });
  return chosen?.[0];
}

/** What frameworks leave beside a log: Ultralytics' `args.yaml`, Lightning's `hparams.yaml` and `config.yaml`. */
async function besideLog(log: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (const name of ['args.yaml', 'config.yaml']) {
    const uri = vscode.Uri.joinPath(log, '..', name);
    try {
      await vscode.workspace.fs.stat(uri);
      return uri;
    } catch {
      // It is not there; the next one may be.
    }
  }
  return undefined;
}

interface LogItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/** The logs that lie where the config writes, and a dialog for any other. */
async function chooseLog({ client }: Parts, config: vscode.Uri): Promise<vscode.Uri | undefined> {
  const found = await client.sendRequest<FoundLog[]>(method.findLogs, { uri: config.toString() });
  if (found.length === 0) return browse(config);
  const items: LogItem[] = found.map(({ uri, name, folder }) => ({
    label: `$(graph-line) ${name}`,
    description: vscode.workspace.asRelativePath(folder),
    uri: vscode.Uri.parse(uri),
  }));
  const other: LogItem = { label: `$(folder-opened) ${t('Another log…')}` };
  const picked = await vscode.window.showQuickPick([...items, other], {
    title: t('Which training log?'),
    matchOnDescription: true,
  });
  return picked && (picked.uri ?? browse(config));
}

async function browse(config: vscode.Uri): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t('Which training log?'),
    openLabel: t('Diagnose'),
    defaultUri: vscode.Uri.joinPath(config, '..'),
  });
  return chosen?.[0];
}

async function chooseRun(runs: readonly string[]): Promise<number | undefined> {
  if (runs.length <= 1) return 0;
  const picked = await vscode.window.showQuickPick(
    runs.map((label, index) => ({ label, index })),
    { title: t('Which of the runs in this file?') },
  );
  return picked?.index;
}

function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
