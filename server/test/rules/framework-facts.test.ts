import assert from 'node:assert/strict';
import { dialects } from '../../src/dialects/registry.ts';
import {
  bf16ModelTable,
  loaderStrictnessTable,
  renamedKeyTable,
  settingConflictTable,
  wordSettingTable,
} from '../../src/knowledge/framework-facts.ts';
import { ruleById } from '../../src/rules/registry.ts';

const known = new Set(dialects.map(({ id }) => id));

describe('tables of framework facts', () => {
  it('name frameworks that exist', () => {
    const named = [
      ...settingConflictTable,
      ...renamedKeyTable,
      ...wordSettingTable,
      ...loaderStrictnessTable,
    ].flatMap(({ id, dialects: ids = [] }) => ids.map((dialect) => ({ id, dialect })));
    assert.deepEqual(
      named.filter(({ dialect }) => !known.has(dialect)),
      [],
    );
  });

  for (const row of settingConflictTable)
    it(`${row.id} can be judged and shown`, () => {
      // Divisibility is judged by batch-arithmetic, which reads the row for its frameworks.
      if (row.rule !== 'batch-divisibility') assert.ok(ruleById(row.rule), `no rule ${row.rule}`);
      assert.ok(
        row.when.some(({ path }) => path === row.at || path.startsWith(`${row.at}.`)),
        'it is shown on a key it asks about',
      );
      for (const { matches, lacks } of row.when)
        for (const pattern of [matches, lacks]) if (pattern !== undefined) new RegExp(pattern);
    });

  it('know the models that overflow in fp16 by their names', () => {
    const family = (name: string) =>
      bf16ModelTable.find(({ pattern }) => new RegExp(pattern, 'i').test(name))?.id;
    assert.equal(family('google/flan-t5-base'), 't5');
    assert.equal(family('t5-small'), 't5');
    assert.equal(family('google/mt5-large'), 't5');
    assert.equal(family('google/gemma-2-9b-it'), 'gemma');
    for (const other of ['bert-base-uncased', 'gpt2', 'Salesforce/codet5-base', 'meta-llama/Llama-3.1-8B'])
      assert.equal(family(other), undefined, other);
  });
});
