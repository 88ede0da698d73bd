import assert from 'node:assert/strict';
import {
  CancellationTokenSource,
  type CodeAction,
  type Diagnostic,
} from 'vscode-languageserver-protocol/node';
import {
  method,
  type RunDone,
  type RunFixMessage,
  type RunSpecMessage,
  type RunStaleMessage,
  type RunStepsMessage,
  type RunSymptomMessage,
  type SwitchingResult,
} from '../../src/lsp/protocol.ts';
import { editsOf, TestClient } from './support/client.ts';
import { bert, diverging } from './support/configs.ts';

const uri = 'file:///project/run.yaml';
/** Far above what is usual: the scripted kernels diverge, and a tenth of it heals. */
const tooFast = bert.replace('5e-5', '3.0e-3');

describe('a sanity run through the language server', () => {
  let client: TestClient;
  const heard = {
    specs: [] as RunSpecMessage[],
    steps: [] as RunStepsMessage[],
    symptoms: [] as RunSymptomMessage[],
    fixes: [] as RunFixMessage[],
    stale: [] as RunStaleMessage[],
  };
  const progress: { token: unknown; value: { kind: string } }[] = [];

  before(async () => {
    client = new TestClient('scripted');
    await client.initialize();
    client.connection.onNotification(
      method.runSpec,
      (message: RunSpecMessage) => void heard.specs.push(message),
    );
    client.connection.onNotification(
      method.runSteps,
      (message: RunStepsMessage) => void heard.steps.push(message),
    );
    client.connection.onNotification(
      method.runSymptom,
      (message: RunSymptomMessage) => void heard.symptoms.push(message),
    );
    client.connection.onNotification(
      method.runFix,
      (message: RunFixMessage) => void heard.fixes.push(message),
    );
    client.connection.onNotification(
      method.runStale,
      (message: RunStaleMessage) => void heard.stale.push(message),
    );
    client.connection.onNotification('$/progress', (message) => void progress.push(message));
    await client.open(uri, tooFast);
  });
  after(() => client.stop());

  const run = (token: string, more: object = {}, cancel?: CancellationTokenSource) =>
    client.connection.sendRequest<RunDone>(
      method.run,
      { token, uri, verifyFixes: true, ...more },
      cancel?.token,
    );
  const ofRun = (diagnostics: readonly Diagnostic[]) =>
    diagnostics.filter(({ code }) => code === 'loss-divergence');

  it('streams the curves, names the symptom, tries fixes and gives a verdict', async () => {
    const done = await run('first');
    assert.equal(done.outcome, 'symptoms');
    assert.match(done.headline, /diverge/i);
    assert.ok(done.notes.length > 0, 'caveats');
    assert.equal(heard.specs[0]?.token, 'first');
    assert.ok((heard.specs[0]?.scaled.length ?? 0) > 0);
    const yours = heard.steps.filter(({ series }) => series === 'yours');
    assert.ok(yours.length > 5);
    assert.ok(
      yours.some(({ loss }) => loss.includes(null)),
      'NaN travels as null',
    );
    assert.ok(heard.symptoms.some(({ symptom }) => symptom === 'loss-divergence'));
    assert.ok(heard.fixes.some(({ verdict }) => verdict === 'heals'));
    assert.deepEqual([...new Set(progress.map(({ value }) => value.kind))], ['begin', 'report', 'end']);
  });

  it('becomes a diagnostic where the best fix would change something, with that fix', async () => {
    const [symptom, ...none] = ofRun(await client.diagnostics(uri));
    assert.deepEqual(none, []);
    assert.equal(symptom?.range.start.line, 4);
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: symptom?.range,
      context: { diagnostics: [] },
    });
    const verified = actions.find(({ title }) => /healed the sanity run/.test(title));
    assert.match(editsOf(verified?.edit, uri)[0]?.newText ?? '', /\d/);
  });

  it('can be applied from its token until the settings change', async () => {
    const healing = heard.fixes.find(({ verdict }) => verdict === 'heals');
    const apply = () =>
      client.connection.sendRequest<{ applied: boolean; why?: string }>(method.applyFix, {
        token: 'first',
        id: healing?.id,
      });
    assert.deepEqual(await apply(), { applied: true });
    assert.equal(client.edits.length, 1);
    await client.replace(uri, '3.0e-3', '1.0e-3');
    const late = await apply();
    assert.equal(late.applied, false);
    assert.match(late.why ?? '', /changed/);
    await client.replace(uri, '1.0e-3', '3.0e-3');
  });

  it('is called stale while the settings are others, and only then', async () => {
    heard.stale.length = 0;
    const told = async (count: number) => {
      for (let i = 0; i < 100 && heard.stale.length < count; i++)
        await new Promise((go) => setTimeout(go, 20));
      return heard.stale;
    };
    await client.replace(uri, '3.0e-3', '1.0e-3');
    assert.deepEqual(await told(1), [{ token: 'first', stale: true }]);
    await client.replace(uri, '# BERT', '# a remark\n# BERT');
    await client.replace(uri, '1.0e-3', '3.0e-3');
    assert.deepEqual((await told(2)).slice(1), [{ token: 'first', stale: false }]);
    await client.replace(uri, '# a remark\n# BERT', '# BERT');
  });

  it('survives comments and vanishes when what it speaks of changes', async () => {
    await client.replace(uri, '# BERT', '# a new line\n# BERT');
    assert.equal(ofRun(await client.diagnostics(uri))[0]?.range.start.line, 5);
    await client.replace(uri, '3.0e-3', '2.0e-5');
    assert.deepEqual(ofRun(await client.diagnostics(uri)), []);
  });

  it('says so when all is well', async () => {
    const done = await run('healthy');
    assert.equal(done.outcome, 'healthy');
    assert.deepEqual(ofRun(await client.diagnostics(uri)), []);
  });

  it('stops when it is cancelled', async () => {
    const cancel = new CancellationTokenSource();
    setTimeout(() => cancel.cancel(), 150);
    const started = Date.now();
    const done = await run('endless', { seed: 99 }, cancel);
    assert.equal(done.outcome, 'cancelled');
    assert.ok(Date.now() - started < 3000);
  });

  it('gives way to a newer run of the same file', async () => {
    const older = run('older', { seed: 99 });
    await new Promise((go) => setTimeout(go, 100));
    const newer = await run('newer');
    assert.equal((await older).outcome, 'cancelled');
    assert.equal(newer.outcome, 'healthy');
  });

  it('reports faults of the kernels as a verdict, and lives on', async () => {
    const done = await run('faulty', { seed: 7 });
    assert.equal(done.outcome, 'failed');
    assert.match(done.detail, /seed 7/);
    assert.equal((await run('after')).outcome, 'healthy');
  });

  it('refuses what is no config', async () => {
    const other = 'file:///project/other.yaml';
    await client.open(other, 'a: 1\n');
    const done = await client.connection.sendRequest<RunDone>(method.run, {
      token: 'x',
      uri: other,
      verifyFixes: false,
    });
    assert.equal(done.outcome, 'failed');
    assert.equal(
      await client.connection.sendRequest(method.run, { token: 'y', uri: 'file:///closed.yaml' }),
      null,
    );
  });

  it('tries a switch to SGD where Adam is what trains, and says so otherwise', async () => {
    const ask = (more: object = {}) =>
      client.connection.sendRequest<SwitchingResult>(method.switching, { token: 's', uri, ...more });
    const tried = await ask();
    assert.equal(tried.token, 's');
    assert.ok(['no-stall', 'unresolved', 'better', 'worse'].includes(tried.outcome), tried.detail);
    assert.deepEqual(
      tried.arms.filter(({ id }) => id !== 'switch').map(({ id }) => id),
      ['adam', 'sgd'],
    );
    assert.ok(tried.arms.every(({ steps, valLoss }) => steps.length > 8 && steps.length === valLoss.length));
    assert.match(tried.detail, /proxy evidence/);
    assert.ok(tried.stages.length > 2);
    assert.equal((await ask({ seed: 7 })).outcome, 'failed');
    assert.equal(heard.specs[0]?.switchable, false, 'nobody advises it for BERT');
  });

  it('is a command for editors without a client of ours', async () => {
    const done = await client.connection.sendRequest<RunDone>('workspace/executeCommand', {
      command: 'trainlint.runSanityCheck',
      arguments: [uri, 0],
    });
    assert.equal(done.outcome, 'healthy');
  });
});

describe('a workspace that is not trusted', () => {
  it('starts no training until it is', async () => {
    const client = new TestClient('scripted');
    await client.initialize({ initializationOptions: { trusted: false } });
    await client.open(uri, diverging);
    const run = (token: string) =>
      client.connection.sendRequest<RunDone>(method.run, { token, uri, verifyFixes: false });
    const refused = await run('a');
    assert.equal(refused.outcome, 'failed');
    assert.match(refused.detail, /trust/);
    assert.ok((await client.diagnostics(uri)).length > 0, 'linting works');
    await client.connection.sendNotification(method.trusted);
    assert.equal((await run('b')).outcome, 'symptoms');
    await client.stop();
  });
});
