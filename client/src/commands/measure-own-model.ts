import * as vscode from 'vscode';
import type {
  MeasurementParams,
  MeasurementRead,
  OwnModelParams,
  OwnModelSnippet,
} from '../../../server/src/lsp/protocol.ts';
import { method } from '../methods.ts';
import { t } from '../translate.ts';
import { chooseRun } from './choose-run.ts';
import type { Parts } from './register.ts';

/** Opens the Python script that measures this config on the user's own model; nothing is run. */
export async function measureOwnModel(
  parts: Parts,
  uri: vscode.Uri | undefined,
  run: number | undefined,
): Promise<vscode.TextDocument | undefined> {
  if (!uri) {
    void vscode.window.showInformationMessage(t('Open a training config first.'));
    return undefined;
  }
  // The server knows only open documents.
  await vscode.workspace.openTextDocument(uri);
  const index = run ?? (await chooseRun(parts, uri));
  if (index === undefined) return undefined;
  const params: OwnModelParams = { uri: uri.toString(), run: index };
  const snippet = await parts.client.sendRequest<OwnModelSnippet>(method.ownModelSnippet, params);
  if (!snippet) {
    void vscode.window.showInformationMessage(t('Nothing in this file says that it is a training config.'));
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument({ language: 'python', content: snippet.text });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  void vscode.window.showInformationMessage(
    t(
      'Fill in build(), save it as {0} and run it. Then copy what it prints and use “Trainlint: Read a Measurement” on the config.',
      snippet.fileName,
    ),
  );
  return document;
}

/** Takes what the script printed, from the clipboard or else from a file, and shows it on the config's lines. */
export async function readMeasurement(
  { client }: Pick<Parts, 'client'>,
  uri: vscode.Uri | undefined,
  output?: string,
): Promise<MeasurementRead | undefined> {
  if (!uri) {
    void vscode.window.showInformationMessage(t('Open a training config first.'));
    return undefined;
  }
  const printed = output ?? (await printedOutput());
  if (printed === undefined) return undefined;
  const params: MeasurementParams = { uri: uri.toString(), output: printed };
  const read = await client.sendRequest<MeasurementRead | null>(method.readMeasurement, params);
  if (!read) void vscode.window.showInformationMessage(t('Open a training config first.'));
  else if (!read.read) void vscode.window.showWarningMessage(read.why);
  else
    void vscode.window.showInformationMessage(
      read.warnings + read.notes === 0
        ? t('The measurement has nothing against this config.')
        : t(
            'Measured on your own model: {0} warnings and {1} notes on this config.',
            read.warnings,
            read.notes,
          ),
    );
  return read ?? undefined;
}

async function printedOutput(): Promise<string | undefined> {
  const copied = await vscode.env.clipboard.readText();
  if (copied.includes('{"trainlint"')) return copied;
  const [file] =
    (await vscode.window.showOpenDialog({ title: t('What the measuring script printed') })) ?? [];
  return file && new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}
