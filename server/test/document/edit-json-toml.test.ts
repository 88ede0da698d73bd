import assert from 'node:assert/strict';
import { applyEdits, renameKey, writeKeys } from '../../src/document/edit.ts';
import { loaderById } from '../../src/document/loaders.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { ConfigValue, Path } from '../../src/document/types.ts';

type Write = readonly [path: Path, value: ConfigValue | undefined];

function written(text: string, format: 'json' | 'toml', writes: readonly Write[]): string {
  const document = parseConfig(text, format);
  const keyWrites = writes.map(([path, value]) => ({ path, value }));
  return applyEdits(text, writeKeys(document, 0, loaderById(format), keyWrites));
}

describe('JSON edits', () => {
  const check = (before: string, writes: readonly Write[], after: string): void =>
    assert.equal(written(before, 'json', writes), after);

  it('replaces values and nothing else', () => {
    check(
      '{"a": 1e-4, "s": "x"}',
      [
        [['a'], 5e-5],
        [['s'], 'é"'],
      ],
      '{"a": 5e-5, "s": "é\\""}',
    );
    check('{"a": "8"}', [[['a'], 8]], '{"a": 8}');
    check('{"a": 8.0}', [[['a'], 8]], '{"a": 8.0}');
  });

  it('adds keys in the style of the file', () => {
    check(
      '{\n  "a": 1\n}\n',
      [
        [['b'], 2],
        [['c'], 3],
      ],
      '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n',
    );
    check('{\n\t"a": 1,\n}\n', [[['b'], [1, 2]]], '{\n\t"a": 1,\n\t"b": [1, 2],\n}\n');
    check('{"a":1}', [[['b'], 2]], '{"a":1, "b":2}');
    check('{\n  "a": 1 // one\n}', [[['b'], 2]], '{\n  "a": 1, // one\n  "b": 2\n}');
    check('{\r\n    "a": 1\r\n}', [[['b'], 2]], '{\r\n    "a": 1,\r\n    "b": 2\r\n}');
  });

  it('makes objects on the way, spread over lines where the file is', () => {
    check(
      '{\n  "a": {}\n}\n',
      [[['a', 'b', 'c'], 1]],
      '{\n  "a": {\n    "b": {\n      "c": 1\n    }\n  }\n}\n',
    );
    check('{"a": {}}', [[['a', 'b'], 1]], '{"a": {"b": 1}}');
    check('', [[['a', 'b'], 1]], '{\n  "a": {\n    "b": 1\n  }\n}\n');
    check('{}\n', [[['a'], 1]], '{\n  "a": 1\n}\n');
  });

  it('deletes keys with their line, comma and comment', () => {
    check('{\n  "a": 1, // a\n  "b": 2\n}', [[['a'], undefined]], '{\n  "b": 2\n}');
    check('{\n  "a": 1, // a\n  "b": 2\n}', [[['b'], undefined]], '{\n  "a": 1 // a\n}');
    check(
      '{"a": 1, "b": 2, "c": 3}',
      [
        [['b'], undefined],
        [['c'], undefined],
      ],
      '{"a": 1}',
    );
    check('{"a": {"b": 1}}', [[['a', 'b'], undefined]], '{"a": {}}');
    check('{"l": [1, 2, 3]}', [[['l', 1], undefined]], '{"l": [1, 3]}');
  });

  it('renames keys', () => {
    const text = '{"lr": 1}';
    assert.equal(applyEdits(text, renameKey(parseConfig(text, 'json'), 0, ['lr'], 'a"b')), '{"a\\"b": 1}');
  });
});

describe('TOML edits', () => {
  const check = (before: string, writes: readonly Write[], after: string): void =>
    assert.equal(written(before, 'toml', writes), after);

  it('replaces values and keeps quotes and comments', () => {
    check('lr = 1e-4 # r\n', [[['lr'], 5e-5]], 'lr = 5e-5 # r\n');
    check(
      'a = \'x\'\nb = "y"\n',
      [
        [['a'], 'z'],
        [['b'], "it's"],
      ],
      "a = 'z'\nb = \"it's\"\n",
    );
    check('a = [1, 2]\n', [[['a'], [1, 3]]], 'a = [1, 3]\n');
  });

  it('adds keys to the section, dotted group or inline table they belong to', () => {
    check('[o]\nlr = 1 # r\n\n[p]\nx = 1\n', [[['o', 'wd'], 2]], '[o]\nlr = 1 # r\nwd = 2\n\n[p]\nx = 1\n');
    check('o.lr = 1\no.eps = 2\n', [[['o', 'wd'], 3]], 'o.lr = 1\no.eps = 2\no.wd = 3\n');
    check('o = { lr = 1 }\n', [[['o', 'wd'], 2]], 'o = { lr = 1, wd = 2 }\n');
    check('[o]\n', [[['o', 'wd'], 2]], '[o]\nwd = 2\n');
  });

  it('puts root keys before the first section', () => {
    check('a = 1\n\n[o]\nlr = 1\n', [[['b'], 2]], 'a = 1\nb = 2\n\n[o]\nlr = 1\n');
    check('# head\n\n# of o\n[o]\nlr = 1\n', [[['b'], 2]], '# head\n\nb = 2\n\n# of o\n[o]\nlr = 1\n');
    check('', [[['b'], 2]], 'b = 2\n');
  });

  it('opens sections that are missing', () => {
    check('[a]\nx = 1\n', [[['o', 'lr'], 2]], '[a]\nx = 1\n\n[o]\nlr = 2\n');
    check('[o.p]\nx = 1\n', [[['o', 'lr'], 2]], '[o]\nlr = 2\n\n[o.p]\nx = 1\n');
    check('[[d]]\nx = 1\n[[d]]\nx = 2\n', [[['d', 0, 'y'], 3]], '[[d]]\nx = 1\ny = 3\n[[d]]\nx = 2\n');
  });

  it('deletes keys, sections and items of arrays of tables', () => {
    check('a = 1 # x\nb = 2\n', [[['a'], undefined]], 'b = 2\n');
    check('a = 1\n\n[o]\nlr = 1\n\n[o.p]\nx = 1\n\n[q]\n', [[['o'], undefined]], 'a = 1\n\n[q]\n');
    check('[[d]]\nx = 1\n[[d]]\nx = 2\n', [[['d', 0], undefined]], '[[d]]\nx = 2\n');
    check('o = { a = 1, b = 2 }\n', [[['o', 'a'], undefined]], 'o = { b = 2 }\n');
  });

  it('has no null: such keys are left out', () => {
    check('a = 1\n', [[['b'], null]], 'a = 1\n');
    check('a = 1\nb = 2\n', [[['a'], null]], 'b = 2\n');
  });

  it('quotes keys that need it', () => {
    check('a = 1\n', [[['b c'], 2]], 'a = 1\n"b c" = 2\n');
    const text = '[o]\nlr = 1\n';
    assert.equal(
      applyEdits(text, renameKey(parseConfig(text, 'toml'), 0, ['o', 'lr'], 'x.y')),
      '[o]\n"x.y" = 1\n',
    );
  });
});
