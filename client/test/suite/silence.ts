import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, fileUri, findingOf, findings, pause, show, until } from './support/editor.ts';

describe('silence', () => {
  before(api);

  for (const name of ['package.json', '.github/workflows/ci.yml'])
    it(`about ${name}`, async () => {
      await show(name);
      // A config opened later and answered proves that this file's turn has passed.
      await show('train.yaml');
      await findingOf(fileUri('train.yaml'), 'float-as-string');
      await pause(200);
      assert.deepEqual(findings(fileUri(name)), []);
    });

  it('after one click on "not a training config", until it is taken back', async () => {
    const { document } = await show('train.yaml');
    await findingOf(document.uri, 'float-as-string');
    // The command waits for its own message to be dismissed; its effect does not.
    void vscode.commands.executeCommand('trainlint.notATrainingConfig');
    await until(() => findings(document.uri).length === 0, 'silence');
    assert.deepEqual(vscode.workspace.getConfiguration('trainlint').get('exclude'), ['/train.yaml']);
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.workspace
      .getConfiguration('trainlint')
      .update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await findingOf(document.uri, 'float-as-string');
  });
});
