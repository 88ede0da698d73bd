import assert from 'node:assert/strict';
import { parseConfig } from '../../src/document/parse.ts';
import type { ConfigFormat } from '../../src/document/types.ts';
import { readDirectives } from '../../src/engine/directives.ts';

const read = (text: string, format: ConfigFormat = 'yaml') => readDirectives(parseConfig(text, format));

describe('directives', () => {
  it('reads facts from a comment of the first lines', () => {
    const { settings, declared, problems } = read(
      '# trainlint: domain=nlp architecture=bert goal=fine-tuning dataset-size=3_668 world-size=8\nlr: 1\n',
    );
    assert.deepEqual(
      [settings.domain?.value, settings.architecture?.value, settings.goal?.value],
      ['nlp', 'bert', 'fine-tuning'],
    );
    assert.deepEqual([settings.datasetSize?.value, settings.worldSize?.value], [3668, 8]);
    assert.equal(settings.domain?.from, 'comment');
    assert.ok(declared);
    assert.deepEqual(problems, []);
  });

  it('reads several traits and a size in scientific notation', () => {
    const { settings } = read('# trainlint: traits=sparse-features+imbalanced parameters=7e9\n');
    assert.deepEqual(settings.traits?.value, ['sparse-features', 'imbalanced']);
    assert.equal(settings.parameterCount?.value, 7e9);
  });

  it('reports words and values it cannot follow, and keeps the others', () => {
    const { settings, problems } = read(
      '# trainlint: domian=nlp domain=vision world-size=-1 goal=distributed\n',
    );
    assert.equal(problems.length, 3);
    assert.equal(settings.goal?.value, 'distributed');
    assert.equal(settings.domain, undefined);
  });

  it('reads the key of files that cannot hold comments', () => {
    const { settings, suppressions, declared } = read(
      '{"$trainlint": {"domain": "nlp", "world-size": 8, "disable": ["lr-range"]}, "lr": 1}',
      'json',
    );
    assert.equal(settings.domain?.value, 'nlp');
    assert.equal(settings.worldSize?.value, 8);
    assert.deepEqual(suppressions[0]?.rules, ['lr-range']);
    assert.ok(declared);
  });

  it('reads comments of JSONC and TOML too', () => {
    assert.equal(read('// trainlint: domain=nlp\n{"lr": 1}', 'json').settings.domain?.value, 'nlp');
    assert.equal(read('# trainlint: domain=nlp\nlr = 1\n', 'toml').settings.domain?.value, 'nlp');
  });

  it('points a suppression at its line, past further comments and blank lines', () => {
    const { suppressions } = read(
      'a: 1 # trainlint-disable-line x, y -- because\n# trainlint-disable-next-line z\n\n# why\nb: 2\n',
    );
    assert.deepEqual(
      suppressions.map(({ line, rules, reason }) => ({ line, rules, reason })),
      [
        { line: 0, rules: ['x', 'y'], reason: 'because' },
        { line: 4, rules: ['z'], reason: '' },
      ],
    );
  });

  it('takes no facts from far down the file or from a value that looks like a comment', () => {
    assert.ok(!read(`${'a: 1\n'.repeat(30)}# trainlint: domain=nlp\n`).declared);
    assert.ok(!read('a: "# trainlint: domain=nlp"\n').declared);
  });

  it('names a word it does not know once, however often a comment repeats it', () => {
    const { problems } = read(`# trainlint: ${'a=b '.repeat(1000)}\nlr: 1\n`);
    assert.equal(problems.length, 1);
  });
});
