import assert from 'node:assert/strict';
import { inspection } from './support.ts';

const { elementary } = inspection();

/** Distance between neighbours at x in float or double. */
function ulp(x: number, single: boolean): number {
  const smallest = single ? 2 ** -149 : 2 ** -1074;
  const exponent = Math.floor(Math.log2(Math.abs(x) || smallest));
  return Math.max(smallest, 2 ** (exponent - (single ? 23 : 52)));
}

function worstUlps(
  name: string,
  reference: (x: number) => number,
  numbers: number[],
  single: boolean,
): { ulps: number; at: number } {
  const rounded = Float64Array.from(numbers, (x) => (single ? Math.fround(x) : x));
  const got = elementary(name, rounded, single);
  let worst = { ulps: 0, at: 0 };
  rounded.forEach((x, i) => {
    const expected = reference(x);
    const ulps = Math.abs((got[i] ?? Number.NaN) - expected) / ulp(expected, single);
    if (!(ulps <= worst.ulps)) worst = { ulps, at: x };
  });
  return worst;
}

const spread = (low: number, high: number, n = 40_001): number[] =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
const decades = (low: number, high: number): number[] => spread(low, high).map((e) => 10 ** e);

describe('elementary functions of our own', () => {
  const cases: [string, (x: number) => number, number[], boolean, number][] = [
    ['exp', Math.exp, spread(-85.9, 88.7), true, 1.5],
    ['exp', Math.exp, spread(-705, 709), false, 2],
    ['log', Math.log, decades(-37, 38), true, 2],
    ['log', Math.log, spread(0.5, 2), true, 2],
    ['log', Math.log, decades(-300, 300), false, 2.5],
    ['tanh', Math.tanh, spread(-10, 10), true, 3],
    ['tanh', Math.tanh, decades(-6, 1), true, 3],
    ['tanh', Math.tanh, spread(-20, 20), false, 4],
  ];
  for (const [name, reference, numbers, single, limit] of cases) {
    it(`${name} in ${single ? 'float' : 'double'} from ${numbers[0]} to ${numbers.at(-1)} within ${limit} ulp`, () => {
      const { ulps, at } = worstUlps(name, reference, numbers, single);
      assert.ok(ulps <= limit, `${ulps} ulp at ${at}`);
    });
  }

  it('sine and cosine of turns within 2e-7', () => {
    const turns = Float64Array.from(spread(-1, 1), Math.fround);
    for (const [name, reference] of [
      ['sin2pi', Math.sin],
      ['cos2pi', Math.cos],
    ] as const) {
      elementary(name, turns, true).forEach((got, i) => {
        assert.ok(Math.abs(got - reference(2 * Math.PI * (turns[i] ?? 0))) < 2e-7);
      });
    }
  });

  it('ends where numbers end, and keeps NaN', () => {
    const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minus } = Number;
    for (const single of [true, false]) {
      const on = (name: string, ...x: number[]) => [...elementary(name, Float64Array.from(x), single)];
      assert.deepEqual(on('exp', nan, inf, minus, 0), [nan, inf, 0, 1]);
      assert.deepEqual(on('log', nan, inf, 0, 1, -1), [nan, inf, minus, 0, nan]);
      assert.deepEqual(on('tanh', nan, inf, minus, 0), [nan, 1, -1, 0]);
    }
  });
});
