import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const endless = fileURLToPath(new URL('endless-run.ts', import.meta.url));

// Whoever owns the training thread may go away at any moment; the process must end as if nothing had been running.
describe('an environment that ends in mid-run', () => {
  for (const way of ['exit', 'worker']) {
    it(way === 'exit' ? 'process.exit' : 'a terminated worker', async function () {
      const timeout = 0.8 * this.timeout();
      const { stdout } = await run(process.execPath, ['--import', 'tsx', endless, way], { timeout });
      assert.match(stdout, /ended cleanly/);
    });
  }
});
