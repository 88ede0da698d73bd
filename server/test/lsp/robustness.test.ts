import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FileStatus } from '../../src/lsp/protocol.ts';
import { TestClient } from './support/client.ts';
import { bert } from './support/configs.ts';

/** Texts that have stopped other programs. */
const rough: Readonly<Record<string, string>> = {
  empty: '',
  'a byte-order mark alone': '\ufeff',
  binary: Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)).toString('latin1'),
  'deep nesting': `${'['.repeat(20_000)}`,
  'unclosed quotes': `${bert}name: "never closed\n`,
  'tabs for indentation': bert.replace('optim:', '\toptim:'),
  'an alias bomb': `a: &a [x, x]\n${'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [*${'abcdefghi'[index]}, *${'abcdefghi'[index]}]`)
    .join('\n')}\n${bert}`,
  'a key twice': `${bert}learning_rate: 1.0e-4\n`,
  'wrong types everywhere':
    'learning_rate: [1, {a: b}]\noptim: {}\nper_device_train_batch_size: yes\nmax_steps: 2024-01-01\noutput_dir: 3\n',
  'lone surrogates': `${bert}# \ud83d\n`,
};

const requests = [
  'textDocument/codeLens',
  'textDocument/documentSymbol',
  'textDocument/hover',
  'textDocument/completion',
  'textDocument/inlayHint',
  'textDocument/codeAction',
];

describe('the language server under rough texts', () => {
  let client: TestClient;
  before(async () => {
    client = new TestClient('scripted');
    await client.initialize();
  });
  after(() => client.stop());

  for (const [name, text] of Object.entries(rough))
    it(`answers every request about ${name}`, async () => {
      for (const [language, extension] of [
        ['yaml', 'yaml'],
        ['json', 'json'],
        ['toml', 'toml'],
      ]) {
        const uri = `file:///rough/${encodeURIComponent(name)}.${extension}`;
        await client.open(uri, text, language);
        await client.diagnostics(uri);
        const place = { line: 1, character: 3 };
        for (const request of requests)
          await client.connection.sendRequest(request, {
            textDocument: { uri },
            position: place,
            range: { start: { line: 0, character: 0 }, end: { line: 99_999, character: 0 } },
            context: { diagnostics: [] },
          });
      }
      assert.equal(client.process.exitCode, null);
      assert.deepEqual(client.faults, []);
    });

  it('does not read what is larger than the limit, and says so', async () => {
    const uri = 'file:///rough/large.yaml';
    await client.open(uri, `${bert}${'# padding\n'.repeat(300_000)}`);
    const started = Date.now();
    assert.deepEqual(await client.diagnostics(uri), []);
    assert.ok(Date.now() - started < 2000);
    const status = await client.connection.sendRequest<FileStatus>('trainlint/status', { uri });
    assert.match(status.kind === 'none' ? status.why : '', /maxFileSize/);
  });

  it('answers about files that are not open, and to requests it does not know', async () => {
    assert.deepEqual(await client.diagnostics('file:///nowhere.yaml'), []);
    await assert.rejects(client.connection.sendRequest('trainlint/nonsense', {}));
    assert.equal(await client.connection.sendRequest('trainlint/status', {}).catch(() => null), null);
  });

  it('gives up what is cancelled and goes on', async () => {
    const uri = 'file:///rough/cancel.yaml';
    await client.open(uri, bert);
    const { CancellationTokenSource } = await import('vscode-languageserver-protocol/node');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => {
        const source = new CancellationTokenSource();
        const answer = client.connection
          .sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token)
          .then(
            () => 'answered',
            () => 'cancelled',
          );
        source.cancel();
        return answer;
      }),
    );
    assert.ok(outcomes.includes('cancelled'), outcomes.join());
    assert.ok((await client.diagnostics(uri)).length > 0);
  });
});

describe('the language server process', () => {
  it('ends with code 0 after shutdown and exit', async () => {
    const client = new TestClient('scripted');
    await client.initialize();
    assert.equal(await client.stop(), 0);
  });

  it('ends when its input ends', async () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', 'server/src/cli/cli.ts', 'lsp', '--stdio'], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise((done) => child.once('exit', done));
    setTimeout(() => child.stdin.end(), 300);
    assert.notEqual(await ended, null);
  });
});
