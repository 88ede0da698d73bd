import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, codeOf, findingOf, findings, revert, show, until } from './support/editor.ts';

async function actionsAt(uri: vscode.Uri, range: vscode.Range, kind?: string): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind);
}

describe('code actions', () => {
  before(api);
  afterEach(revert);

  it('write the fix and nothing else', async () => {
    const { document } = await show('train.yaml');
    const found = await findingOf(document.uri, 'float-as-string');
    const actions = await actionsAt(document.uri, found.range);
    const fix = actions.find((action) => action.isPreferred);
    assert.ok(fix?.edit, 'a preferred fix with an edit');
    const before = document.getText();
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(), before.replace('5e-5', '5.0e-5'));
    await until(() => !findings(document.uri).some((one) => codeOf(one) === 'float-as-string'), 'silence');
  });

  it('fix all that is safe at once, and nothing that is not', async () => {
    const { document } = await show('train.yaml');
    await findingOf(document.uri, 'float-as-string');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const [action] = await actionsAt(document.uri, whole, 'source.fixAll.trainlint');
    assert.ok(action?.edit);
    const before = document.getText();
    await vscode.workspace.applyEdit(action.edit);
    assert.equal(document.getText(), before.replace('5e-5', '5.0e-5'));
  });

  it('insert a suppression that silences', async () => {
    const { document } = await show('train.yaml');
    const found = await findingOf(document.uri, 'float-as-string');
    const actions = await actionsAt(document.uri, found.range);
    const suppress = actions.find(({ title }) => title.includes('float-as-string') && title.includes('line'));
    assert.ok(suppress?.edit);
    await vscode.workspace.applyEdit(suppress.edit);
    assert.match(document.getText(), /\n# trainlint-disable-next-line float-as-string\nlearning_rate/);
    await until(() => !findings(document.uri).some((one) => codeOf(one) === 'float-as-string'), 'silence');
  });
});
