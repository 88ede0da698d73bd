import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { english } from '../../src/panel/strings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;

/** Every message the client says, found in its source, with the words of the panel. */
function messages(): Set<string> {
  const found = new Set<string>(Object.values(english));
  const folder = join(root, 'client/src');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.ts'))
      for (const [, message] of readFileSync(join(folder, path), 'utf8').matchAll(/\bt\(\s*'([^']+)'/g))
        if (message) found.add(message);
  return found;
}

const placeholders = (text: string) => (text.match(/\{\d\}/g) ?? []).sort().join();

describe('Korean', () => {
  it('has every message of the client, and no other', () => {
    const korean = read('l10n/bundle.l10n.ko.json');
    assert.deepEqual(Object.keys(korean).sort(), [...messages()].sort());
  });

  it('keeps the placeholders', () => {
    for (const [english, korean] of Object.entries(read('l10n/bundle.l10n.ko.json')))
      assert.equal(placeholders(korean), placeholders(english), english);
  });

  it('has every text of the manifest, and the manifest no text without one', () => {
    const english = read('package.nls.json');
    const korean = read('package.nls.ko.json');
    assert.deepEqual(Object.keys(korean), Object.keys(english));
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
  });
});
