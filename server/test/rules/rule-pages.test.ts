import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulePages, rulePagesFolder, writtenPages } from '../../../scripts/rule-docs.ts';

describe('docs/rules', () => {
  it('holds a page for every rule in both languages, and no other', () => {
    assert.deepEqual([...writtenPages()].sort(), [...rulePages().keys()].sort());
  });

  for (const [name, page] of rulePages())
    it(`${name} is what \`npx tsx scripts/rule-docs.ts\` writes`, () => {
      assert.equal(readFileSync(join(rulePagesFolder, name), 'utf8'), page);
    });
});
