import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { firstLoaded } from '../js/first-loaded.ts';

const run = promisify(execFile);
const face = new URL('../js/index.ts', import.meta.url).href;

/** What the kernels answer in a process of its own, with TRAINLINT_BACKEND set to `forced`. */
const ask = (forced: string, question: string) =>
  run(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import * as kernels from ${JSON.stringify(face)}; console.log(${question});`,
    ],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, TRAINLINT_BACKEND: forced },
    },
  );

describe('which kernels are loaded', () => {
  it('the first that do not refuse, with the reasons of those before', () => {
    const asked: string[] = [];
    const attempts = new Map([
      [
        'linux-x64',
        () => {
          asked.push('linux-x64');
          throw new Error('this processor has no AVX2\nRequire stack: ...');
        },
      ],
      ['wasm', () => asked.push('wasm')],
      ['never', () => asked.push('never')],
    ]);
    assert.deepEqual(firstLoaded(attempts), {
      loaded: 2,
      refusals: ['linux-x64: this processor has no AVX2'],
    });
    assert.deepEqual(asked, ['linux-x64', 'wasm']);
  });

  it('none, where all refuse', () => {
    const refuse = () => {
      throw new Error('no');
    };
    assert.deepEqual(firstLoaded(new Map([['a', refuse]])), { loaded: undefined, refusals: ['a: no'] });
  });

  it('without a refusal where the native addon runs', async () => {
    const { stdout } = await ask(process.env.TRAINLINT_BACKEND ?? '', 'kernels.nativeRefusal() === ""');
    assert.equal(stdout.trim(), 'true');
  });

  it('never others than the environment asks for', async () => {
    await assert.rejects(ask('native-mmx', 'kernels.backend()'), /TRAINLINT_BACKEND=native-mmx: unknown/);
    await assert.rejects(ask('wasm', 'kernels.backend()'), /TRAINLINT_BACKEND=wasm: unknown/);
  });
});
