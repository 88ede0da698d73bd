import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const worker = fileURLToPath(new URL('bit-identity-worker.ts', import.meta.url));
const LEVELS = ['native-baseline', 'native-avx2', 'native-avx512', 'native-neon'];

async function digestsOn(level: string): Promise<Record<string, string> | undefined> {
  try {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', worker], {
      env: { ...process.env, TRAINLINT_BACKEND: level },
    });
    return JSON.parse(stdout) as Record<string, string>;
  } catch (error) {
    if (String((error as { stderr?: string }).stderr).includes('cannot execute it')) return undefined;
    throw error;
  }
}

describe('the same bits on every instruction set', () => {
  it('of every record of every proxy', async function () {
    this.timeout(2 * this.timeout());
    const byLevel: [string, Record<string, string>][] = [];
    for (const level of LEVELS) {
      const digests = await digestsOn(level);
      if (digests) byLevel.push([level, digests]);
    }
    const [first, ...others] = byLevel;
    assert.ok(first);
    for (const [level, digests] of others)
      assert.deepEqual(digests, first[1], `${level} against ${first[0]}`);
  });

  it('says so when a level cannot be had', async () => {
    await assert.rejects(
      run(process.execPath, ['--import', 'tsx', worker], {
        env: { ...process.env, TRAINLINT_BACKEND: 'native-mmx' },
      }),
      /TRAINLINT_BACKEND=native-mmx: unknown/,
    );
  });
});
