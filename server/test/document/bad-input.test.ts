import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nodeAt } from '../../src/document/lookup.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { ConfigFormat, MapNode } from '../../src/document/types.ts';
import { assertSound } from './tree.ts';

const formats: readonly ConfigFormat[] = ['yaml', 'json', 'toml'];

function codes(text: string, format: ConfigFormat): string[] {
  return parseConfig(text, format).problems.map(({ code }) => code);
}

describe('files no config looks like', () => {
  it('does not read 10 MB and says so at once', () => {
    const text = 'key: [1, 2, 3]\n'.repeat(700_000);
    for (const format of formats) {
      const started = performance.now();
      const document = parseConfig(text, format);
      assert.deepEqual([document.roots, document.problems.map(({ code }) => code)], [[], ['too-large']]);
      assert.ok(performance.now() - started < 2000);
    }
  });

  it('names binary content', () => {
    for (const format of formats) {
      assert.deepEqual(codes('PK\u0003\u0004\0\0lr: 1', format), ['binary']);
      assert.deepEqual(codes('l\0r\0:\0 \x001\0', format), ['binary']);
    }
  });

  it('gives up on deep nesting, in brackets and by indentation', () => {
    const deep: [string, ConfigFormat][] = [
      ['['.repeat(100_000), 'yaml'],
      ['{a: '.repeat(50_000), 'yaml'],
      ['- '.repeat(50_000), 'yaml'],
      [Array.from({ length: 800 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'yaml'],
      [`${'['.repeat(300)}${']'.repeat(300)}`, 'yaml'],
      ['['.repeat(100_000), 'json'],
      ['{"a":'.repeat(50_000), 'json'],
      [`a = ${'['.repeat(50_000)}`, 'toml'],
      [`a = ${'{a = '.repeat(50_000)}`, 'toml'],
      [`${'a.'.repeat(1000)}a = 1\n`, 'toml'],
    ];
    for (const [text, format] of deep) {
      const started = performance.now();
      assert.deepEqual(codes(text, format), ['too-deep'], text.slice(0, 20));
      assert.ok(performance.now() - started < 3000);
    }
  });

  it('takes brackets in strings and comments for text', () => {
    const open = '['.repeat(500);
    assert.deepEqual(codes(`{"a": "${open}" /* ${open} */}`, 'json'), []);
    assert.deepEqual(codes(`a = "${open}" # ${open}\nb = '''${open}'''\n`, 'toml'), []);
    assert.deepEqual(codes(`a: "${open}" # ${open}\n`, 'yaml'), []);
  });

  it('never expands aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const bomb = parseConfig(lines.join('\n'), 'yaml');
    assert.deepEqual([bomb.roots, bomb.problems.map(({ code }) => code)], [[], ['alias-bomb']]);
  });

  it('looks keys up in nested merges without walking every combination', () => {
    const lines = ['m0: &m0 {k: 1}'];
    for (let i = 1; i < 15; i++) lines.push(`m${i}: &m${i}\n  <<: [*m${i - 1}, *m${i - 1}]`);
    const document = parseConfig(lines.join('\n'), 'yaml');
    const root = document.roots[0];
    assert.ok(root);
    const started = performance.now();
    assert.equal(nodeAt(root, ['m14', 'missing']), undefined);
    assert.equal(nodeAt(root, ['m14', 'k'])?.kind, 'scalar');
    assert.ok(performance.now() - started < 200);
  });
});

describe('broken YAML', () => {
  const cases: readonly (readonly [
    name: string,
    text: string,
    underlined: string,
    kept: readonly string[],
  ])[] = [
    ['a tab as indentation', 'a: 1\nb:\n\tc: 2\n', '\t', ['a', 'b']],
    ['an open bracket', 'a: 1\nb: [1, 2\nc: 3\n', 'c', ['a', 'b']],
    ['an open quote', 'a: 1\nb: "x\n', '"', ['a', 'b']],
    ['two pairs on a line', 'a: 1\nb: c: d\ne: 2\n', 'c', ['a', 'b', 'e']],
    ['a missing colon', 'a: 1\nlr 0.1\nb: 2\n', 'lr 0.1', ['a']],
    ['a wrong indentation', 'a:\n    b: 1\n  c: 2\nd: 3\n', '  c', ['a', 'd']],
    ['a reserved character', 'a: @x\nb: 1\n', '@', ['a', 'b']],
    ['a template', 'a: {{ lr }}x\nb: 1\n', '', ['a']],
  ];
  for (const [name, text, , kept] of cases) {
    it(`${name}: one problem, the rest is there`, () => {
      const document = parseConfig(text, 'yaml');
      assertSound(document);
      assert.deepEqual(
        document.problems.map(({ code }) => code),
        ['syntax'],
      );
      const names = (document.roots[0] as MapNode).entries.map(({ key }) => key.name);
      for (const key of kept) assert.ok(names.includes(key), `${key} in ${names.join()}`);
    });
  }

  it('reports every duplicate key at its second place', () => {
    const text = 'lr: 1\nopt:\n  wd: 1\n  wd: 2\nlr: 2\nlr: 3\n';
    const document = parseConfig(text, 'yaml');
    assertSound(document);
    assert.deepEqual(
      document.problems.map(({ code, span }) => [code, text.slice(0, span.start).split('\n').length]),
      [
        ['duplicate-key', 4],
        ['duplicate-key', 5],
        ['duplicate-key', 6],
      ],
    );
    const root = document.roots[0];
    const winner = root && nodeAt(root, ['lr']);
    assert.equal(winner?.kind === 'scalar' && winner.text, '3');
  });
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      ': ',
      ':',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      '&x',
      '*x',
      '!t ',
      '|',
      '>',
      '\\',
    ],
    ...[
      '---',
      '...',
      '<<: ',
      '=',
      '.',
      '1',
      '\r\n',
      '\t',
      '%',
      '?',
      '@',
      '`',
      '//',
      '/*',
      '*/',
      '"""',
      '[[',
      ']]',
      '😀',
    ],
  );
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  for (const format of formats) {
    it(`${format} is read into a sound tree without throwing`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const document = parseConfig(text, format);
          assertSound(document);
          assert.equal(document.text, text);
        }),
        { numRuns: 1500 },
      );
    });
  }
});
