import assert from 'node:assert/strict';
import type { CompletionItem, DocumentSymbol, InlayHint } from 'vscode-languageserver-protocol/node';
import type { OptimizerChoices, RuleDocs } from '../../src/lsp/protocol.ts';
import { editsOf, TestClient } from './support/client.ts';
import { bert } from './support/configs.ts';

describe('writing a config', () => {
  let client: TestClient;
  before(async () => {
    client = new TestClient('scripted');
    await client.initialize();
  });
  after(() => client.stop());
  afterEach(() => assert.deepEqual(client.faults, []));

  let count = 0;
  /** Opens a text with `|` where the cursor is, and asks for completions there. */
  async function complete(
    marked: string,
    extension = 'yaml',
    name = String(++count),
  ): Promise<CompletionItem[]> {
    const offset = marked.indexOf('|');
    const text = marked.slice(0, offset) + marked.slice(offset + 1);
    const uri = `file:///write/${count}/${name}.${extension}`;
    await client.open(uri, text, extension);
    const before = text.slice(0, offset).split('\n');
    return client.connection.sendRequest('textDocument/completion', {
      textDocument: { uri },
      position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
    });
  }
  const labels = (items: readonly CompletionItem[]) =>
    items.toSorted((a, b) => (a.sortText ?? '').localeCompare(b.sortText ?? '')).map(({ label }) => label);

  it('completes the optimizers of the framework, the domain’s first choice first', async () => {
    const names = labels(await complete(bert.replace('adamw_torch', '|')));
    assert.match(names[0] ?? '', /adam/);
    assert.ok(names.includes('adafactor') && names.includes('sgd'));
    assert.ok(!names.includes('SGD'), 'only spellings that the framework takes');
  });

  it('completes schedules', async () => {
    const names = labels(await complete(bert.replace('lr_scheduler_type: linear', 'lr_scheduler_type: |')));
    assert.ok(names.includes('cosine') && names.includes('constant'), names.join());
  });

  it('completes keys that are not there yet, those that matter to training first', async () => {
    const items = await complete(`${bert}w|`);
    const names = labels(items);
    assert.ok(names.includes('warmup_ratio'), names.join());
    assert.ok(!names.includes('weight_decay'), 'what is there already is not offered');
    const item = items.find(({ label }) => label === 'warmup_ratio');
    assert.equal(item?.textEdit?.newText, 'warmup_ratio: ');
    assert.match(JSON.stringify(item?.documentation), /warm-up/i);
  });

  it('quotes in JSON', async () => {
    const items = await complete(
      '{"train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": 1,\n "optimizer": {"type": "|", "params": {"lr": 1e-4}}, "zero_optimization": {"stage": 1}}',
      'json',
    );
    const adamw = items.find(({ label }) => label === 'AdamW');
    assert.equal(adamw?.textEdit?.newText, 'AdamW');
  });

  it('offers nothing in files that are no config', async () => {
    assert.deepEqual(await complete('a: 1\nopt|'), []);
  });

  it('completes our own settings file', async () => {
    const own = async (marked: string) =>
      labels(await complete(marked, 'yaml', `${++count}/trainlint.config`));
    assert.ok((await own('|')).includes('rules'));
    assert.ok((await own('rules:\n  |')).includes('float-as-string'));
    assert.deepEqual((await own('rules:\n  float-as-string: |')).sort(), [
      'error',
      'hint',
      'information',
      'off',
      'warning',
    ]);
    assert.ok((await own('overrides:\n  - files: [a]\n    domain: |')).includes('llm'));
    assert.ok((await own('overrides:\n  - files: [a]\n    dialect: |')).includes('hf-trainer'));
  });

  it('draws the schedule in hovers of editors that show pictures', async () => {
    const other = new TestClient('scripted');
    await other.initialize({ initializationOptions: { clientCommands: true } });
    const uri = 'file:///write/picture.yaml';
    await other.open(uri, bert);
    const hover = (at: string) =>
      other.connection.sendRequest('textDocument/hover', {
        textDocument: { uri },
        position: other.position(uri, at, 1),
      });
    const [, picture] = /base64,([^)]+)\)/.exec(JSON.stringify(await hover('lr_scheduler'))) ?? [];
    const svg = Buffer.from(picture ?? '', 'base64').toString();
    assert.match(svg, /^<svg .*1,000<\/text><\/svg>$/);
    assert.ok(!svg.includes('NaN'));
    assert.ok(!JSON.stringify(await hover('weight_decay')).includes('data:image'));
    await other.stop();
  });

  it('hints at what follows from the numbers', async () => {
    const uri = 'file:///write/hints.yaml';
    const text = bert
      .replace('max_steps: 1000', 'num_train_epochs: 3\nwarmup_ratio: 0.1')
      .replace('# BERT on MRPC', '# trainlint: dataset-size=3200');
    await client.open(uri, text);
    const hints = await client.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
    });
    const shown = hints.map(({ label }) => label);
    for (const expected of ['32 samples per step', '300 steps', '30 steps', 'ends at 0'])
      assert.ok(shown.includes(expected), `${expected} in ${shown.join(' | ')}`);
  });

  it('outlines the run in the words of the field', async () => {
    const uri = 'file:///write/outline.yaml';
    await client.open(uri, bert);
    const [run] = await client.connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri },
    });
    assert.equal(run?.name, 'training run');
    const names = run?.children?.map(({ name, detail }) => `${name} ${detail}`) ?? [];
    assert.ok(names.includes('learning rate 5e-5') && names.includes('optimizer adamw'), names.join(' | '));
  });

  it('walks the decision tree to an edit', async () => {
    const uri = 'file:///write/choose.yaml';
    await client.open(uri, bert);
    const ask = (answers: string[]) =>
      client.connection.sendRequest<OptimizerChoices>('trainlint/chooseOptimizer', {
        uri,
        offset: 0,
        answers,
      });
    const answers: string[] = [];
    let next = await ask(answers);
    while (next.kind === 'question') {
      const option = next.options.at(-1);
      assert.ok(option);
      answers.push(option.id);
      next = await ask(answers);
    }
    const chosen = next.optimizers.find(({ applicable }) => applicable);
    assert.ok(chosen, 'an optimizer this framework has');
    const applied = await client.connection.sendRequest('trainlint/applyOptimizer', {
      uri,
      offset: 0,
      optimizer: chosen.id,
    });
    assert.deepEqual(applied, { applied: true });
    const { edit } = client.edits.at(-1) as { edit: unknown };
    assert.ok(editsOf(edit, uri).length > 0);
    assert.equal((await ask(['no such answer'])).kind, 'question');
  });

  it('shows the page of a rule, and of no other', async () => {
    const page = await client.connection.sendRequest<RuleDocs>('trainlint/ruleDocs', {
      rule: 'float-as-string',
    });
    assert.match(page?.markdown ?? '', /^# float-as-string/);
    assert.equal(await client.connection.sendRequest('trainlint/ruleDocs', { rule: '../secrets' }), null);
  });
});
