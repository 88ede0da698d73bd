import assert from 'node:assert/strict';
import fc from 'fast-check';
import { writeChange } from '../../src/dialects/write.ts';
import type { Operation } from '../../src/run/change.ts';
import { expected } from './expected.ts';
import { fixtureText, openText } from './open.ts';

const names = Object.keys(expected);
const values = [
  '',
  'null',
  'true',
  '-1',
  '1e999',
  '.nan',
  '"text"',
  '[]',
  '[1, x]',
  '{}',
  '{a: 1}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an OmegaConf interpolation
  '${x}',
  '!tag 3',
  '*none',
  '010',
  '1:30',
  '- 1',
];
const operations: readonly Operation[] = [
  { op: 'set', field: 'warmupRatio', value: 0.1 },
  { op: 'set', field: 'optimizer', value: 'nag' },
  { op: 'set', field: 'globalBatch', value: 96 },
  { op: 'set', field: 'beta2', value: 0.5 },
  { op: 'unset', field: 'schedule' },
  { op: 'delete', root: 3, path: ['nowhere', 0] },
];

/** A fixture with some lines replaced by wrong types, dropped or doubled. */
const spoiled = fc
  .record({
    name: fc.constantFrom(...names),
    edits: fc.array(
      fc.record({
        line: fc.nat(80),
        what: fc.constantFrom('value', 'drop', 'double', 'cut'),
        value: fc.constantFrom(...values),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ name, edits }) => {
    const lines = fixtureText(name).split('\n');
    for (const { line, what, value } of edits) {
      const at = line % lines.length;
      const text = lines[at] ?? '';
      if (what === 'drop') lines.splice(at, 1);
      else if (what === 'double') lines.splice(at, 0, text);
      else if (what === 'cut') lines[at] = text.slice(0, Math.floor(text.length / 2));
      else lines[at] = text.replace(/([:=]\s*).*$/, (_, sign: string) => `${sign}${value}`);
    }
    return { name, text: lines.join('\n') };
  });

describe('dialects on broken configs', () => {
  it('never throw, whatever the types are', () => {
    fc.assert(
      fc.property(spoiled, ({ name, text }) => {
        for (const dialect of [undefined, expected[name]?.dialect]) {
          const file = openText(text, name, dialect);
          for (const [index, run] of file?.runs.entries() ?? []) {
            for (const setting of Object.values(run.settings))
              if (typeof setting.value === 'number') assert.ok(!Number.isNaN(setting.value), 'no NaN');
            const operation = operations[text.length % operations.length];
            if (file && operation && index === 0)
              writeChange(file, index, { title: { en: '', ko: '' }, safe: true, operations: [operation] });
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('every dialect opens an empty file and a file of another shape', () => {
    for (const { dialect } of Object.values(expected))
      for (const text of ['', '[]', '"x"', 'a: {b: [1, {c: 2}]}'])
        assert.doesNotThrow(() => openText(text, 'x.yaml', dialect));
  });
});
