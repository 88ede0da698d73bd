// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configs write interpolations this way
import assert from 'node:assert/strict';
import { nodeAt } from '../../src/document/lookup.ts';
import { formatOf, parseConfig } from '../../src/document/parse.ts';
import type { ConfigNode, MapNode, ScalarNode } from '../../src/document/types.ts';
import { assertSound, parsed } from './tree.ts';

function rootOf(text: string): ConfigNode {
  const document = parseConfig(text, 'yaml');
  assertSound(document);
  const [root] = document.roots;
  assert.ok(root);
  return root;
}

function scalar(text: string, ...path: (string | number)[]): ScalarNode {
  const node = nodeAt(rootOf(text), path);
  assert.equal(node?.kind, 'scalar');
  return node as ScalarNode;
}

describe('formatOf', () => {
  it('knows YAML, JSON and TOML and nothing else', () => {
    assert.equal(formatOf('a/b.yaml'), 'yaml');
    assert.equal(formatOf('B.YML'), 'yaml');
    assert.equal(formatOf('ds.json'), 'json');
    assert.equal(formatOf('ds.jsonc'), 'json');
    assert.equal(formatOf('x.toml'), 'toml');
    for (const name of ['train.py', 'yaml', 'x.conf', 'x.yaml.bak', ''])
      assert.equal(formatOf(name), undefined);
  });
});

describe('YAML scalars', () => {
  const text = [
    'plain: 1e-4   # rate',
    "single: 'it''s'",
    'double: "a\\tb"',
    'empty:',
    'block: |',
    '  one',
    '  two',
    'folded: >-',
    '  one',
    '  two',
    'long: one',
    '  two',
    '',
  ].join('\n');

  it('keeps source, text and style apart', () => {
    const rows = (rootOf(text) as MapNode).entries.map(({ value }) => {
      const { source, text: content, style } = value as ScalarNode;
      return [source, content, style];
    });
    assert.deepEqual(rows, [
      ['1e-4', '1e-4', 'plain'],
      ["'it''s'", "it's", 'single-quoted'],
      ['"a\\tb"', 'a\tb', 'double-quoted'],
      ['', '', 'plain'],
      ['|\n  one\n  two', 'one\ntwo\n', 'block-literal'],
      ['>-\n  one\n  two', 'one two', 'block-folded'],
      ['one\n  two', 'one two', 'plain'],
    ]);
  });

  it('places an empty value behind its colon', () => {
    const { span } = scalar('a:\nlr:   # later\n', 'lr');
    assert.deepEqual(span, { start: 6, end: 6 });
  });

  it('counts UTF-16 code units', () => {
    const { span } = scalar('이름: 😀x\nlr: 1\n', 'lr');
    assert.deepEqual(span, { start: 12, end: 13 });
  });
});

