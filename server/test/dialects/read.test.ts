import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dialects } from '../../src/dialects/registry.ts';
import type { FieldId } from '../../src/run/fields.ts';
import type { Setting } from '../../src/run/setting.ts';
import type { TrainingRun } from '../../src/run/training-run.ts';
import { expected } from './expected.ts';
import { fixtureText, openText } from './open.ts';

describe('reading the fixtures of every dialect', () => {
  for (const [name, { dialect, runs, opaque = [] }] of Object.entries(expected)) {
    it(name, () => {
      const file = openText(fixtureText(name), name);
      assert.equal(file?.dialect.id, dialect);
      assert.equal(file.runs.length, runs.length, 'number of runs');
      for (const [index, values] of runs.entries()) {
        const run: TrainingRun | undefined = file.runs[index];
        for (const [field, value] of Object.entries(values)) {
          const setting: Setting<unknown> | undefined = run?.settings[field as FieldId];
          assert.deepEqual(rounded(setting?.value), rounded(value), `${field} of run ${index}`);
          if (setting && setting.from !== 'file')
            assert.ok(setting.why?.en && setting.why.ko, `${field} says why`);
          if (setting?.from === 'file') assert.ok(setting.path && setting.span, `${field} says where`);
        }
        for (const field of opaque) assert.ok(run?.opaque.has(field), `${field} is stated but not readable`);
      }
    });
  }

  it('there is a fixture for every dialect, and each is expected', () => {
    const root = new URL('../../../test-fixtures/', import.meta.url);
    for (const { id } of dialects) {
      const files = readdirSync(new URL(`${id}/`, root));
      assert.ok(files.length > 0, `${id} has fixtures`);
      for (const file of files) assert.ok(expected[`${id}/${file}`], `${id}/${file} is expected`);
    }
  });

  it('the names of dialects are unique', () => {
    assert.equal(new Set(dialects.map(({ id }) => id)).size, dialects.length);
  });
});

function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value;
}
