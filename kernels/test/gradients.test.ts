import assert from 'node:assert/strict';
import { proxies } from '../js/index.ts';
import { inspection } from './support.ts';

// Chaotic by design: its recurrent weights start with a spectral radius above one, so the differences themselves lose
// digits.
const TOLERANCE: Readonly<Record<string, number>> = { rnn: 2e-3 };

describe('gradients against central differences in float64', () => {
  for (const { id } of proxies()) {
    it(id, () => {
      for (const { segment, player, worst } of inspection().checkGradient(id, 3, 3, 3)) {
        assert.ok(worst < (TOLERANCE[id] ?? 2e-5), `player ${player}, tensor ${segment}: off by ${worst}`);
      }
    });
  }

  for (const id of inspection().operationNetworks()) {
    it(`operations: ${id}`, () => {
      for (const { segment, worst, largest } of inspection().checkGradient(id, 3, 3, 4)) {
        assert.ok(worst < 1e-6 && largest > 1e-4, `tensor ${segment}: off by ${worst}, largest ${largest}`);
      }
    });
  }

  for (const { id, dropout } of proxies()) {
    if (!dropout) continue;
    it(`${id} with dropout`, () => {
      for (const { segment, worst } of inspection().checkGradient(id, 3, 3, 3, 0.2)) {
        assert.ok(worst < 2e-5, `tensor ${segment}: off by ${worst}`);
      }
    });
  }
});
