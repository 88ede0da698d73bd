import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { MeasurementRead } from '../../../server/src/lsp/protocol.ts';
import { api, codeOf, fileUri, findings, revert, show, until, withSettings } from './support/editor.ts';
import { inWindow, look, screenshot } from './support/window.ts';

const inPanel = { frame: 'webview' } as const;

/** The end of what the script prints on a model whose critical rate is far below the config's. */
const printed = JSON.stringify({
  trainlint: {
    config: 'diverging.yaml',
    run: '',
    optimizer: 'adamw',
    steps: 16,
    notFinite: [],
    criticalRate: { median: 1e-6, low: 1e-6, high: 1e-6, batches: 5 },
  },
});

const scripts = () =>
  vscode.workspace.textDocuments.filter(
    ({ languageId, isUntitled, isClosed }) => languageId === 'python' && isUntitled && !isClosed,
  );

describe('measuring on the user’s own model', () => {
  before(() => api());
  afterEach(async () => {
    for (const document of scripts()) {
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  });

  it('opens the script as a Python document that was never saved', async () => {
    await show('train.yaml');
    const document = await vscode.commands.executeCommand<vscode.TextDocument>('trainlint.measureOwnModel');
    assert.equal(document?.languageId, 'python');
    assert.equal(document?.isUntitled, true);
    const active = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(active, /def build\(\):/);
    assert.match(active, /measure\(\*build\(\)\)/);
    await screenshot('own-model-script');
  });

  inWindow('is offered in the panel where the proxy cannot tell', async () => {
    const restore = await withSettings({ 'run.steps': 60, 'run.verifyFixes': false });
    await show('diverging.yaml');
    await vscode.commands.executeCommand('trainlint.runSanityCheck');
    await restore();
    await look.wait('#measure', inPanel);
    await screenshot('own-model-panel');
    await look.click('#measure', inPanel);
    await until(() => scripts().length > 0, 'the script');
  });

  it('shows what was measured on its line, with the fix', async () => {
    await show('diverging.yaml');
    const uri = fileUri('diverging.yaml');
    const read = await vscode.commands.executeCommand<MeasurementRead>(
      'trainlint.readMeasurement',
      uri,
      printed,
    );
    assert.deepEqual(read, { read: true, warnings: 1, notes: 0 });
    const found = await until(
      () => findings(uri).find((one) => codeOf(one) === 'critical-rate'),
      'the diagnostic',
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      found.range,
    );
    const fix = actions.find(({ title }) => /half the critical rate/.test(title));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await screenshot('own-model-diagnostic');
    await vscode.workspace.applyEdit(fix.edit);
    await until(() => !findings(uri).some((one) => codeOf(one) === 'critical-rate'), 'the end of it');
    await show('diverging.yaml');
    await revert();
  });
});
