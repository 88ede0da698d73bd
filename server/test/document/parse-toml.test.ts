import assert from 'node:assert/strict';
import { nodeAt } from '../../src/document/lookup.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { MapNode } from '../../src/document/types.ts';
import { assertSound, parsed } from './tree.ts';

describe('TOML', () => {
  const text = [
    '# head',
    'title = "x"',
    'a.b.c = 1',
    '[optimizer] # opt',
    'lr = 1e-4 # rate',
    "name = 'adamw'",
    'params = { betas = [0.9, 0.95], eps = 1e-8 }',
    '[net.unet]',
    'dim = 4',
    '[[data]]',
    'path = "1"',
    '[[data]]',
    'path = "2"',
    '[data.more]',
    'x = 1',
    '',
  ].join('\n');

  it('makes one tree of tables, dotted keys, inline tables and arrays of tables', () => {
    assertSound(parseConfig(text, 'toml'));
    assert.deepEqual(parsed(text, 'toml'), [
      {
        title: 'x',
        a: { b: { c: '1' } },
        optimizer: { lr: '1e-4', name: 'adamw', params: { betas: ['0.9', '0.95'], eps: '1e-8' } },
        net: { unet: { dim: '4' } },
        data: [{ path: '1' }, { path: '2', more: { x: '1' } }],
      },
    ]);
  });

  it('tells sections from inline tables and keeps comments', () => {
    const { roots, comments } = parseConfig(text, 'toml');
    const [root] = roots;
    assert.ok(root);
    assert.equal((nodeAt(root, ['optimizer']) as MapNode).flow, false);
    assert.equal((nodeAt(root, ['optimizer', 'params']) as MapNode).flow, true);
    assert.deepEqual(
      comments.map((comment) => [comment.text, comment.ownLine]),
      [
        ['head', true],
        ['opt', false],
        ['rate', false],
      ],
    );
  });

  it('keeps offsets right behind a byte-order mark and CRLF', () => {
    const marked = '\ufefflr = 1\r\nwd = 0';
    const document = parseConfig(marked, 'toml');
    assertSound(document);
    const [root] = document.roots;
    assert.deepEqual(root && nodeAt(root, ['wd'])?.span, { start: 14, end: 15 });
  });

  it('reports the first broken line and keeps the others', () => {
    const cases: [string, unknown][] = [
      ['a = 1\nb = \nc = 3\n', { a: '1', c: '3' }],
      ['a = 1\nb = [1,\nc = 3\nd = 4\n', { a: '1', c: '3', d: '4' }],
      ['a = 1\nb = "x\nc = 3\n', { a: '1', c: '3' }],
      ['a = 1\nlr: 2\nc = 3\n', { a: '1', c: '3' }],
    ];
    for (const [broken, kept] of cases) {
      const document = parseConfig(broken, 'toml');
      assertSound(document);
      assert.deepEqual(
        document.problems.map(({ code }) => code),
        ['syntax'],
        broken,
      );
      assert.deepEqual(parsed(broken, 'toml'), [kept], broken);
    }
  });

  it('keeps both entries of a key or table that is there twice', () => {
    const twice = '[run]\nlr = 1\nlr = 2\n[run]\nx = 1\n';
    const document = parseConfig(twice, 'toml');
    assertSound(document);
    assert.deepEqual(
      document.problems.map(({ code, span }) => [code, twice.slice(span.start, span.end), span.start]),
      [
        ['duplicate-key', 'lr', 13],
        ['duplicate-key', 'run', 21],
      ],
    );
    const root = document.roots[0] as MapNode;
    assert.deepEqual(
      root.entries.map(({ key, value }) => [
        key.name,
        value.kind === 'map' && value.entries.map((e) => e.key.name),
      ]),
      [
        ['run', ['lr', 'lr']],
        ['run', ['x']],
      ],
    );
  });

  it('has no root for a file without entries', () => {
    for (const empty of ['', '# c\n']) assert.deepEqual(parseConfig(empty, 'toml').roots, []);
  });
});
