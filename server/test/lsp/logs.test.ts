import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol/node';
import { type FoundLog, type LogDiagnosis, method } from '../../src/lsp/protocol.ts';
import { TestClient } from './support/client.ts';

const fixtures = fileURLToPath(new URL('../../../test-fixtures/logs/', import.meta.url));
const config = `model_name_or_path: gpt2
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 2
learning_rate: 0.3
warmup_steps: 300
max_grad_norm: 0.0
`;

describe('a training log through the language server', () => {
  let client: TestClient;
  let folder: string;
  let uri: string;
  const address = (name: string) => pathToFileURL(join(folder, name)).toString();
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trainlint-logs-'));
    mkdirSync(join(folder, 'out'));
    cpSync(join(fixtures, 'real/trainer-rate-too-high.json'), join(folder, 'out/trainer_state.json'));
    cpSync(join(fixtures, 'real/trainer-healthy.json'), join(folder, 'healthy.json'));
    cpSync(join(fixtures, 'README.md'), join(folder, 'README.md'));
    uri = address('train.yaml');
    client = new TestClient('scripted');
    await client.initialize({ initializationOptions: { clientCommands: true } });
    await client.open(uri, config);
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (log: string) =>
    client.connection.sendRequest<LogDiagnosis>(method.diagnoseLog, { uri, log: address(log) });
  const ofLog = (diagnostics: readonly Diagnostic[]) =>
    diagnostics.filter(({ message }) => String(message).includes('in your training'));

  it('finds the log where the config writes', async () => {
    const found = await client.connection.sendRequest<FoundLog[]>(method.findLogs, { uri });
    assert.deepEqual(
      found.map(({ uri: log }) => log),
      [address('out/trainer_state.json')],
    );
  });

  it('puts what it shows on the line that causes it, with the evidence', async () => {
    const answer = await ask('out/trainer_state.json');
    assert.equal(answer.outcome, 'symptoms');
    assert.match(answer.headline, /^Unstable at the start from step 2\d\d, and 1 more$/);
    const marks = ofLog(await client.diagnostics(uri));
    assert.deepEqual(
      marks.map(({ code, range }) => [code, range.start.line]),
      [
        ['early-instability', 4],
        ['gradient-explosion', 4],
      ],
    );
    assert.match(
      String(marks[0]?.message),
      /out\/trainer_state\.json\).*rose from .* The loss fell until step/,
    );
    assert.equal(marks[0]?.relatedInformation?.[0]?.location.uri, address('out/trainer_state.json'));
  });

  it('offers fixes that say they were not trained, and vanishes with the setting it speaks of', async () => {
    const [mark] = ofLog(await client.diagnostics(uri));
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: mark?.range,
      context: { diagnostics: [] },
    });
    const [fix] = actions.filter(({ title }) => title.endsWith('(from your log, not trained)'));
    assert.match(fix?.title ?? '', /^Learning rate 0\.043: a third/);
    await client.change(uri, [{ text: `# a note\n${config}` }]);
    assert.equal(ofLog(await client.diagnostics(uri))[0]?.range.start.line, 5, 'it moves with its line');
    await client.change(uri, [{ text: config }]);
    assert.match(await client.apply(uri, fix?.edit), /learning_rate: 0\.043/);
    assert.deepEqual(ofLog(await client.diagnostics(uri)), []);
    await client.change(uri, [{ text: config }]);
    assert.equal(ofLog(await client.diagnostics(uri)).length, 2, 'taken back, it holds again');
  });

  it('is cleared on request', async () => {
    await client.connection.sendRequest(method.forgetLog, { uri });
    assert.deepEqual(ofLog(await client.diagnostics(uri)), []);
  });

  it('says nothing about the lines where the log is of another config, or healthy, or none', async () => {
    assert.equal((await ask('healthy.json')).outcome, 'otherConfig');
    const rates = config.replace('0.3', '2.0e-3').replace('300', '20');
    await client.change(uri, [{ text: rates }]);
    assert.equal((await ask('healthy.json')).outcome, 'healthy');
    const failed = await ask('README.md');
    assert.equal(failed.outcome, 'failed');
    assert.match(failed.detail, /none of the logs/);
    assert.deepEqual(ofLog(await client.diagnostics(uri)), []);
    assert.deepEqual(client.faults, []);
  });

  it('runs as a command of the server for editors without our client', async () => {
    const other = new TestClient('scripted');
    await other.initialize();
    await other.open(uri, config);
    const answer = await other.connection.sendRequest<LogDiagnosis>('workspace/executeCommand', {
      command: 'trainlint.diagnoseLog',
      arguments: [uri],
    });
    assert.equal(answer.outcome, 'symptoms');
    assert.equal(ofLog(await other.diagnostics(uri)).length, 2);
    await other.stop();
  });
});
