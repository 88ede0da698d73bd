import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunDone } from '../../../server/src/lsp/protocol.ts';
import { api, codeOf, fileUri, findings, revert, show, until, withSettings } from './support/editor.ts';
import { inWindow, look, screenshot } from './support/window.ts';

const inPanel = { frame: 'webview' } as const;

describe('a sanity run', () => {
  let restore: () => Promise<void>;
  before(async () => {
    await api();
    // Long enough for every symptom to show, short enough for a machine that does other things as well.
    restore = await withSettings({ 'run.steps': 120 });
  });
  after(() => restore());

  it('started by its command trains, draws curves and gives a verdict', async () => {
    const trainlint = await api();
    await show('diverging.yaml');
    const done = await vscode.commands.executeCommand<RunDone>('trainlint.runSanityCheck');
    assert.equal(done?.outcome, 'symptoms', done?.detail);
    const panel = await until(() => trainlint.panel(), 'the panel');
    const { view } = panel;
    assert.ok((view.series.yours?.steps.length ?? 0) > 20, 'points on the curve');
    assert.ok((view.series.reference?.steps.length ?? 0) > 20, 'points on the twin’s curve');
    assert.ok(view.symptoms.length > 0);
    assert.ok(
      view.fixes.some(({ verdict }) => verdict === 'heals'),
      'a fix that heals',
    );
    await until(() => trainlint.panel()?.drawn, 'a drawing');
  });

  inWindow('is seen in the panel: curves, verdict, fixes', async () => {
    await look.wait('h2', inPanel);
    assert.match(await look.text('h2', inPanel), /\S/);
    const path = await look.attribute('.chart .curve.yours', 'd', inPanel);
    assert.ok((path?.match(/L/g)?.length ?? 0) > 10, 'a curve of many points');
    assert.ok((await look.count('.fixes li', inPanel)) > 0);
    await screenshot('panel-first');
  });

  it('leaves its symptom on the line that causes it, with the verified fix', async () => {
    const uri = fileUri('diverging.yaml');
    const symptom = await until(
      () => findings(uri).find((one) => /divergence|explosion|instability|slow/.test(codeOf(one))),
      'a diagnostic of the run',
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      symptom.range,
    );
    assert.ok(
      actions.some(({ title }) => /sanity run/.test(title)),
      actions.map(({ title }) => title).join(),
    );
  });

  inWindow('applies a fix from the panel, and its diagnostic vanishes with the cause', async () => {
    const { document } = await show('diverging.yaml');
    const before = document.getText();
    await look.click('.fixes button', inPanel);
    await until(() => document.getText() !== before, 'the edit');
    await until(
      () => !findings(document.uri).some((one) => /divergence|explosion/.test(codeOf(one))),
      'the symptom to vanish',
    );
    await until(() => look.count('.stale', inPanel), 'the panel to say that the config has changed');
    await screenshot('panel-applied');
    await show('diverging.yaml');
    await revert();
  });
});
