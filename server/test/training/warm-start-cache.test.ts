import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult, RunSpec } from '@trainlint/kernels';
import { startRun } from '../../src/training/runner.ts';
import { warmStartCache } from '../../src/training/warm-start-cache.ts';

const weights = Float32Array.from([1 / 3, -0, 1e-40, 7]);

describe('the cache of pre-trained weights', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trainlint-weights-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back every bit, to the same build and proxy only', () => {
    const cache = warmStartCache(join(folder, 'new'), 'a');
    assert.equal(cache.get('bert'), undefined);
    cache.put('bert', weights);
    assert.deepEqual(cache.get('bert'), weights);
    assert.equal(cache.get('gpt'), undefined);
    assert.equal(warmStartCache(join(folder, 'new'), 'b').get('bert'), undefined);
  });

  it('believes no file that is torn, edited or empty', () => {
    const cache = warmStartCache(folder, 'a');
    cache.put('bert', weights);
    const path = join(folder, readdirSync(folder)[0] ?? '');
    const whole = readFileSync(path);
    const edited = Buffer.from(whole);
    edited[40] = 1 + (edited[40] ?? 0);
    for (const bytes of [whole.subarray(0, -4), whole.subarray(0, -1), edited, Buffer.alloc(0)]) {
      writeFileSync(path, bytes);
      assert.equal(cache.get('bert'), undefined);
    }
  });

  it('keeps the newest few', () => {
    for (let build = 0; build < 9; build++) {
      warmStartCache(folder, String(build)).put('bert', weights);
      const old = new Date(Date.now() - 1000 * (20 - build));
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), old, old);
    }
    warmStartCache(folder, 'last').put('bert', weights);
    assert.equal(readdirSync(folder).length, 6);
    assert.deepEqual(warmStartCache(folder, 'last').get('bert'), weights);
  });

  it('spares a new process the pre-training, and changes no bit of its curve', async function () {
    this.timeout(60_000);
    const runnerPath = fileURLToPath(new URL('../../src/training/runner-process.ts', import.meta.url));
    const spec: RunSpec = {
      proxy: 'bert',
      optimizer: { kind: 'adamw' },
      learningRates: [1e-3, 1e-3, 1e-3],
      steps: 3,
      seed: 5,
    };
    const run = (cache?: string): Promise<RunResult> =>
      startRun(spec, { runnerPath, cache, execArgv: ['--import', 'tsx'] });
    const fresh = await run();
    assert.deepEqual((await run(folder)).records, fresh.records);
    const [name = ''] = readdirSync(folder);
    assert.match(name, /\.weights$/);
    assert.deepEqual((await run(folder)).records, fresh.records);
    // Whatever the file says is used, so what was compared above did come from it.
    const body = Buffer.alloc(readFileSync(join(folder, name)).length - 32);
    writeFileSync(join(folder, name), Buffer.concat([createHash('sha256').update(body).digest(), body]));
    assert.notDeepEqual((await run(folder)).records, fresh.records);
    // Weights of another network are refused.
    const short = body.subarray(4);
    writeFileSync(join(folder, name), Buffer.concat([createHash('sha256').update(short).digest(), short]));
    assert.deepEqual((await run(folder)).records, fresh.records);
  });
});
