import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  api,
  codeOf,
  fileUri,
  findingOf,
  findings,
  revert,
  show,
  until,
  withSettings,
} from './support/editor.ts';

describe('diagnostics', () => {
  before(api);

  it('mark what is wrong in an opened config, with the rule and its page', async () => {
    const editor = await show('train.yaml');
    const found = await findingOf(editor.document.uri, 'float-as-string');
    assert.equal(editor.document.getText(found.range), '5e-5');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.match(found.message, /5\.0e-5/);
    assert.ok(typeof found.code === 'object' && found.code.target.scheme === 'trainlint-rule');
  });

  it('follow every keystroke', async () => {
    const editor = await show('train.yaml');
    const { document } = editor;
    const { range } = await findingOf(document.uri, 'float-as-string');
    await editor.edit((builder) => builder.replace(range, '5.0e-5'));
    await until(() => !findings(document.uri).some((one) => codeOf(one) === 'float-as-string'), 'silence');
    await revert();
    await findingOf(document.uri, 'float-as-string');
  });

  it('are read from JSON as well', async () => {
    await show('ds_config.json');
    const found = await findingOf(fileUri('ds_config.json'), 'warmup-too-long');
    assert.ok(found.message.length > 20);
  });

  it('speak Korean when asked to, and obey the levels of the settings', async () => {
    const { document } = await show('train.yaml');
    await findingOf(document.uri, 'float-as-string');
    const restore = await withSettings({ locale: 'ko', rules: { 'warmup-missing': 'off' } });
    try {
      await until(() => findings(document.uri).some(({ message }) => /[가-힣]/.test(message)), 'Korean');
      await until(() => !findings(document.uri).some((one) => codeOf(one) === 'warmup-missing'), 'silence');
    } finally {
      await restore();
    }
    await until(
      () => findings(document.uri).every(({ message }) => !/[가-힣]/.test(message)),
      'English again',
    );
  });
});
