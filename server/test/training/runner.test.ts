import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RunSpec } from '@trainlint/kernels';
import { createRunner, RunnerError, startRun } from '../../src/training/runner.ts';

const runnerPath = fileURLToPath(new URL('./fixtures/fake-runner.mjs', import.meta.url));

function spec(proxy: string, steps = 6): RunSpec {
  return {
    proxy,
    optimizer: { kind: 'adamw' },
    learningRates: Array.from({ length: steps }, () => 1e-3),
    steps,
    seed: 0,
  };
}

describe('runner', () => {
  it('streams the steps and resolves to the whole series, non-finite numbers intact', async () => {
    const seen: number[] = [];
    const result = await startRun(spec('ok'), {
      runnerPath,
      onSteps: (records) => seen.push(...records.map(({ step }) => step)),
    });
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6]);
    assert.equal(result.records.length, 6);
    assert.ok(Number.isNaN(result.records[3]?.gradNorm));
    assert.equal(result.cancelled, false);
  });

  it('ends a run that hangs within 20 ms of the abort and keeps what there was', async () => {
    const runner = createRunner({ runnerPath });
    const abort = new AbortController();
    let first: () => void = () => {};
    const started = new Promise<void>((resolve) => {
      first = resolve;
    });
    const run = runner.run(spec('hang'), { signal: abort.signal, onSteps: () => first() });
    await started;
    const before = performance.now();
    abort.abort();
    const result = await run;
    assert.ok(performance.now() - before < 20);
    assert.equal(result.cancelled, true);
    assert.equal(result.records.length, 2);
    // The pool goes on with a fresh process.
    assert.equal((await runner.run(spec('ok'))).records.length, 6);
    runner.close();
  });

  it('keeps the process of a cancelled run that stops when asked', async () => {
    const runner = createRunner({ runnerPath, processes: 1 });
    const { backend } = await runner.run(spec('ok'));
    const abort = new AbortController();
    const run = runner.run(spec('endless'), { signal: abort.signal, onSteps: () => abort.abort() });
    assert.equal((await run).cancelled, true);
    const after = await runner.run(spec('ok'));
    assert.equal(after.backend, backend);
    assert.equal(after.records.length, 6);
    runner.close();
  });

  it('starts its processes ahead when asked to', async () => {
    const runner = createRunner({ runnerPath, processes: 2 });
    runner.warm?.();
    const results = await Promise.all([runner.run(spec('ok')), runner.run(spec('ok'))]);
    assert.equal(new Set(results.map(({ backend }) => backend)).size, Math.min(2, availableParallelism()));
    runner.close();
  });

  it('takes up what is urgent first, and what is equally urgent in order', async () => {
    const runner = createRunner({ runnerPath, processes: 1 });
    const order: number[] = [];
    const run = (priority: number) =>
      runner.run(spec('ok'), { priority }).then(() => void order.push(priority));
    await Promise.all([run(0), run(3), run(1), run(2.5), run(1)]);
    assert.deepEqual(order, [0, 1, 1, 2.5, 3]);
    runner.close();
  });

  it('does not start a run whose signal is already aborted', async () => {
    const runner = createRunner({ runnerPath });
    const result = await runner.run(spec('crash'), { signal: AbortSignal.abort() });
    assert.equal(result.cancelled, true);
    runner.close();
  });

  it('turns a crash into an error that quotes the process, and survives it', async () => {
    const runner = createRunner({ runnerPath, processes: 1 });
    await assert.rejects(
      runner.run(spec('crash')),
      (fault: Error) =>
        fault instanceof RunnerError && /code 7: Error: the kernels met a bad pointer/.test(fault.message),
    );
    await assert.rejects(runner.run(spec('abort')), /by signal SIGABRT/);
    assert.equal((await runner.run(spec('ok'))).records.length, 6);
    runner.close();
  });

  it('passes on what the kernels refuse', async () => {
    await assert.rejects(startRun(spec('refuse'), { runnerPath }), /unknown optimizer "adamq"/);
  });

  it('stops a run at its time limit', async () => {
    await assert.rejects(startRun(spec('hang'), { runnerPath, timeLimit: 300 }), /took longer than 0.3 s/);
  });

  it('reports a runner that does not exist', async () => {
    await assert.rejects(startRun(spec('ok'), { runnerPath: '/nowhere/runner.js' }), RunnerError);
  });

  it('runs more specs than processes, reusing them', async () => {
    const runner = createRunner({ runnerPath, processes: 2 });
    const results = await Promise.all(Array.from({ length: 6 }, () => runner.run(spec('ok'))));
    assert.ok(new Set(results.map(({ backend }) => backend)).size <= 2);
    runner.close();
    await assert.rejects(runner.run(spec('ok')), /closed/);
  });

  it('refuses everything under way when closed', async () => {
    const runner = createRunner({ runnerPath, processes: 1 });
    const runs = [runner.run(spec('hang')), runner.run(spec('ok'))].map((run) =>
      assert.rejects(run, /closed/),
    );
    runner.close();
    await Promise.all(runs);
  });

  it('stops with an error when the callback throws', async () => {
    const boom = () => {
      throw new Error('the panel is gone');
    };
    await assert.rejects(startRun(spec('hang'), { runnerPath, onSteps: boom }), /the panel is gone/);
  });
});
