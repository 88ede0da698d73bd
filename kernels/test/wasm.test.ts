// Needs prebuilds/wasm: `npm run test:wasm -w kernels` builds it and runs this and the other suites on it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { backend, Optimizer, proxies, train } from '../js/index.ts';
import { referenceRun } from './support.ts';

const run = promisify(execFile);
const native = process.arch === 'arm64' ? 'native-neon' : 'native-baseline';

async function digests(script: string, level: string): Promise<Record<string, string>> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, TRAINLINT_BACKEND: level };
  const { stdout } = await run(process.execPath, ['--import', 'tsx', file], { env });
  return JSON.parse(stdout) as Record<string, string>;
}

describe('WebAssembly', () => {
  it('says so', () => {
    assert.equal(backend(), 'wasm-simd');
  });

  it('gives the bits of the native kernels: every record of every proxy', async () => {
    const here = await digests('bit-identity-worker.ts', 'wasm-simd');
    for (const { id } of proxies()) assert.ok(here[id], id);
    assert.deepEqual(here, await digests('bit-identity-worker.ts', native));
  });

  it('gives the bits of the native kernels: every optimizer in both precisions', async () => {
    const here = await digests('optim/digest.ts', 'wasm-simd');
    assert.deepEqual(here, await digests('optim/digest.ts', native));
  });

  it('is taken where there is no native addon', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trainlint-wasm-'));
    try {
      for (const part of ['dist/index.js', 'prebuilds/wasm']) {
        cpSync(fileURLToPath(new URL(`../${part}`, import.meta.url)), join(folder, part), {
          recursive: true,
        });
      }
      const url = pathToFileURL(join(folder, 'dist', 'index.js')).href;
      const script = `import { backend } from ${JSON.stringify(url)}; console.log(backend());`;
      const ask = (forced: string) =>
        run(process.execPath, ['--input-type=module', '-e', script], {
          env: { ...process.env, TRAINLINT_BACKEND: forced },
        });
      assert.equal((await ask('')).stdout.trim(), 'wasm-simd');
      await assert.rejects(ask('native-avx2'), /could not be loaded/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps its stack and its sessions after errors', () => {
    const optimizer = new Optimizer({ kind: 'lbfgs', lr: 1 }, [[2]]);
    const params = [Float32Array.of(3, 4)];
    const grads = [new Float32Array(2)];
    const fault = new Error('from the closure');
    for (let i = 0; i < 2000; i++) {
      assert.throws(() => new Optimizer({ kind: 'adam', lr: -1 }, [[2]]), /Invalid learning rate: -1/);
      const evaluate = () => {
        throw fault;
      };
      assert.throws(() => optimizer.step(params, grads, { evaluate }), fault);
      assert.deepEqual([...(params[0] ?? [])], [3, 4]);
    }
    const outer = new Optimizer({ kind: 'sam(sgd)', lr: 0.1 }, [[1]]);
    const inner = new Optimizer({ kind: 'lbfgs', lr: 1 }, [[1]]);
    const one = [Float32Array.of(1)];
    const other = [Float32Array.of(5)];
    // A closure may step another optimizer with a closure of its own.
    outer.step(one, [new Float32Array(1)], {
      evaluate: (_, g) => {
        inner.step(other, [new Float32Array(1)], {
          evaluate: (p, h) => {
            h[0]?.set([2 * (p[0]?.[0] ?? 0)]);
            return (p[0]?.[0] ?? 0) ** 2;
          },
        });
        g[0]?.set([1]);
        return 1;
      },
    });
    assert.ok(Math.abs((one[0]?.[0] ?? 0) - 0.9) < 1e-6);
    assert.ok(Math.abs(other[0]?.[0] ?? 1) < 1e-3);
  });

  it('trains in several threads at once and goes on after a run that failed', async () => {
    const gpt = proxies().find((proxy) => proxy.id === 'gpt');
    assert.ok(gpt);
    const spec = referenceRun(gpt, 4, 20);
    const bad = { ...spec, optimizer: { kind: 'adamw', eps: -1 } };
    const [a, b, failure] = await Promise.all([
      train(spec),
      train(spec),
      train(bad).catch((error: unknown) => error),
    ]);
    assert.match(String(failure), /Invalid epsilon value: -1/);
    assert.deepEqual(a.records, b.records);
    assert.deepEqual((await train(spec)).records, a.records);
  });
});
