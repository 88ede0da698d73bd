// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configs write interpolations this way
import assert from 'node:assert/strict';
import { applyEdits, renameKey, writeKeys } from '../../src/document/edit.ts';
import { loaderById } from '../../src/document/loaders.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { ConfigValue, LoaderId, Path } from '../../src/document/types.ts';

type Write = readonly [path: string, value: ConfigValue | undefined];

/** `a.0.b` as a path: digits are list indices. */
function pathOf(text: string): Path {
  return text.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function written(text: string, writes: readonly Write[], loader: LoaderId = 'pyyaml', root = 0): string {
  const document = parseConfig(text, 'yaml');
  const keyWrites = writes.map(([path, value]) => ({ path: pathOf(path), value }));
  const edits = writeKeys(document, root, loaderById(loader), keyWrites);
  return applyEdits(text, edits);
}

function check(before: string, writes: readonly Write[], after: string, loader?: LoaderId): void {
  assert.equal(written(before, writes, loader), after);
}

describe('YAML: existing values', () => {
  it('replaces only the value', () => {
    check('lr:   1e-4   # rate\nb: 1\n', [['lr', 5e-5]], 'lr:   5.0e-5   # rate\nb: 1\n');
    check('lr: 1e-4\n', [['lr', 5e-5]], 'lr: 5e-5\n', 'omegaconf');
  });

  it('does nothing when the loader already reads the value', () => {
    check(
      'lr: 1.0e-04\nfp16: yes\n',
      [
        ['lr', 1e-4],
        ['fp16', true],
      ],
      'lr: 1.0e-04\nfp16: yes\n',
    );
  });

  it('writes a number over the string that PyYAML makes of 5e-5', () => {
    check('lr: 5e-5\n', [['lr', 5e-5]], 'lr: 5.0e-5\n');
    check('lr: "5e-5"\n', [['lr', 5e-5]], 'lr: 5.0e-5\n');
  });

  it('keeps quotes, anchors and the case of booleans', () => {
    check(
      'a: \'x\' # c\nb: "y"\nc: z\n',
      [
        ['a', "it's"],
        ['b', 'q'],
        ['c', 'w'],
      ],
      "a: 'it''s' # c\nb: \"q\"\nc: w\n",
    );
    check('a: &x 8\nb: *x\n', [['a', 16]], 'a: &x 16\nb: *x\n');
    check(
      'a: True\nb: FALSE\n',
      [
        ['a', false],
        ['b', true],
      ],
      'a: False\nb: TRUE\n',
    );
  });

  it('quotes a string only where it would be misread', () => {
    const values = ['adamw', 'yes', '1.0', '', 'a: b', 'x #y', '- z', '5e-5', '${lr}', '*s', 'null', 'a\nb'];
    const before = values.map((_, index) => `k${index}: x\n`).join('');
    const after = written(
      before,
      values.map((value, index): Write => [`k${index}`, value]),
    );
    assert.equal(
      after,
      'k0: adamw\nk1: "yes"\nk2: "1.0"\nk3: ""\nk4: "a: b"\nk5: "x #y"\nk6: "- z"\nk7: 5e-5\nk8: ${lr}\nk9: "*s"\nk10: "null"\nk11: "a\\nb"\n',
    );
    check('a: x\n', [['a', '5e-5']], 'a: "5e-5"\n', 'omegaconf');
  });

  it('fills empty values', () => {
    check(
      'lr:\nb: # c\nl:\n  -\n',
      [
        ['lr', 1],
        ['b', 2],
        ['l.0', 3],
      ],
      'lr: 1\nb: 2 # c\nl:\n  - 3\n',
    );
    check(
      '{a, b: , c: 1}\n',
      [
        ['a', 1],
        ['b', 2],
      ],
      '{a: 1, b: 2, c: 1}\n',
    );
  });

  it('keeps a column of comments straight', () => {
    check('a: 0.1     # x\nbb: 0.02   # y\n', [['a', 2.5e-4]], 'a: 2.5e-4  # x\nbb: 0.02   # y\n');
  });

  it('keeps tags that fit and drops those that do not', () => {
    check(
      'a: !!float 3e-4\nb: !ref <x>\nc: !new:m.N {k: 1}\nd: !name:f\n',
      [
        ['a', 0.01],
        ['b', 4],
        ['c.k', 2],
        ['d', 'x'],
      ],
      'a: !!float 0.01\nb: 4\nc: !new:m.N {k: 2}\nd: x\n',
    );
  });

  it('replaces an alias at that place only', () => {
    check('a: &x 8\nb: *x # c\nd: *x\n', [['b', 4]], 'a: &x 8\nb: 4 # c\nd: *x\n');
  });

  it('turns an aliased map into one that merges it', () => {
    check(
      'a: &x\n  p: 1\nb: *x # c\nd: *x\n',
      [['b.q', 2]],
      'a: &x\n  p: 1\nb: # c\n  <<: *x\n  q: 2\nd: *x\n',
    );
    check('a: &x {p: 1}\nb: [*x]\n', [['b.0.p', 2]], 'a: &x {p: 1}\nb: [{<<: *x, p: 2}]\n');
  });

  it('overrides a merged key in the map itself', () => {
    check('a: &x\n  p: 1\nb:\n  <<: *x\n', [['b.p', 2]], 'a: &x\n  p: 1\nb:\n  <<: *x\n  p: 2\n');
  });

  it('changes lists item by item', () => {
    const before = 'betas:\n  - 0.9 # one\n  - 0.999\nf: [1, 2, 3] # f\n';
    check(
      before,
      [
        ['betas', [0.9, 0.95]],
        ['f', [1, 4]],
      ],
      'betas:\n  - 0.9 # one\n  - 0.95\nf: [1, 4] # f\n',
    );
    check(
      before,
      [
        ['betas', [1]],
        ['f.3', 4],
      ],
      'betas:\n  - 1 # one\nf: [1, 2, 3, 4] # f\n',
    );
  });

  it('puts blocks for scalars and scalars for blocks', () => {
    check(
      'a: 1 # c\nb: 2\n',
      [['a', { x: 1, y: { z: [1, 2] } }]],
      'a: # c\n  x: 1\n  y:\n    z: [1, 2]\nb: 2\n',
    );
    check('a: # c\n  x: 1\n  y: 2\nb: 2\n', [['a', 3]], 'a: 3 # c\nb: 2\n');
    check('a: |\n  x\n  y\nb: 2\n', [['a', 'z']], 'a: z\nb: 2\n');
    check('a: adam\n', [['a.lr', 1]], 'a:\n  lr: 1\n');
  });

  it('writes maps over maps key by key', () => {
    check('a:\n  x: 1 # x\n  y: 2\n', [['a', { x: 1, z: 3 }]], 'a:\n  x: 1 # x\n  z: 3\n');
  });
});

describe('YAML: new keys', () => {
  it('stand next to a related one, indented like it', () => {
    check(
      'a: 1\nlearning_rate: 1\nb:\n  c: 2\n',
      [['warmup_ratio', 0.1]],
      'a: 1\nlearning_rate: 1\nwarmup_ratio: 0.1\nb:\n  c: 2\n',
    );
    check(
      'o:\n    lr: 1 # r\n    # more\nz: 1\n',
      [['o.weight_decay', 0.1]],
      'o:\n    lr: 1 # r\n    weight_decay: 0.1\n    # more\nz: 1\n',
    );
  });

  it('share one edit when they land in the same place', () => {
    const document = parseConfig('lr: 1\n', 'yaml');
    const writes = ['warmup_steps', 'max_grad_norm', 'other'].map((key) => ({ path: [key], value: 1 }));
    const edits = writeKeys(document, 0, loaderById('pyyaml'), writes);
    assert.equal(edits.length, 1);
    const lines = applyEdits('lr: 1\n', edits).trimEnd().split('\n').sort();
    assert.deepEqual(lines, ['lr: 1', 'max_grad_norm: 1', 'other: 1', 'warmup_steps: 1']);
  });

  it('make the maps and lists they need', () => {
    check(
      'a: 1\n',
      [
        ['o.p.lr', 0.1],
        ['l.0.x', 1],
      ],
      'a: 1\no:\n  p:\n    lr: 0.1\nl:\n  - x: 1\n',
    );
    check('a:\n  b: 1\nc:\n', [['c.d', 1]], 'a:\n  b: 1\nc:\n  d: 1\n');
  });

  it('fit flow maps, one line or many', () => {
    check('a: {b: 1}\n', [['a.c', 'x,y']], 'a: {b: 1, c: "x,y"}\n');
    check('a: {}\n', [['a.c', 1]], 'a: {c: 1}\n');
    check('a: {\n  b: 1, # b\n  c: 2 # c\n}\n', [['a.d', 3]], 'a: {\n  b: 1, # b\n  c: 2, # c\n  d: 3\n}\n');
    check('a: {\n  b: 1,\n}\n', [['a.d', 3]], 'a: {\n  b: 1,\n  d: 3,\n}\n');
  });

  it('fit maps inside of lists', () => {
    check(
      '- a: 1\n  b: 2\n- c: 3\n',
      [
        ['0.d', 4],
        ['1.e', 5],
      ],
      '- a: 1\n  b: 2\n  d: 4\n- c: 3\n  e: 5\n',
    );
    check('l:\n- a: 1\n', [['l.1', { b: 2, c: 3 }]], 'l:\n- a: 1\n- b: 2\n  c: 3\n');
  });

  it('keep the line breaks, the byte-order mark and a missing end of line', () => {
    check('\ufeffa: 1\r\nb: 2\r\n', [['c', 3]], '\ufeffa: 1\r\nb: 2\r\nc: 3\r\n');
    check(
      'a: 1',
      [
        ['b', 2],
        ['c', 3],
      ],
      'a: 1\nb: 2\nc: 3',
    );
  });

  it('start a file, and stay in their document', () => {
    check('', [['a.b', 1]], 'a:\n  b: 1\n');
    check('# only this\n', [['a', 1]], '# only this\na: 1\n');
    assert.equal(written('a: 1\n---\nb: 1\n', [['c', 2]], 'pyyaml', 1), 'a: 1\n---\nb: 1\nc: 2\n');
    assert.equal(written('a: 1\n---\nb: 1\n', [['c', 2]], 'pyyaml', 0), 'a: 1\nc: 2\n---\nb: 1\n');
  });

  it('do not end a block scalar that keeps its blank lines', () => {
    check('a: 1\nb: |+\n  x\n\n', [['c', 2]], 'a: 1\nc: 2\nb: |+\n  x\n\n');
  });
});

describe('YAML: deleting', () => {
  it('takes the line and its comment', () => {
    check('a: 1\nb: 2 # c\nc: 3\n', [['b', undefined]], 'a: 1\nc: 3\n');
    check('a: 1\nb:\n  c: 2\n  d: 3\ne: 4\n', [['b', undefined]], 'a: 1\ne: 4\n');
    check('a: 1\nb: 2', [['b', undefined]], 'a: 1');
    check('a: 1\r\nb: 2\r\n', [['a', undefined]], 'b: 2\r\n');
  });

  it('leaves no empty map behind', () => {
    check('a: # c\n  b: 1\nd: 2\n', [['a.b', undefined]], 'a: {} # c\nd: 2\n');
    check('l:\n  - 1\n', [['l.0', undefined]], 'l: []\n');
    check('- a: 1\n', [['0.a', undefined]], '- {}\n');
  });

  it('leaves no stray commas', () => {
    check('a: {b: 1, c: 2, d: 3}\n', [['a.c', undefined]], 'a: {b: 1, d: 3}\n');
    check('a: {b: 1, c: 2}\n', [['a.c', undefined]], 'a: {b: 1}\n');
    check('a: {b: 1}\n', [['a.b', undefined]], 'a: {}\n');
    check('a: {\n  b: 1,\n  c: 2 # c\n}\n', [['a.c', undefined]], 'a: {\n  b: 1\n}\n');
  });

  it('moves the next key up to the dash', () => {
    check('- a: 1\n  b: 2\n', [['0.a', undefined]], '- b: 2\n');
  });

  it('takes every copy of a duplicate key', () => {
    check('a: 1\nb: 2\na: 3\n', [['a', undefined]], 'b: 2\n');
  });

  it('refuses when an alias would lose its anchor', () => {
    check('a: &x 1\nb: *x\n', [['a', undefined]], 'a: &x 1\nb: *x\n');
  });

  it('hides a key that comes by a merge', () => {
    check('a: &x {p: 1}\nb:\n  <<: *x\n', [['b.p', undefined]], 'a: &x {p: 1}\nb:\n  <<: *x\n  p: null\n');
  });
});

describe('renameKey', () => {
  const renamed = (text: string, path: Path, to: string): string =>
    applyEdits(text, renameKey(parseConfig(text, 'yaml'), 0, path, to));

  it('changes the key and keeps its quotes', () => {
    assert.equal(renamed('lr: 1 # c\n', ['lr'], 'learning_rate'), 'learning_rate: 1 # c\n');
    assert.equal(renamed("'lr': 1\n", ['lr'], 'x'), "'x': 1\n");
    assert.equal(renamed('a: {b: 1}\n', ['a', 'b'], 'yes'), 'a: {"yes": 1}\n');
  });

  it('does nothing without the key or when the name is taken', () => {
    assert.equal(renamed('a: 1\nb: 2\n', ['c'], 'd'), 'a: 1\nb: 2\n');
    assert.equal(renamed('a: 1\nb: 2\n', ['a'], 'b'), 'a: 1\nb: 2\n');
  });
});
