import assert from 'node:assert/strict';
import { inspection } from './support.ts';

describe('bert-masked', () => {
  const length = 25;
  const maskToken = 32;
  const { ids } = inspection().inspectProxy('bert-masked', 3, 400);
  const tokens: { token: number; target: number }[] = [];
  for (let start = 0; start < ids.length; start += 2 * length)
    for (let t = 0; t < length; t++)
      tokens.push({ token: ids[start + t] ?? Number.NaN, target: ids[start + length + t] ?? Number.NaN });
  const found = tokens.filter(({ target }) => target >= 0);
  const share = (some: readonly unknown[], all: readonly unknown[]) => some.length / all.length;

  it('asks for 15 % of the tokens', () => {
    assert.equal(tokens.length, 400 * length);
    assert.ok(Math.abs(share(found, tokens) - 0.15) < 0.015);
  });

  it('hides 80 % of these, replaces 10 % by random tokens and leaves 10 %', () => {
    const hidden = found.filter(({ token }) => token === maskToken);
    const left = found.filter(({ token, target }) => token === target);
    assert.ok(Math.abs(share(hidden, found) - 0.8) < 0.04);
    // A random token is the right one now and then.
    assert.ok(Math.abs(share(left, found) - (0.1 + 0.1 / 32)) < 0.03);
  });

  it('hides nothing that is not asked for', () => {
    assert.ok(tokens.every(({ token, target }) => target >= 0 || token !== maskToken));
  });
});
