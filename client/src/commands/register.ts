import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { LogWatches } from '../log-watches.ts';
import type { RunPanels } from '../panel/run-panels.ts';
import type { RuleDocs } from '../rule-docs.ts';
import type { StatusItem } from '../status-item.ts';
import { chooseOptimizer } from './choose-optimizer.ts';
import { clearLog, diagnoseLog } from './diagnose-log.ts';
import { notATrainingConfig } from './file-settings.ts';
import { measureOwnModel, readMeasurement } from './measure-own-model.ts';
import { runSanityCheck } from './run-sanity-check.ts';
import { showStatus } from './show-status.ts';

/** What commands work with. */
export interface Parts {
  readonly client: LanguageClient;
  readonly panels: RunPanels;
  readonly status: StatusItem;
  readonly docs: RuleDocs;
  readonly logs: LogWatches;
}

export function registerCommands(context: vscode.ExtensionContext, parts: Parts): void {
  const register = (name: string, run: (...given: unknown[]) => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  register('trainlint.runSanityCheck', (uri, run) => runSanityCheck(parts, uriOf(uri), indexOf(run)));
  register('trainlint.measureOwnModel', (uri, run) => measureOwnModel(parts, uriOf(uri), indexOf(run)));
  register('trainlint.readMeasurement', (uri, output) =>
    readMeasurement(parts, uriOf(uri), typeof output === 'string' ? output : undefined),
  );
  register('trainlint.diagnoseLog', (first, second) => diagnoseLog(parts, givenUri(first), givenUri(second)));
  register('trainlint.clearLogDiagnostics', (uri) => clearLog(parts, uriOf(uri)));
  register('trainlint.showStatus', (uri) => showStatus(parts, uriOf(uri)));
  register('trainlint.notATrainingConfig', (uri) => notATrainingConfig(uriOf(uri)));
  register('trainlint.chooseOptimizer', (uri) => chooseOptimizer(parts, uriOf(uri)));
  register('trainlint.openRuleDocs', (rule) =>
    typeof rule === 'string' ? parts.docs.open(rule) : undefined,
  );
  register('trainlint.restart', async () => {
    await parts.client.restart();
    parts.status.schedule(0);
  });
  register('trainlint.showLog', () => parts.client.outputChannel.show());
}

/** Commands come with a string from the server, a `Uri` from menus, and nothing from the palette. */
function uriOf(given: unknown): vscode.Uri | undefined {
  return givenUri(given) ?? vscode.window.activeTextEditor?.document.uri;
}

/** The explorer adds the list of all that is selected as a second argument: that is no address. */
function givenUri(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  return typeof given === 'string' ? vscode.Uri.parse(given) : undefined;
}

function indexOf(given: unknown): number | undefined {
  return typeof given === 'number' && Number.isInteger(given) && given >= 0 ? given : undefined;
}
