import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, findingOf, revert, show, until } from './support/editor.ts';
import { inWindow, look } from './support/window.ts';

function positionOf(document: vscode.TextDocument, text: string, shift = 1): vscode.Position {
  return document.positionAt(document.getText().indexOf(text) + shift);
}

describe('while editing', () => {
  before(api);

  it('a hover says what is usual, and links rule pages that open', async () => {
    const { document } = await show('train.yaml');
    await findingOf(document.uri, 'float-as-string');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, 'learning_rate'),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value))
      .join();
    assert.match(text, /learning rate/);
    assert.match(text, /Usual here/);
    assert.match(text, /trainlint-rule:/);
    await vscode.commands.executeCommand('trainlint.openRuleDocs', 'float-as-string');
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    await until(() => tabs().some((label) => label.includes('float-as-string')), 'the page in a tab');
    const page = await vscode.workspace.openTextDocument(
      vscode.Uri.parse('trainlint-rule:/float-as-string.md'),
    );
    assert.match(page.getText(), /^# float-as-string/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('a code lens over the optimizer offers the sanity run', async () => {
    const { document } = await show('train.yaml');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const lens = lenses.find(({ command }) => command?.command === 'trainlint.runSanityCheck');
    assert.ok(lens);
    assert.match(document.lineAt(lens.range.start.line).text, /^optim:/);
  });

  it('inlay hints say what follows from the numbers', async () => {
    const { document } = await show('train.yaml');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole,
    );
    const labels = hints.map(({ label }) => String(label));
    assert.ok(labels.includes('32 samples per step'), labels.join());
  });

  it('completion offers the framework’s own names', async () => {
    const { document } = await show('train.yaml');
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      positionOf(document, 'adamw_torch', 0),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('adafactor'), labels.slice(0, 20).join());
  });

  inWindow('the decision tree ends in an edit of the open config', async () => {
    const { document } = await show('train.yaml');
    const before = document.getText();
    void vscode.commands.executeCommand('trainlint.chooseOptimizer');
    await look.wait('.quick-input-widget:visible .monaco-list-row:has-text("Yes")');
    await look.press('Enter');
    await look.wait('.quick-input-widget:visible .monaco-list-row:has-text("SGD")');
    await look.press('Enter');
    await until(() => document.getText() !== before, 'the edit');
    assert.match(document.getText(), /^optim: sgd$/m);
    await revert();
  });
});
