import assert from 'node:assert/strict';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { type MeasurementRead, method, type OwnModelSnippet, type RunDone } from '../../src/lsp/protocol.ts';
import { TestClient } from './support/client.ts';
import { bert, workflow } from './support/configs.ts';

const uri = 'file:///project/run.yaml';
const config = bert.replace('5e-5', '3.0e-3');
const output = (critical: number) =>
  `…\n${JSON.stringify({
    trainlint: {
      config: 'run.yaml',
      run: '',
      optimizer: 'adamw',
      lr: 0.003,
      steps: 16,
      notFinite: [],
      criticalRate: { median: critical, low: critical, high: critical, batches: 5 },
    },
  })}\n`;

describe('the user’s own model through the language server', () => {
  let client: TestClient;
  before(async () => {
    client = new TestClient('scripted');
    await client.initialize({ initializationOptions: { clientCommands: true } });
    await client.open(uri, config);
  });
  after(() => client.stop());

  const snippet = (of: string, run?: number) =>
    client.connection.sendRequest<OwnModelSnippet>(method.ownModelSnippet, { uri: of, run });
  const read = (text: string) =>
    client.connection.sendRequest<MeasurementRead>(method.readMeasurement, { uri, output: text });
  const measured = async () => (await client.diagnostics(uri)).filter(({ code }) => code === 'critical-rate');

  it('gives the script of a run, and none for a file that has no such run', async () => {
    const made = await snippet(uri);
    assert.equal(made?.fileName, 'measure_run.py');
    assert.match(made?.text ?? '', /LR = 0\.003/);
    assert.equal(await snippet(uri, 7), null);
    await client.open('file:///project/.github/workflows/ci.yaml', workflow);
    assert.equal(await snippet('file:///project/.github/workflows/ci.yaml'), null);
  });

  it('offers it beside a symptom the proxy has shown', async () => {
    await client.connection.sendRequest<RunDone>(method.run, { token: 'a', uri, verifyFixes: false });
    const symptom = (await client.diagnostics(uri)).find(({ code }) => code === 'loss-divergence');
    assert.ok(symptom);
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: symptom.range,
      context: { diagnostics: [] },
    });
    const measure = actions.find(({ command }) => command?.command === 'trainlint.measureOwnModel');
    assert.deepEqual(measure?.command?.arguments, [uri, 0]);
  });

  it('refuses what is no measurement', async () => {
    const answer = await read('step,loss\n1,2\n');
    assert.ok(!answer.read && answer.why.length > 0);
    assert.deepEqual(await measured(), []);
  });

  it('shows a measurement on its line with its own fix, which ends it', async () => {
    assert.deepEqual(await read(output(0.001)), { read: true, warnings: 1, notes: 0 });
    const [found] = await measured();
    assert.ok(found);
    assert.match(String(found.message), /^Measured on your own model\./);
    assert.deepEqual(found.range.start, client.position(uri, '3.0e-3'));
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: found.range,
      context: { diagnostics: [found] },
    });
    const fix = actions.find(({ title }) => title.startsWith('Learning rate 5e-4'));
    assert.match(await client.apply(uri, fix?.edit), /learning_rate: 5(?:\.0)?e-4/);
    assert.deepEqual(await measured(), []);
  });

  it('is forgotten when the model is another one', async () => {
    await read(output(1e-5));
    assert.equal((await measured()).length, 1);
    await client.replace(uri, 'bert-base-uncased', 'bert-large-uncased');
    assert.deepEqual(await measured(), []);
  });
});
