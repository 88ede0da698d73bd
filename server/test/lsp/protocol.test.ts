import assert from 'node:assert/strict';
import type { CodeAction, CodeLens, Diagnostic, Hover } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileStatus } from '../../src/lsp/protocol.ts';
import { editsOf, TestClient } from './support/client.ts';
import { bert, workflow } from './support/configs.ts';

const uri = 'file:///project/train.yaml';

describe('the language server, as `trainlint lsp --stdio`', () => {
  let client: TestClient;
  before(async () => {
    client = new TestClient('cli');
    await client.initialize();
    await client.open(uri, bert);
  });
  after(() => client.stop());

  const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);
  const actions = (text: string, only?: string[]) => {
    const start = client.position(uri, text);
    return client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: { start, end: start },
      context: { diagnostics: [], ...(only ? { only } : {}) },
    });
  };

  it('answers pulled diagnostics with rule, page, range and severity', async () => {
    const found = (await client.diagnostics(uri)).find(({ code }) => code === 'float-as-string');
    assert.ok(found);
    assert.equal(found.severity, 1);
    assert.equal(found.source, 'trainlint');
    assert.match(found.codeDescription?.href ?? '', /float-as-string/);
    assert.deepEqual(found.range, {
      start: { line: 4, character: 15 },
      end: { line: 4, character: 19 },
    });
  });

  it('says "unchanged" to whoever has the answer already', async () => {
    const ask = (previousResultId?: string) =>
      client.connection.sendRequest<{ kind: string; resultId: string }>('textDocument/diagnostic', {
        textDocument: { uri },
        ...(previousResultId ? { previousResultId } : {}),
      });
    const first = await ask();
    assert.equal(first.kind, 'full');
    assert.deepEqual(await ask(first.resultId), { kind: 'unchanged', resultId: first.resultId });
  });

  it('is silent about what is no training config, and says why when asked', async () => {
    const other = 'file:///project/.github/workflows/ci.yml';
    await client.open(other, workflow);
    assert.deepEqual(await client.diagnostics(other), []);
    const status = await client.connection.sendRequest<FileStatus>('trainlint/status', { uri: other });
    assert.equal(status.kind, 'none');
    const lens = await client.connection.sendRequest('textDocument/codeLens', {
      textDocument: { uri: other },
    });
    assert.deepEqual(lens, []);
  });

  it('tells what it took a file for, why, and which rules could not tell', async () => {
    const status = await client.connection.sendRequest<FileStatus>('trainlint/status', { uri });
    assert.ok(status.kind === 'config');
    assert.equal(status.dialect.id, 'hf-trainer');
    assert.ok(status.reasons.length > 0 && status.confidence >= 0.5);
    assert.match(status.runs[0] ?? '', /adamw.*1,000 steps/);
    assert.ok(status.notRun.every(({ why }) => why !== ''));
  });

  it('offers the safe fix as preferred; applied, it silences', async () => {
    const fix = (await actions('5e-5')).find(({ isPreferred }) => isPreferred);
    assert.equal(await client.apply(uri, fix?.edit), bert.replace('5e-5', '5.0e-5'));
    assert.ok(!codes(await client.diagnostics(uri)).includes('float-as-string'));
    await client.change(uri, [{ text: bert }]);
  });

  it('names the version its edits were made for', async () => {
    const [fix] = await actions('5e-5');
    const [change] = fix?.edit?.documentChanges ?? [];
    const version = change && 'textDocument' in change ? change.textDocument.version : undefined;
    assert.equal(typeof version, 'number');
  });

  it('fixes all that is safe, only on request, in edits that touch nothing else', async () => {
    assert.ok((await actions('5e-5')).every(({ kind }) => kind === 'quickfix'));
    const [all, ...none] = await actions('model_name', ['source.fixAll']);
    assert.deepEqual(none, []);
    assert.equal(all?.kind, 'source.fixAll.trainlint');
    const edits = editsOf(all?.edit, uri);
    const document = TextDocument.create(uri, 'yaml', 1, bert);
    assert.equal(TextDocument.applyEdits(document, edits), bert.replace('5e-5', '5.0e-5'));
    assert.deepEqual(await actions('5e-5', ['source.fixAll.eslint']), []);
  });

  it('inserts suppressions that are obeyed', async () => {
    const line = (await actions('5e-5')).find(({ title }) => /float-as-string.*line/.test(title));
    const text = await client.apply(uri, line?.edit);
    assert.match(text, /\n# trainlint-disable-next-line float-as-string\nlearning_rate/);
    const after = codes(await client.diagnostics(uri));
    assert.ok(!after.includes('float-as-string') && !after.includes('unused-suppression'));
    await client.change(uri, [{ text: bert }]);
    const file = (await actions('5e-5')).find(({ title }) => /float-as-string.*file/.test(title));
    await client.apply(uri, file?.edit);
    assert.ok(!codes(await client.diagnostics(uri)).includes('float-as-string'));
    await client.change(uri, [{ text: bert }]);
  });

  it('hovers: what it is, what the loader makes of it, what is usual, who checks it', async () => {
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri },
      position: client.position(uri, 'learning_rate', 3),
    });
    const text = (hover.contents as { value: string }).value;
    for (const part of [/learning rate/, /PyYAML reads `5e-5` as text/, /Usual here/, /lr-range/])
      assert.match(text, part);
    const nothing = await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: client.position(uri, 'BERT on', 1),
    });
    assert.equal(nothing, null);
  });

  it('puts a lens over the optimizer', async () => {
    const [lens] = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri },
    });
    assert.equal(lens?.range.start.line, 3);
    assert.deepEqual(lens?.command?.arguments, [uri, 0]);
  });

  it('follows incremental changes exactly, surrogate pairs and line ends included', async () => {
    const other = 'file:///project/emoji.yaml';
    const text = `# 학습 🚀 설정\r\n${bert.replaceAll('\n', '\r\n')}`;
    await client.open(other, text);
    await client.replace(other, '🚀', '🐢🐢');
    await client.replace(other, '5e-5', '5.0e-5');
    assert.ok(!codes(await client.diagnostics(other)).includes('float-as-string'));
    await client.replace(other, '5.0e-5', '6e-5');
    const found = (await client.diagnostics(other)).find(({ code }) => code === 'float-as-string');
    assert.equal(
      found && TextDocument.create(other, 'yaml', 1, client.text(other)).getText(found.range),
      '6e-5',
    );
  });
});
