import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, findingOf, pause, show, until, withSettings } from './support/editor.ts';
import { allInWindow, look, screenshot } from './support/window.ts';

/** Pictures for people, and a check that the page stands in each theme and width. */
async function showRun(): Promise<void> {
  await show('diverging.yaml');
  await vscode.commands.executeCommand('workbench.action.closeSidebar');
  await vscode.commands.executeCommand('trainlint.runSanityCheck');
  await vscode.commands.executeCommand('notifications.clearAll');
  await look.wait('.fixes li', { frame: 'webview' });
  await pause(400);
}

allInWindow('looks', () => {
  before(async () => {
    await api();
  });

  const themes = {
    dark: 'Default Dark Modern',
    light: 'Default Light Modern',
    'high-contrast': 'Default High Contrast',
  };

  it('squiggles, lens and hints in the editor', async () => {
    await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
    const editor = await show('train.yaml');
    await findingOf(editor.document.uri, 'float-as-string');
    await look.wait('.squiggly-error');
    await pause(500);
    await screenshot('squiggles');
    const at = editor.document.positionAt(editor.document.getText().indexOf('5e-5') + 2);
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('editor.action.showHover');
    await look.wait('.monaco-hover:visible .hover-contents');
    await pause(300);
    await screenshot('hover');
    await look.click('.monaco-hover a:has-text("float-as-string")');
    const labels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    await until(
      () => labels().some((label) => label.includes('float-as-string.md')),
      'the page behind the link',
    );
    await look.wait('h1', { frame: 'webview' });
    assert.equal((await look.text('h1', { frame: 'webview' })).trim(), 'float-as-string');
    await screenshot('rule-page');
    await show('train.yaml');
    const scheduled = editor.document.positionAt(editor.document.getText().indexOf('linear') + 2);
    await vscode.window.showTextDocument(editor.document, {
      selection: new vscode.Range(scheduled, scheduled),
    });
    await vscode.commands.executeCommand('editor.action.showHover');
    await look.wait('.monaco-hover:visible img');
    await pause(300);
    await screenshot('hover-schedule');
    await look.press('Escape');
    await vscode.window.showTextDocument(editor.document, { selection: new vscode.Range(at, at) });
    await vscode.commands.executeCommand('editor.action.quickFix');
    await look.wait('.action-widget .monaco-list-row');
    await screenshot('quick-fix');
    await look.press('Escape');
    void vscode.commands.executeCommand('trainlint.showStatus');
    await look.wait('.quick-input-list .monaco-list-row');
    await pause(400);
    await screenshot('status');
    await look.press('Escape');
  });

  it('the panel in dark, light and high contrast', async () => {
    const restore = await withSettings({ 'run.steps': 120 });
    await showRun();
    await restore();
    const workbench = vscode.workspace.getConfiguration('workbench');
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.update('colorTheme', theme, vscode.ConfigurationTarget.Global);
      await pause(800);
      await screenshot(`panel-${name}`);
    }
    await workbench.update('colorTheme', undefined, vscode.ConfigurationTarget.Global);
  });

  it('the panel in Korean, narrow, with the cursor on the curve', async () => {
    const restore = await withSettings({ locale: 'ko', 'run.steps': 120 });
    try {
      await look.resize(1000, 900);
      await showRun();
      await look.focus('.plot', { frame: 'webview' });
      await look.press('Home');
      for (let press = 0; press < 12; press++) await look.press('ArrowRight');
      await until(async () => (await look.count('.cursor', { frame: 'webview' })) > 0, 'the cursor');
      await look.click('#limits-summary', { frame: 'webview' });
      await pause(300);
      await screenshot('panel-korean');
    } finally {
      await look.resize(1440, 900);
      await restore();
    }
  });
});