describe('YAML structure', () => {
  it('reads block and flow collections alike', () => {
    assert.deepEqual(parsed('a:\n  - 1\n  - b: [x, {y: z}]\n    c: {}\n'), [
      { a: ['1', { b: ['x', { y: 'z' }], c: {} }] },
    ]);
  });

  it('reads every document of a stream', () => {
    assert.deepEqual(parsed('a: 1\n---\nb: 2\n...\n---\nc: 3\n'), [{ a: '1' }, { b: '2' }, { c: '3' }]);
  });

  it('has no roots where nothing is written', () => {
    for (const text of ['', '\n\n', '# only a comment\n', '\ufeff']) {
      const document = parseConfig(text, 'yaml');
      assert.deepEqual([document.roots, document.problems], [[], []], JSON.stringify(text));
    }
  });

  it('keeps offsets right behind a byte-order mark and CRLF', () => {
    const text = '\ufefflr: 1\r\nbatch: 8 # b\r\n';
    const document = parseConfig(text, 'yaml');
    assertSound(document);
    assert.deepEqual(document.lineStarts, [1, 8, 22]);
    assert.equal(scalar(text, 'batch').span.start, 15);
    assert.deepEqual(document.comments, [{ span: { start: 17, end: 20 }, text: 'b', ownLine: false }]);
  });

  it('remembers tags and anchors outside of the value', () => {
    const node = scalar('lr: &rate !!float 3e-4\n', 'lr');
    assert.deepEqual([node.anchor, node.tag, node.source], ['rate', '!!float', '3e-4']);
    const map = nodeAt(rootOf('net: !new:models.Net\n  dim: 4\n'), ['net']);
    assert.equal(map?.tag, '!new:models.Net');
    assert.equal(scalar('net: !new:models.Net\n  dim: 4\n', 'net', 'dim').source, '4');
  });

  it('says nothing about unknown tags, interpolations and templates in quotes', () => {
    const text = 'a: !ref <lr>\nb: ${x.y}\nc: "{{ z }}"\nd: ???\ne: !!python/tuple [1, 2]\nf: !name:x.y\n';
    assert.deepEqual(parseConfig(text, 'yaml').problems, []);
  });

  it('accepts flow lines that are not indented, as PyYAML does', () => {
    const text = 'a:\n  s: [[1, 2], # first\n  [3, 4],\n[5]]\n  t: 1\n';
    const document = parseConfig(text, 'yaml');
    assertSound(document);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(parsed(text), [{ a: { s: [['1', '2'], ['3', '4'], ['5']], t: '1' } }]);
    assert.deepEqual(
      document.comments.map((comment) => comment.text),
      ['first'],
    );
  });

  it('accepts quoted lines that are not indented, as PyYAML does', () => {
    const text = 'a:\n  s: "one\ntwo" # c\n  t: 1\n';
    const document = parseConfig(text, 'yaml');
    assertSound(document);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(parsed(text), [{ a: { s: 'one two', t: '1' } }]);
  });

  it('collects comments wherever they stand', () => {
    const text =
      '# head\na: 1 # one\nb: # of b\n  - 2 # two\n  # own\nc: [1, # in\n  2]\nd: | # block\n  x\n# end\n';
    const { comments } = parseConfig(text, 'yaml');
    assert.deepEqual(
      comments.map((comment) => [comment.text, comment.ownLine]),
      [
        ['head', true],
        ['one', false],
        ['of b', false],
        ['two', false],
        ['own', true],
        ['in', false],
        ['block', false],
        ['end', true],
      ],
    );
  });
});

describe('YAML anchors and merges', () => {
  const text = 'base: &b\n  lr: 1\n  wd: 2\nrun:\n  <<: *b\n  lr: 3\nother: *b\n';

  it('points aliases at their anchors and keeps merges apart from entries', () => {
    const root = rootOf(text) as MapNode;
    const run = nodeAt(root, ['run']) as MapNode;
    assert.deepEqual(
      run.entries.map(({ key }) => key.name),
      ['lr'],
    );
    const [merge] = run.merges;
    assert.equal(merge?.kind === 'alias' && merge.target, root.entries[0]?.value);
    assert.equal(root.entries[2]?.value.kind, 'alias');
  });

  it('orders the sources of a merge by precedence', () => {
    const list = 'a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  <<: [*a, *b]\nd:\n  <<: *a\n  <<: *b\n';
    const root = rootOf(list);
    assert.equal((nodeAt(root, ['c', 'x']) as ScalarNode).text, '1');
    assert.equal((nodeAt(root, ['c', 'y']) as ScalarNode).text, '3');
    // PyYAML gives the later of two `<<` the last word.
    assert.equal((nodeAt(root, ['d', 'x']) as ScalarNode).text, '2');
  });

  it('reports an alias without an anchor and one inside of its own block', () => {
    for (const broken of ['a: *nowhere\n', 'a: &a\n  b: *a\n']) {
      const document = parseConfig(broken, 'yaml');
      assertSound(document);
      assert.deepEqual(
        document.problems.map(({ code }) => code),
        ['syntax'],
      );
    }
  });

  it('takes an anchor again that was redefined', () => {
    const again = rootOf('a: &x 1\nb: &x 2\nc: *x\n');
    assert.equal((nodeAt(again, ['c']) as ScalarNode).text, '2');
  });
});
