// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configs write interpolations this way
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loaderById } from '../../src/document/loaders.ts';
import { nodeAt } from '../../src/document/lookup.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { ConfigFormat, LoadedValue, LoaderId } from '../../src/document/types.ts';
import { spellings } from './spellings.ts';

/** What `loader` makes of the value of `v` in a one-line file. */
function load(id: LoaderId, value: string, format: ConfigFormat = 'yaml'): LoadedValue {
  const text = { yaml: `v: ${value}`, json: `{"v": ${value}}`, toml: `v = ${value}` }[format];
  const [root] = parseConfig(text, format).roots;
  const node = root && nodeAt(root, ['v']);
  assert.equal(node?.kind, 'scalar', text);
  return loaderById(id).scalar(node as Extract<typeof node, { kind: 'scalar' }>);
}

/** In the words of the table: `float 5`, `int 8`, `bool true`, `null`, `str`. */
function describeValue(loaded: LoadedValue, spelling: string): string {
  switch (loaded.kind) {
    case 'null':
      return 'null';
    case 'unknown':
      return `unknown ${loaded.why}`;
    case 'string':
      return loaded.value === spelling ? 'str' : `str ${loaded.value}`;
    case 'boolean':
      return `bool ${loaded.value}`;
    default:
      return `${loaded.kind === 'integer' ? 'int' : 'float'} ${loaded.value}`;
  }
}

/** Python prints `5e-05`; the numbers are compared, not their spelling. */
function expected(text: string): string {
  const number = /^(int|float) (.*)$/.exec(text);
  return number ? `${number[1]} ${Number(number[2])}` : text;
}

describe('YAML loaders read what the libraries read', () => {
  for (const [id, column] of [
    ['pyyaml', 1],
    ['omegaconf', 2],
    ['jsonargparse', 2],
    ['yaml-1.2', 3],
  ] as const) {
    it(`${loaderById(id).name}: ${spellings.length} spellings`, () => {
      for (const row of spellings) {
        assert.equal(describeValue(load(id, row[0]), row[0]), expected(row[column]), `${id}: ${row[0]}`);
      }
    });
  }

  it('reads an empty value as null everywhere', () => {
    for (const id of ['pyyaml', 'omegaconf', 'jsonargparse', 'yaml-1.2'] as const)
      assert.deepEqual(load(id, ''), { kind: 'null' });
  });

  it('never turns quoted or block text into anything but a string', () => {
    for (const quoted of ['"5.0e-5"', "'1'", '"true"', "'null'", '"yes"']) {
      const loaded = load('pyyaml', quoted);
      assert.deepEqual(loaded, { kind: 'string', value: quoted.slice(1, -1) });
    }
    assert.deepEqual(load('pyyaml', '|\n  1.0\n'), { kind: 'string', value: '1.0\n' });
    assert.deepEqual(load('omegaconf', '>-\n  5e-5\n'), { kind: 'string', value: '5e-5' });
  });
});

describe('YAML tags', () => {
  it('honours the standard ones on plain and quoted text', () => {
    assert.deepEqual(load('pyyaml', '!!float 3e-4'), { kind: 'float', value: 3e-4 });
    assert.deepEqual(load('pyyaml', '!!float 3'), { kind: 'float', value: 3 });
    assert.deepEqual(load('pyyaml', '!!float "3e-4"'), { kind: 'float', value: 3e-4 });
    assert.deepEqual(load('pyyaml', '!!int "8"'), { kind: 'integer', value: 8 });
    assert.deepEqual(load('pyyaml', '!!str 1.0'), { kind: 'string', value: '1.0' });
    assert.deepEqual(load('pyyaml', '!!bool on'), { kind: 'boolean', value: true });
    assert.deepEqual(load('pyyaml', '!!null x'), { kind: 'null' });
    assert.deepEqual(load('pyyaml', '!<tag:yaml.org,2002:float> 1e-3'), { kind: 'float', value: 1e-3 });
    assert.deepEqual(load('pyyaml', '! 12'), { kind: 'string', value: '12' });
  });

  it('does not guess at the others', () => {
    for (const value of [
      '!ref <lr>',
      '!new:torch.nn.ReLU',
      '!!python/tuple x',
      '!!float abc',
      '!CosineDecay 5',
    ])
      assert.deepEqual(load('pyyaml', value), { kind: 'unknown', why: 'tag' }, value);
  });
});

