import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dialectPage, dialectPagePath } from '../../../scripts/dialect-docs.ts';

describe('docs/dialects.md', () => {
  it('is what the dialects say; write it with npx tsx scripts/dialect-docs.ts', () => {
    assert.equal(readFileSync(dialectPagePath, 'utf8'), dialectPage());
  });
});
