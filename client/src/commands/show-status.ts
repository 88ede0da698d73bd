import * as vscode from 'vscode';
import type { DialectName, FileStatus } from '../../../server/src/lsp/protocol.ts';
import { t } from '../translate.ts';
import { associate, notATrainingConfig } from './file-settings.ts';
import type { Parts } from './register.ts';

interface Row extends vscode.QuickPickItem {
  readonly act?: () => unknown;
}

/** Everything the status bar has no room for: what the file was taken for, why, and which rules could not tell. */
export async function showStatus(parts: Parts, uri: vscode.Uri | undefined): Promise<void> {
  if (!uri) return;
  const status = await parts.status.ask(uri);
  if (!status) return;
  const rows = status.kind === 'config' ? configRows(parts, uri, status) : silentRows(uri, status);
  const title =
    status.kind === 'config'
      ? t('Trainlint: {0}, {1} % sure', status.dialect.name, Math.round(status.confidence * 100))
      : t('Trainlint says nothing about this file');
  const picked = await vscode.window.showQuickPick(rows, { title, matchOnDetail: true });
  await picked?.act?.();
}

function configRows(parts: Parts, uri: vscode.Uri, status: FileStatus & { kind: 'config' }): Row[] {
  return [
    separator(t('What to do')),
    {
      label: `$(beaker) ${t('Run sanity check')}`,
      act: () => vscode.commands.executeCommand('trainlint.runSanityCheck', uri),
    },
    {
      label: `$(telescope) ${t('Measure on my own model')}`,
      act: () => vscode.commands.executeCommand('trainlint.measureOwnModel', uri),
    },
    {
      label: `$(graph-line) ${t('Diagnose a training log…')}`,
      act: () => vscode.commands.executeCommand('trainlint.diagnoseLog', uri),
    },
    { label: `$(circle-slash) ${t('This is not a training config')}`, act: () => notATrainingConfig(uri) },
    {
      label: `$(list-selection) ${t('Choose the framework…')}`,
      act: () => chooseDialect(uri, status.dialects),
    },
    { label: `$(output) ${t('Show the log')}`, act: () => parts.client.outputChannel.show() },
    separator(t('Why it was recognised')),
    ...status.reasons.map((detail) => ({ label: `$(check) ${status.dialect.name}`, detail })),
    ...(status.runs.length > 0 ? [separator(t('What was understood'))] : []),
    ...status.runs.map((label) => ({ label: `$(graph-line) ${label}` })),
    ...(status.notRun.length > 0 ? [separator(t('Rules that could not tell'))] : []),
    ...status.notRun.map(({ rule, why }) => ({
      label: `$(question) ${rule}`,
      detail: why,
      act: () => parts.docs.open(rule),
    })),
  ];
}

function silentRows(uri: vscode.Uri, status: FileStatus & { kind: 'none' }): Row[] {
  return [
    { label: `$(info) ${status.why}` },
    separator(t('What to do')),
    {
      label: `$(list-selection) ${t('It is a training config: choose the framework…')}`,
      act: () => chooseDialect(uri, status.dialects),
    },
    {
      label: `$(gear) ${t('Open the settings')}`,
      act: () => vscode.commands.executeCommand('workbench.action.openSettings', 'trainlint'),
    },
  ];
}

async function chooseDialect(uri: vscode.Uri, dialects: readonly DialectName[]): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    dialects.map(({ id, name }) => ({ label: name, description: id, id })),
    { title: t('Which framework reads this file?'), matchOnDescription: true },
  );
  if (picked) await associate(uri, picked.id);
}

function separator(label: string): Row {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