describe('values decided elsewhere', () => {
  it('takes interpolations for unknown, quoted or not, in every format', () => {
    const unknown = { kind: 'unknown', why: 'interpolation' };
    assert.deepEqual(load('omegaconf', '${optim.lr}'), unknown);
    assert.deepEqual(load('pyyaml', '"${oc.env:LR,0.1}"'), unknown);
    assert.deepEqual(load('json', '"${lr}"', 'json'), unknown);
    assert.deepEqual(load('omegaconf', '???'), unknown);
    assert.deepEqual(load('omegaconf', '"???"'), unknown);
  });

  it('takes ??? for text where no OmegaConf is', () => {
    assert.deepEqual(load('pyyaml', '???'), { kind: 'string', value: '???' });
  });

  it('takes jinja for unknown', () => {
    assert.deepEqual(load('pyyaml', '"{{ lr }}"'), { kind: 'unknown', why: 'template' });
    assert.deepEqual(load('json', '"{% if x %}"', 'json'), { kind: 'unknown', why: 'template' });
  });
});

describe('JSON and TOML literals', () => {
  it('tells integers from floats by their spelling in JSON', () => {
    assert.deepEqual(load('json', '8', 'json'), { kind: 'integer', value: 8 });
    assert.deepEqual(load('json', '8.0', 'json'), { kind: 'float', value: 8 });
    assert.deepEqual(load('json', '5e-5', 'json'), { kind: 'float', value: 5e-5 });
    assert.deepEqual(load('json', '"5e-5"', 'json'), { kind: 'string', value: '5e-5' });
    assert.deepEqual(load('json', 'true', 'json'), { kind: 'boolean', value: true });
    assert.deepEqual(load('json', 'null', 'json'), { kind: 'null' });
  });

  it('reads the number forms of TOML', () => {
    const forms: Record<string, LoadedValue> = {
      '5e-5': { kind: 'float', value: 5e-5 },
      '1_000': { kind: 'integer', value: 1000 },
      '+8': { kind: 'integer', value: 8 },
      '0x1F': { kind: 'integer', value: 31 },
      '0o17': { kind: 'integer', value: 15 },
      '0b101': { kind: 'integer', value: 5 },
      '-inf': { kind: 'float', value: Number.NEGATIVE_INFINITY },
      nan: { kind: 'float', value: Number.NaN },
      false: { kind: 'boolean', value: false },
      '1979-05-27': { kind: 'string', value: '1979-05-27' },
      "'5e-5'": { kind: 'string', value: '5e-5' },
    };
    for (const [text, value] of Object.entries(forms))
      assert.deepEqual(load('toml', text, 'toml'), value, text);
  });
});

describe('spellNumber', () => {
  it('writes as the field writes', () => {
    const { spellNumber } = loaderById('omegaconf');
    const spelled = [5e-5, 1.5e-4, 0.001, 0.1, 1000, 1, 0, 0.0005, 2.5].map(spellNumber);
    assert.deepEqual(spelled, ['5e-5', '1.5e-4', '0.001', '0.1', '1000', '1', '0', '5e-4', '2.5']);
  });

  it('gives PyYAML the dot and the sign it wants', () => {
    const { spellNumber } = loaderById('pyyaml');
    assert.deepEqual([5e-5, 1.5e-4, 1e21].map(spellNumber), ['5.0e-5', '1.5e-4', '1.0e+21']);
  });

  const formats = {
    pyyaml: 'yaml',
    omegaconf: 'yaml',
    jsonargparse: 'yaml',
    'yaml-1.2': 'yaml',
    json: 'json',
    toml: 'toml',
  } as const;
  for (const [id, format] of Object.entries(formats) as [LoaderId, ConfigFormat][]) {
    it(`${id} reads back the very number`, () => {
      // JSON has no infinities; integers keep their kind up to 2^53.
      const numbers = fc.double({ noNaN: true, noDefaultInfinity: id === 'json' });
      fc.assert(
        fc.property(fc.oneof(numbers, fc.integer(), fc.constantFrom(1e-3, 1e-4, 1e21, -0, 0)), (value) => {
          const loaded = load(id, loaderById(id).spellNumber(value), format);
          if (loaded.kind === 'integer') assert.ok(Number.isInteger(value));
          assert.ok(loaded.kind === 'float' || loaded.kind === 'integer', `${value}: ${loaded.kind}`);
          assert.ok(Object.is(loaded.value, value) || (loaded.value === 0 && value === 0), `${value}`);
        }),
        { numRuns: 300 },
      );
    });
  }
});
