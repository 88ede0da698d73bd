import { join } from 'node:path';

/** What VS Code calls inside its extension host. Rejects when a test failed, which gives the exit code. */
export async function run(): Promise<void> {
  // mocha is ESM only and this file is bundled as CommonJS.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', color: true, timeout: 180_000, reporter: 'spec' });
  const only = process.env.TRAINLINT_TEST_GREP;
  if (only) mocha.grep(only);
  mocha.addFile(join(__dirname, 'tests.cjs'));
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) =>
      failures > 0 ? reject(new Error(`${failures} of ${runner.total} tests failed`)) : resolve(),
    );
  });
}
