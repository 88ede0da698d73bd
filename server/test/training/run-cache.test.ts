import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult, RunSpec } from '@trainlint/kernels';
import { cacheFolder, runCache } from '../../src/training/run-cache.ts';
import { sanityRun } from '../../src/training/sanity-run.ts';
import type { Runner } from '../../src/training/types.ts';
import { fakeRunner, runOf } from './runs.ts';

const spec = (seed: number): RunSpec => ({
  proxy: 'gpt',
  optimizer: { kind: 'adamw' },
  learningRates: [0.1, 0.2, 1 / 3],
  steps: 3,
  seed,
});
const result: RunResult = {
  records: [{ step: 1, loss: 0.1 + 0.2, gradNorm: 1e-300, lr: 1 / 3, updateRatio: 5e-324, valLoss: 2 }],
  initial: { probeLoss: 2.3 },
  finite: true,
  cancelled: false,
  seconds: 0.1,
  backend: 'fake',
  proxy: 'gpt',
  parameterCount: 10,
  stateBytes: 0,
};

describe('the cache of runs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trainlint-cache-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back every bit, to the same build and spec only', () => {
    const cache = runCache(join(folder, 'new'), 'a');
    assert.equal(cache.get(spec(1)), undefined);
    cache.put(spec(1), result);
    assert.deepEqual(cache.get(spec(1)), result);
    assert.equal(cache.get(spec(2)), undefined);
    assert.equal(runCache(join(folder, 'new'), 'b').get(spec(1)), undefined);
  });

  it('believes no file that is torn, edited or empty', () => {
    const cache = runCache(folder, 'a');
    cache.put(spec(1), result);
    const [name = ''] = readdirSync(folder);
    const whole = readFileSync(join(folder, name), 'utf8');
    for (const text of [whole.slice(0, -5), whole.replace('"lr":0.33', '"lr":0.34'), '', '\n', '{}']) {
      writeFileSync(join(folder, name), text);
      assert.equal(cache.get(spec(1)), undefined, text.slice(0, 20));
    }
    cache.put(spec(1), result);
    assert.deepEqual(cache.get(spec(1)), result);
  });

  it('keeps nothing that JSON cannot hold, nor what was cut short', () => {
    const cache = runCache(folder, 'a');
    cache.put(spec(1), { ...result, finite: false });
    cache.put(spec(2), { ...result, cancelled: true });
    cache.put(spec(3), { ...result, records: [{ ...result.records[0], gradNorm: Number.NaN } as never] });
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is bounded: the oldest go', () => {
    const cache = runCache(folder, 'a');
    cache.put(spec(0), result);
    const [oldest = ''] = readdirSync(folder);
    utimesSync(join(folder, oldest), 1, 1);
    for (let k = 0; k < 249; k++) writeFileSync(join(folder, `${k}.json`), '');
    cache.put(spec(1), result);
    assert.equal(readdirSync(folder).length, 200);
    assert.equal(cache.get(spec(0)), undefined);
    assert.deepEqual(cache.get(spec(1)), result);
  });

  it('is silent where it cannot write', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const cache = runCache(file, 'a');
    cache.put(spec(1), result);
    assert.equal(cache.get(spec(1)), undefined);
  });

  it('lies where the system keeps caches, or where the environment says', () => {
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux'), join('/c', 'trainlint', 'runs'));
    assert.equal(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32'), join('/l', 'trainlint', 'runs'));
    assert.match(cacheFolder({}, 'darwin') ?? '', /Library.Caches.trainlint/);
    assert.equal(cacheFolder({ TRAINLINT_CACHE: 'off' }), undefined);
    assert.equal(cacheFolder({ TRAINLINT_CACHE: '/x' }), '/x');
  });

  it('saves another process the healthy twins, and nothing else', async () => {
    const run = runOf({ architecture: 'gpt', domain: 'llm', optimizer: 'adamw', learningRate: 6e-4 });
    const trained = async (): Promise<number> => {
      const log: RunSpec[] = [];
      const fake = fakeRunner(0.01, 5, log);
      const runner: Runner = { ...fake, info: async () => ({ ...(await fake.info()), build: 'a' }) };
      const report = await sanityRun(run, { runner, cache: folder });
      assert.ok('healthy' in report && report.healthy);
      return log.length;
    };
    assert.equal(await trained(), 6);
    assert.equal(await trained(), 3);
  });
});
