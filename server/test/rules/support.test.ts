import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDistance } from '../../src/edit-distance.ts';
import { withParticle } from '../../src/korean.ts';
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatRange,
  formatTimes,
  roundForConfig,
} from '../../src/rules/support/numbers.ts';
import { compareVersions } from '../../src/rules/support/versions.ts';

describe('numbers in messages', () => {
  it('look as people write them', () => {
    assert.equal(formatNumber(0.00005), '5e-5');
    assert.equal(formatNumber(0.001), '1e-3');
    assert.equal(formatNumber(0.1), '0.1');
    assert.equal(formatNumber(0.937), '0.937');
    assert.equal(formatNumber(0.9999), '0.9999');
    assert.equal(formatNumber(0), '0');
    assert.equal(formatNumber(-0.01), '-0.01');
    assert.equal(formatNumber(2048), '2048');
    assert.equal(formatCount(32768), '32,768');
    assert.equal(formatCount(999), '999');
    assert.equal(formatPercent(0.1), '10%');
    assert.equal(formatPercent(0.005), '0.5%');
    assert.deepEqual(formatRange(1e-5, 5e-5), { en: '1e-5 to 5e-5', ko: '1e-5~5e-5' });
    assert.deepEqual(formatTimes(20), { en: '20x', ko: '20배' });
    assert.equal(roundForConfig(0.000316), 0.00032);
  });

  it('stay within one percent of the value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e9, noNaN: true }), (value) => {
        assert.ok(Math.abs(Number(formatNumber(value)) - value) <= 0.01 * value);
      }),
    );
  });
});

describe('Korean particles', () => {
  it('follow the sound of the word', () => {
    const cases: readonly [string, string][] = [
      ['Adam', 'Adam을'],
      ['AdamW', 'AdamW를'],
      ['SGD', 'SGD를'],
      ['LAMB', 'LAMB을'],
      ['SGD + Momentum', 'SGD + Momentum을'],
      ['Lion', 'Lion을'],
      ['0.1', '0.1을'],
      ['5e-5', '5e-5를'],
      ['학습률', '학습률을'],
      ['배치', '배치를'],
    ];
    for (const [word, expected] of cases) assert.equal(withParticle(word, '을/를'), expected);
    assert.equal(withParticle('0.1', '으로/로'), '0.1로');
    assert.equal(withParticle('96', '으로/로'), '96으로');
    assert.equal(withParticle('8', '으로/로'), '8로');
    assert.equal(withParticle('Adam', '으로/로'), 'Adam으로');
  });
});

describe('edit distance', () => {
  it('counts slips', () => {
    assert.equal(editDistance('weight_decay', 'weight_deca'), 1);
    assert.equal(editDistance('steps', 'stpes'), 1);
    assert.equal(editDistance('', 'abc'), 3);
  });

  it('is symmetric and zero for the same word alone', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, b) === 0, a === b);
      }),
    );
  });
});

describe('versions', () => {
  it('compare number by number', () => {
    assert.ok(compareVersions('4.46.0', '4.41') > 0);
    assert.ok(compareVersions('4.9', '4.41') < 0);
    assert.equal(compareVersions('5', '5.0.0'), 0);
    assert.equal(compareVersions('2.0rc1', '2.0'), 0);
  });
});
