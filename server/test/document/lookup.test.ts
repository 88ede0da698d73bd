import assert from 'node:assert/strict';
import fc from 'fast-check';
import { effectiveEntries, entryAt, nodeAt, nodeAtOffset } from '../../src/document/lookup.ts';
import { parseConfig } from '../../src/document/parse.ts';
import { lineEnd, lineStartsOf, offsetAt, positionAt, rangeOf } from '../../src/document/position.ts';
import type { MapNode } from '../../src/document/types.ts';

const text = [
  'base: &base',
  '  lr: 1e-4',
  '  opt: {name: adamw}',
  'run:',
  '  <<: *base',
  '  steps: [10, 20]',
  'again: *base',
  '',
].join('\n');

describe('lookup', () => {
  const document = parseConfig(text, 'yaml');
  const root = document.roots[0] as MapNode;
  const textAt = (...path: (string | number)[]): string | undefined => {
    const node = nodeAt(root, path);
    return node?.kind === 'scalar' ? node.text : undefined;
  };

  it('goes through maps, lists, merges and aliases', () => {
    assert.equal(textAt('base', 'lr'), '1e-4');
    assert.equal(textAt('run', 'lr'), '1e-4');
    assert.equal(textAt('run', 'opt', 'name'), 'adamw');
    assert.equal(textAt('again', 'opt', 'name'), 'adamw');
    assert.equal(textAt('run', 'steps', 1), '20');
    assert.equal(nodeAt(root, ['again']), nodeAt(root, ['base']));
    assert.equal(nodeAt(root, []), root);
  });

  it('finds nothing where nothing is', () => {
    for (const path of [
      ['none'],
      ['base', 'lr', 'x'],
      ['run', 'steps', 2],
      ['run', 'steps', 'x'],
      ['run', '<<'],
    ])
      assert.equal(nodeAt(root, path), undefined, path.join());
  });

  it('finds entries, in the map that holds them', () => {
    const entry = entryAt(root, ['run', 'lr']);
    assert.equal(entry?.key.span.start, text.indexOf('lr'));
    assert.equal(entryAt(root, []), undefined);
    assert.equal(entryAt(root, ['run', 'steps', 0]), undefined);
  });

  it('lists the entries a loader sees, own ones first', () => {
    const run = nodeAt(root, ['run']) as MapNode;
    assert.deepEqual(
      effectiveEntries(run).map(({ key }) => key.name),
      ['steps', 'lr', 'opt'],
    );
  });

  it('tells what stands at an offset', () => {
    const at = (needle: string): unknown => {
      const found = nodeAtOffset(document, text.indexOf(needle) + 1);
      return found && [found.node.path.join('.'), found.entry?.key.name, found.onKey];
    };
    assert.deepEqual(at('lr'), ['base.lr', 'lr', true]);
    assert.deepEqual(at('1e-4'), ['base.lr', 'lr', false]);
    assert.deepEqual(at('adamw'), ['base.opt.name', 'name', false]);
    assert.deepEqual(at('20'), ['run.steps.1', undefined, false]);
    assert.deepEqual(at('*base'), ['run.<<', undefined, false]);
    assert.deepEqual(at('again'), ['again', 'again', true]);
  });

  it('finds the place behind a colon with nothing after it', () => {
    const open = parseConfig('a: 1\nlr:\n', 'yaml');
    assert.deepEqual(nodeAtOffset(open, 8)?.entry?.key.name, 'lr');
  });
});

describe('positions', () => {
  it('counts lines by \\n, \\r\\n and \\r', () => {
    assert.deepEqual(lineStartsOf('a\nb\r\nc\rd'), [0, 2, 5, 7]);
    assert.deepEqual(lineStartsOf('\ufeffa\n'), [1, 3]);
    assert.deepEqual(lineStartsOf(''), [0]);
  });

  it('moves what lies outside to the nearest end', () => {
    const lines = { text: 'ab\r\ncd', lineStarts: [0, 4] };
    assert.deepEqual(positionAt(lines, 99), { line: 1, character: 2 });
    assert.deepEqual(positionAt(lines, -1), { line: 0, character: 0 });
    assert.equal(offsetAt(lines, { line: 0, character: 99 }), 2);
    assert.equal(offsetAt(lines, { line: 9, character: 0 }), 6);
    assert.equal(lineEnd(lines, 0), 2);
    assert.deepEqual(rangeOf(lines, { start: 1, end: 5 }), {
      start: { line: 0, character: 1 },
      end: { line: 1, character: 1 },
    });
  });

  it('goes there and back', () => {
    const parts = fc.array(fc.constantFrom('a', '😀', '\n', '\r\n', '\r'), { maxLength: 30 });
    fc.assert(
      fc.property(parts, fc.nat(60), (pieces, seed) => {
        const content = pieces.join('');
        const lines = { text: content, lineStarts: lineStartsOf(content) };
        const offset = Math.min(seed, content.length);
        const back = offsetAt(lines, positionAt(lines, offset));
        // Between \r and \n there is no position of its own.
        const inBreak = content[offset - 1] === '\r' && content[offset] === '\n';
        assert.equal(back, inBreak ? offset - 1 : offset);
      }),
    );
  });
});
