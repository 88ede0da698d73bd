import assert from 'node:assert/strict';
import { parseConfig } from '../../src/document/parse.ts';
import type { MapNode } from '../../src/document/types.ts';
import { assertSound, parsed } from './tree.ts';

describe('JSON', () => {
  const text =
    '{\n  // rate\n  "lr": 5e-5, /* of the\n peak */\n  "betas": [0.9, 0.95,],\n  "s": "a\\n\\u00e9",\n}\n';

  it('tolerates comments and trailing commas without a word', () => {
    const document = parseConfig(text, 'json');
    assertSound(document);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(parsed(text, 'json'), [{ lr: '5e-5', betas: ['0.9', '0.95'], s: 'a\né' }]);
    assert.deepEqual(
      document.comments.map((comment) => [comment.text, comment.ownLine]),
      [
        ['rate', true],
        ['of the\n peak', false],
      ],
    );
  });

  it('gives exact spans, also behind a byte-order mark', () => {
    const marked = '\ufeff{"lr": 5e-5}';
    const document = parseConfig(marked, 'json');
    assertSound(document);
    const [entry] = (document.roots[0] as MapNode).entries;
    assert.deepEqual(entry?.key.span, { start: 2, end: 6 });
    assert.deepEqual(entry?.value.span, { start: 8, end: 12 });
    assert.equal(entry?.value.kind === 'scalar' && entry.value.style, 'literal');
  });

  it('has no root for an empty file', () => {
    const document = parseConfig(' \n', 'json');
    assert.deepEqual([document.roots, document.problems], [[], []]);
  });

  it('reports one problem and keeps what can be kept', () => {
    const broken = '{"a": 1 "b": , "c": {"d": 2}, "e": [1, 2';
    const document = parseConfig(broken, 'json');
    assertSound(document);
    assert.deepEqual(
      document.problems.map(({ code, span }) => [code, broken.slice(span.start, span.end)]),
      [['syntax', '1']],
    );
    assert.deepEqual(parsed(broken, 'json'), [{ a: '1', b: '', c: { d: '2' }, e: ['1', '2'] }]);
  });

  it("reads NaN and Infinity, as Python's json does", () => {
    const text = '{"a": NaN, "b": -Infinity, "c": [Infinity, 1], "d": 2}';
    const document = parseConfig(text, 'json');
    assertSound(document);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(parsed(text, 'json'), [{ a: 'NaN', b: '-Infinity', c: ['Infinity', '1'], d: '2' }]);
  });

  it('takes what it cannot read for the value, so that a fix replaces it', () => {
    const text = '{"lr": .5, "decay": \'x y\' , "steps": 5}';
    const document = parseConfig(text, 'json');
    assertSound(document);
    assert.equal(document.problems.length, 1);
    const spans = (document.roots[0] as MapNode).entries.map(({ value }) =>
      text.slice(value.span.start, value.span.end),
    );
    assert.deepEqual(spans, ['.5', "'x y'", '5']);
  });

  it('names Python words for what they are', () => {
    const [found] = parseConfig('{"fp16": True}', 'json').problems;
    assert.match(found?.message.en ?? '', /Python.*true/);
  });

  it('keeps both entries of a key that is set twice', () => {
    const document = parseConfig('{"lr": 1,\n "lr": 2}', 'json');
    assert.equal((document.roots[0] as MapNode).entries.length, 2);
    assert.deepEqual(
      document.problems.map(({ code, span }) => [code, span.start]),
      [['duplicate-key', 11]],
    );
    assert.match(document.problems[0]?.message.en ?? '', /line 1/);
  });
});
