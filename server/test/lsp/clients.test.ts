import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';
import { pullCapabilities, TestClient } from './support/client.ts';
import { bert } from './support/configs.ts';

const codes = (diagnostics: readonly Diagnostic[] | undefined) => (diagnostics ?? []).map(({ code }) => code);

describe('a client that cannot pull diagnostics', () => {
  let client: TestClient;
  const uri = 'file:///push/train.yaml';
  before(async () => {
    client = new TestClient('scripted');
    const { capabilities } = await client.initialize({ capabilities: {} });
    assert.equal(capabilities.diagnosticProvider, undefined);
  });
  after(() => client.stop());

  it('is sent them, with the version they belong to', async () => {
    await client.open(uri, bert);
    const pushed = await client.until(() => client.published.get(uri)?.at(-1), 'a push');
    assert.equal(pushed.version, 1);
    assert.ok(codes(pushed.diagnostics).includes('float-as-string'));
  });

  it('is sent one answer to a burst of changes, about the last one', async () => {
    const before = client.published.get(uri)?.length ?? 0;
    for (let digit = 1; digit <= 9; digit++)
      await client.change(uri, [{ text: bert.replace('5e-5', `${digit}e-5`) }]);
    await client.change(uri, [{ text: bert.replace('5e-5', '5.0e-5') }]);
    const last = await client.until(
      () => client.published.get(uri)?.find(({ version }) => version === 11),
      'the last push',
    );
    assert.ok(!codes(last.diagnostics).includes('float-as-string'));
    assert.ok((client.published.get(uri)?.length ?? 0) - before < 10);
  });

  it('is told to forget them when the file is closed', async () => {
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await client.until(() => client.published.get(uri)?.at(-1)?.diagnostics.length === 0, 'an empty push');
  });

  it('may send its settings instead of answering for them', async () => {
    const other = 'file:///push/other.yaml';
    await client.open(other, bert);
    await client.until(
      () => codes(client.published.get(other)?.at(-1)?.diagnostics).includes('float-as-string'),
      'a push',
    );
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { trainlint: { rules: { 'float-as-string': 'off' } } },
    });
    await client.until(
      () => !codes(client.published.get(other)?.at(-1)?.diagnostics).includes('float-as-string'),
      'silence',
    );
  });
});

describe('settings', () => {
  let client: TestClient;
  let folder: string;
  let uri: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trainlint-lsp-'));
    uri = pathToFileURL(join(folder, 'train.yaml')).href;
    client = new TestClient('scripted');
    await client.initialize({
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'project' }],
      capabilities: {
        ...pullCapabilities,
        workspace: { ...pullCapabilities.workspace, workspaceFolders: true },
      },
    });
    await client.open(uri, bert);
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const set = async (settings: unknown) => {
    client.settings = settings;
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    return client.diagnostics(uri);
  };
  const write = async (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    return client.diagnostics(uri);
  };

  it('change levels, and ask the client to ask again', async () => {
    const before = client.refreshes;
    const found = await set({ rules: { 'float-as-string': 'hint' } });
    assert.equal(found.find(({ code }) => code === 'float-as-string')?.severity, 4);
    await client.until(() => client.refreshes > before, 'a refresh');
  });

  it('leave excluded files alone, or all of them', async () => {
    assert.deepEqual(await set({ exclude: ['/train.yaml'] }), []);
    assert.deepEqual(await set({ enable: false }), []);
    assert.ok((await set({})).length > 0);
  });

  it('name the framework of files by pattern', async () => {
    const other = pathToFileURL(join(folder, 'conf/opt.yaml')).href;
    await client.open(other, 'lr: 3e-4\nbatch_size: 32\n');
    assert.deepEqual(await client.diagnostics(other), []);
    await set({ associations: { '/conf/*.yaml': 'generic' } });
    const status = await client.connection.sendRequest<{ kind: string }>('trainlint/status', { uri: other });
    assert.equal(status.kind, 'config');
    await set({});
  });

  it('speak Korean by setting, and by the locale of the editor', async () => {
    const korean = (found: readonly Diagnostic[]) =>
      found.every(({ message }) => /[가-힣]/.test(String(message)));
    assert.ok(korean(await set({ locale: 'ko' })));
    assert.ok(!korean(await set({})));
    const other = new TestClient('scripted');
    await other.initialize({ locale: 'ko-KR' });
    await other.open(uri, bert);
    assert.ok(korean(await other.diagnostics(uri)));
    await other.stop();
  });

  it('survive nonsense', async () => {
    assert.ok(
      (await set({ rules: { 'float-as-string': 'loud' }, exclude: 3, associations: [], run: null })).length >
        0,
    );
    assert.ok((await set(null)).length > 0);
    await set({});
  });

  it('of the project win over those of the editor, and are watched', async () => {
    const found = await write('trainlint.config.yaml', 'rules:\n  float-as-string: warning\n');
    assert.equal(found.find(({ code }) => code === 'float-as-string')?.severity, 2);
    await set({ rules: { 'float-as-string': 'off' } });
    assert.ok(codes(await client.diagnostics(uri)).includes('float-as-string'));
    await set({});
    assert.deepEqual(await write('trainlint.config.yaml', 'ignore: [train.yaml]\n'), []);
  });

  it('of the project are checked themselves', async () => {
    const file = pathToFileURL(join(folder, 'trainlint.config.yaml')).href;
    await client.open(file, 'rules:\n  float-as-string: loud\nrulez: {}\n');
    const found = await client.diagnostics(file);
    assert.deepEqual(codes(found), ['project-settings', 'project-settings']);
    assert.ok(found.some(({ message }) => /off, error, warning/.test(String(message))));
    assert.ok(found.some(({ message }) => /`rulez`/.test(String(message))));
    await write('trainlint.config.yaml', 'rules: {}\n');
  });
});
