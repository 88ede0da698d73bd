import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LogDiagnosis } from '../../../server/src/lsp/protocol.ts';
import { api, codeOf, fileUri, findings, revert, show, until } from './support/editor.ts';

describe('the log of a real training', () => {
  before(() => api());

  const ofLog = (uri: vscode.Uri) =>
    findings(uri).filter(({ message }) => message.includes('in your training'));
  const diagnose = () =>
    vscode.commands.executeCommand<LogDiagnosis>(
      'trainlint.diagnoseLog',
      fileUri('logged.yaml'),
      fileUri('logged/trainer_state.json'),
    );

  it('marks the line of the config that caused what it shows', async () => {
    const answer = await diagnose();
    assert.equal(answer?.outcome, 'symptoms', answer?.detail);
    const uri = fileUri('logged.yaml');
    const mark = await until(() => ofLog(uri)[0], 'a diagnostic of the log');
    assert.equal(codeOf(mark), 'loss-divergence');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.lineAt(mark.range.start.line).text, /^learning_rate:/);
    assert.match(mark.message, /step 180/);
  });

  it('is laid to the config in front of the user when a log is chosen in the explorer', async () => {
    await show('logged.yaml');
    const answer = await vscode.commands.executeCommand<LogDiagnosis>(
      'trainlint.diagnoseLog',
      fileUri('logged/trainer_state.json'),
      [fileUri('logged/trainer_state.json')],
    );
    assert.equal(answer?.outcome, 'symptoms');
  });

  it('offers a fix, and the mark vanishes with the setting it speaks of', async () => {
    const { document } = await show('logged.yaml');
    const mark = await until(() => ofLog(document.uri)[0], 'a diagnostic of the log');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      mark.range,
    );
    const fix = actions.find(({ title }) => /not trained/.test(title));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    await until(() => ofLog(document.uri).length === 0, 'the mark to vanish');
    await revert();
  });

  it('is cleared by its command', async () => {
    await show('logged.yaml');
    await diagnose();
    const uri = fileUri('logged.yaml');
    await until(() => ofLog(uri).length > 0, 'a diagnostic of the log');
    await vscode.commands.executeCommand('trainlint.clearLogDiagnostics', uri);
    await until(() => ofLog(uri).length === 0, 'the mark to be cleared');
  });
});
