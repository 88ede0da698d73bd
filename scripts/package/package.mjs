/**
 * `npm run package`: makes what users install, into out/package:
 *   trainlint-<version>.vsix   the extension for every platform: all native files and WebAssembly in one
 *   trainlint-<version>.tgz    the command line, for `npm install -g`
 * Builds all native files first (minutes the first time); `-- linux-x64 wasm` builds and packs those targets only.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vsce } from './vsce.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const out = join(root, 'out/package');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const targets = process.argv.slice(2);

function run(command, args, cwd = root) {
  const result = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.status}`);
}

/** Copies `paths` of the checkout to the same places under `folder`. */
function stage(folder, paths) {
  rmSync(folder, { recursive: true, force: true });
  for (const path of paths) cpSync(join(root, path), join(folder, path), { recursive: true });
}

/** The native files of this call, not what an earlier build for this machine left beside them. */
function prebuilds() {
  const folder = 'kernels/prebuilds';
  const built = targets.length > 0 ? targets : readdirSync(join(root, folder));
  return built.map((target) => `${folder}/${target}`);
}

function packExtension() {
  const folder = join(out, 'extension');
  // .vscodeignore says what of these goes in.
  stage(folder, [
    ...['.vscodeignore', 'package.json', 'package.nls.json', 'package.nls.ko.json'],
    ...['README.md', 'CHANGELOG.md', 'LICENSE', 'images', 'l10n', 'client/walkthrough', 'schemas', 'dist'],
    ...['kernels/package.json', 'kernels/dist', ...prebuilds()],
  ]);
  const file = join(out, `trainlint-${manifest.version}.vsix`);
  vsce(['package', '--no-dependencies', '--out', file], folder);
  return file;
}

function packCommandLine() {
  const folder = join(out, 'command-line');
  stage(folder, [
    ...['README.md', 'README.ko.md', 'CHANGELOG.md', 'LICENSE', 'server/bin'],
    ...['dist/cli.mjs', 'dist/runner.mjs', 'dist/chunks'],
    ...['kernels/package.json', 'kernels/dist/index.js', ...prebuilds()],
  ]);
  const { version, license, keywords, repository, engines } = manifest;
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(
      {
        name: 'trainlint',
        version,
        description:
          'Lints the training configs of machine learning, and trains a proxy to show what it found.',
        license,
        keywords,
        repository,
        engines: { node: engines.node },
        type: 'module',
        bin: { trainlint: 'server/bin/trainlint.mjs' },
      },
      null,
      2,
    )}\n`,
  );
  // Everything staged is bundled, the kernels' manifest too: nothing is left to install.
  const kernels = join(folder, 'kernels/package.json');
  writeFileSync(kernels, `${JSON.stringify({ name: '@trainlint/kernels', version, type: 'module' })}\n`);
  run('npm', ['pack', '--loglevel=error', '--pack-destination', out], folder);
  return join(out, `trainlint-${version}.tgz`);
}

try {
  run('npm', ['run', 'build']);
  run(process.execPath, ['kernels/prebuild.mjs', ...targets]);
  mkdirSync(out, { recursive: true });
  for (const file of [packExtension(), packCommandLine()]) {
    if (!existsSync(file)) throw new Error(`${file} was not made`);
    console.log(`${file}: ${Math.round(statSync(file).size / 1000)} kB`);
  }
  // The tests want the native file with what they look into.
  run('npm', ['run', 'build', '-w', 'kernels']);
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
