import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inferenceTable, inferFrom, modelSizeTable, parametersFromName } from '../../src/knowledge/index.ts';

describe('inference from names', () => {
  for (const row of inferenceTable) {
    it(`${row.id} knows its examples and no other row comes first`, () => {
      for (const example of row.examples) assert.equal(inferFrom(row.looksAt, example)?.id, row.id, example);
      for (const example of row.counterExamples ?? [])
        assert.notEqual(inferFrom(row.looksAt, example)?.id, row.id, example);
    });
  }

  it('reads names nobody wrote down', () => {
    const architecture = (name: string) => inferFrom('model', name)?.gives.architecture;
    assert.equal(architecture('my-org/my-llama-7b-chat'), 'gpt');
    assert.equal(architecture('monologg/kobert'), 'bert');
    assert.equal(architecture('facebook/mbart-large-50'), 't5');
    assert.equal(architecture('resnet101d'), 'resnet');
    assert.equal(architecture('yolov8x-seg.pt'), 'yolo');
    assert.equal(architecture('./checkpoints/run1'), undefined);
    assert.equal(architecture('model'), undefined);
    assert.equal(architecture(''), undefined);
  });

  it('does not spend time on what is no name', () => {
    assert.equal(inferFrom('model', 'bert-'.repeat(100_000)), undefined);
    assert.equal(parametersFromName('7b'.repeat(100_000)), undefined);
    const started = performance.now();
    for (const subject of ['model', 'class', 'task', 'dataset', 'dialect'] as const)
      for (const text of ['a', '-', '_', 'bert', 'unet', '1'])
        inferFrom(subject, text.repeat(Math.floor(300 / text.length)));
    assert.ok(performance.now() - started < 200);
  });
});

describe('parametersFromName', () => {
  const expected: [string, number | undefined][] = [
    ['Qwen/Qwen2.5-1.5B-Instruct', 1.5e9],
    ['HuggingFaceTB/SmolLM2-135M', 1.35e8],
    ['Qwen/Qwen3-30B-A3B', 3e10],
    ['stabilityai/stablelm-2-1_6b', 1.6e9],
    ['qwen2_5_0_5b', 5e8],
    ['llama3_1_8b', undefined],
    ['mistralai/Mixtral-8x7B-v0.1', 4.67e10],
    ['acme/experts-4x2b', 8e9],
    ['bert-base-uncased', 1.1e8],
    ['gpt2', 1.24e8],
    ['/data/70b/llama', undefined],
    ['yolov8n', undefined],
    ['', undefined],
  ];
  for (const [name, parameters] of expected) {
    it(`${name || 'an empty name'} tells ${parameters ?? 'nothing'}`, () => {
      assert.equal(parametersFromName(name), parameters);
    });
  }

  it('is a positive number or nothing, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (name) => {
        const parameters = parametersFromName(name);
        assert.ok(parameters === undefined || parameters > 0);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom('b', 'B', 'm', 'M'), (number, unit) => {
        const each = unit.toLowerCase() === 'b' ? 1e9 : 1e6;
        assert.equal(parametersFromName(`acme/model-${number}${unit}-chat`), number * each);
      }),
    );
  });

  it('known sizes know their examples', () => {
    for (const { examples, parameters } of modelSizeTable)
      for (const example of examples) assert.equal(parametersFromName(example), parameters, example);
  });
});
