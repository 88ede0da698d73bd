import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BACKENDS = ['native-avx512', 'native-avx2', 'native-neon', 'native-baseline'];

/** Runs every optimizer in a process of its own on one instruction set; null when this machine has it not. */
function digestsOn(backend: string): Record<string, string> | null {
  const script = fileURLToPath(new URL('digest.ts', import.meta.url));
  const run = spawnSync(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, TRAINLINT_BACKEND: backend },
    encoding: 'utf8',
  });
  if (run.status !== 0 && /cannot execute it/.test(run.stderr)) return null;
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as Record<string, string>;
}

describe('instruction sets', () => {
  it('give the same bits for every optimizer in both precisions', () => {
    const found = BACKENDS.flatMap((backend) => {
      const digests = digestsOn(backend);
      return digests ? [{ backend, digests }] : [];
    });
    const [first, ...others] = found;
    assert.ok(first, 'no backend runs here');
    assert.ok(Object.keys(first.digests).length >= 60);
    for (const { backend, digests } of others)
      assert.deepEqual(digests, first.digests, `${backend} and ${first.backend}`);
  });
});
