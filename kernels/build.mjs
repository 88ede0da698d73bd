// Builds the native addon with the machine's own C++ compiler (no node-gyp), then bundles the TypeScript face.
//   node build.mjs [--native-only] [--bundle-only] [--verbose]
// Files under src/**/isa/ are compiled once per instruction set with -DTRAINLINT_ISA=<level>; all others once.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const root = import.meta.dirname;
const require = createRequire(import.meta.url);
const source = path.join(root, 'src');
const flags = new Set(process.argv.slice(2));

// No contraction, no reassociation: every level, compiler and machine rounds alike. The other two only drop
// errno and trap bookkeeping, so NaN and infinity stay what they are.
const FLOAT_FLAGS = ['-fno-math-errno', '-fno-trapping-math', '-ffp-contract=off'];
const LEVELS = {
  x64: {
    baseline: ['-march=x86-64'],
    avx2: ['-march=x86-64-v3'],
    avx512: ['-march=x86-64-v4', '-mprefer-vector-width=512'],
  },
  arm64: { neon: [] },
};

function fail(message) {
  console.error(`kernels: ${message}`);
  process.exit(1);
}

function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++', 'c++'];
  for (const candidate of candidates) {
    if (spawnSync(candidate, ['--version'], { stdio: 'ignore' }).status === 0) return candidate;
  }
  const how = {
    linux:
      'Debian, Ubuntu: "sudo apt install g++"; Fedora: "sudo dnf install gcc-c++"; Alpine: "apk add g++"',
    darwin: '"xcode-select --install"',
    win32: 'install MSYS2 (mingw-w64 g++) or LLVM and put it on PATH',
  }[process.platform];
  return fail(
    `no C++ compiler found (tried ${candidates.join(', ')}). The native kernels need one: ${how ?? 'install g++ or clang++'}. ` +
      'A compiler under another name can be given as CXX=....',
  );
}

function listSources(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return listSources(file);
      return entry.name.endsWith('.cpp') ? [file] : [];
    })
    .sort();
}

/** Whether the object is newer than its source and every header it read (the compiler's .d file). */
function isFresh(object) {
  const dependencies = `${object}.d`;
  if (!fs.existsSync(object) || !fs.existsSync(dependencies)) return false;
  const built = fs.statSync(object).mtimeMs;
  const files = fs
    .readFileSync(dependencies, 'utf8')
    .replace(/\\\r?\n/g, ' ')
    .replace(/^.*?:\s/, '')
    .split(/(?<!\\)\s+/)
    .filter(Boolean)
    .map((file) => file.replaceAll('\\ ', ' '));
  return files.every((file) => {
    try {
      return fs.statSync(file).mtimeMs <= built;
    } catch {
      return false;
    }
  });
}

function run(command, args) {
  return new Promise((resolve) => {
    if (flags.has('--verbose')) console.log(command, args.join(' '));
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

async function runAll(tasks) {
  const queue = [...tasks];
  const failures = [];
  const worker = async () => {
    for (let task = queue.shift(); task; task = queue.shift()) {
      const result = await task();
      if (!result.ok) failures.push(result.output);
    }
  };
  await Promise.all(
    Array.from({ length: Math.max(2, os.availableParallelism?.() ?? os.cpus().length) }, worker),
  );
  return failures;
}

/** Sources that share a translation unit at most; larger ones would leave a second core idle. */
const JUMBO_FILES = 14;

/**
 * Gathers the sources of a folder into few translation units: they share headers and template instantiations, which
 * is most of what compiling them costs. Names in one folder must therefore differ, in unnamed namespaces too.
 */
function jumbo(sources, folder) {
  const folders = new Map();
  for (const one of sources) {
    const group = groupOf(one.name);
    folders.set(group, [...(folders.get(group) ?? []), one]);
  }
  fs.mkdirSync(folder, { recursive: true });
  return [...folders].flatMap(([group, members]) => {
    const parts = Math.ceil(members.length / JUMBO_FILES);
    return Array.from({ length: parts }, (_, part) => {
      const file = path.join(folder, `${group}-${part}.cpp`);
      const text = members
        .filter((_, index) => index % parts === part)
        .map((one) => `#include ${JSON.stringify(one.file)}\n`)
        .join('');
      if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
      return { file, name: `${group}-${part}.cpp` };
    });
  });
}

function groupOf(name) {
  const [first] = name.split(path.sep);
  return ['optim', 'proxies'].includes(first) ? first : 'core';
}

// A Windows addon must find the Node-API functions in whatever program hosts it (node.exe, Code.exe), so they are
// looked up at load instead of being imported from a library that names one program.
function writeWindowsShim(file) {
  const api = require('node-api-headers').symbols.v8;
  const names = [...api.js_native_api_symbols, ...api.node_api_symbols];
  const jump = (name) =>
    process.arch === 'arm64'
      ? `adrp x16, ptr_${name}\\n ldr x16, [x16, :lo12:ptr_${name}]\\n br x16`
      : `jmp *ptr_${name}(%rip)`;
  const text = [
    '#include <windows.h>',
    'extern "C" {',
    ...names.map(
      (name) => `void* ptr_${name}; __asm__(".text\\n.globl ${name}\\n${name}:\\n ${jump(name)}\\n");`,
    ),
    '}',
    'namespace { struct Bind { Bind() {',
    '  HMODULE host = GetModuleHandleW(L"libnode.dll"); if (!host) host = GetModuleHandleW(nullptr);',
    ...names.map((name) => `  ptr_${name} = reinterpret_cast<void*>(GetProcAddress(host, "${name}"));`),
    '} } bind; }',
  ].join('\n');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
  return file;
}

async function buildAddon() {
  const compiler = findCompiler();
  const platform = process.platform;
  const buildFolder = path.join(root, 'build', `${platform}-${process.arch}`);
  const levels = LEVELS[process.arch] ?? { baseline: [] };
  const nodeApi = require('node-api-headers').include_dir;
  const nodeAddonApi = path.dirname(require.resolve('node-addon-api/napi.h'));
  const common = [
    '-std=c++20',
    '-ffunction-sections',
    '-fdata-sections',
    ...FLOAT_FLAGS,
    '-Wall',
    '-Wextra',
    '-Wno-psabi',
    '-fvisibility=hidden',
    '-g0',
    `-I${source}`,
  ];
  if (platform !== 'win32') common.push('-fPIC');
  const addonFlags = [
    `-isystem${nodeApi}`,
    `-isystem${nodeAddonApi}`,
    '-DNAPI_VERSION=8',
    '-DNODE_ADDON_API_CPP_EXCEPTIONS',
    '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    '-DNODE_API_NO_EXTERNAL_BUFFERS_ALLOWED',
  ];

  const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
  // g++ turns short copying loops into calls of memmove, which cost more than the copies.
  const loopFlags = /clang/i.test(version) ? [] : ['-fno-tree-loop-distribute-patterns'];

  const sources = listSources(source).map((file) => ({ file, name: path.relative(source, file) }));
  const perLevel = sources.filter(({ name }) => name.split(path.sep).includes('isa'));
  const once = sources.filter((one) => !perLevel.includes(one));
  if (platform === 'win32') {
    once.push({
      file: writeWindowsShim(path.join(buildFolder, 'node-api-shim.cpp')),
      name: 'node-api-shim.cpp',
    });
  }
  const units = [
    ...jumbo(once, path.join(buildFolder, 'jumbo')).map(({ file, name }) => ({
      file,
      object: path.join(buildFolder, 'once', `${name}.o`),
      args: [...common, '-O2', ...addonFlags],
    })),
    ...Object.entries(levels).flatMap(([level, levelFlags]) =>
      perLevel.map(({ file, name }) => ({
        file,
        object: path.join(buildFolder, level, `${name}.o`),
        args: [...common, '-O3', ...loopFlags, ...levelFlags, `-DTRAINLINT_ISA=${level}`],
      })),
    ),
  ];

  // Objects of other flags or another compiler are stale.
  const stamp = JSON.stringify([compiler, version, common, addonFlags, loopFlags, levels]);
  const stampFile = path.join(buildFolder, 'flags.json');
  const sameFlags = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
  const stale = units.filter((unit) => !sameFlags || !isFresh(unit.object));
  const failures = await runAll(
    stale.map((unit) => async () => {
      fs.mkdirSync(path.dirname(unit.object), { recursive: true });
      // Written aside and renamed, so that an interrupted or parallel build never leaves half an object.
      const partial = `${unit.object}.${process.pid}`;
      const result = await run(compiler, [
        ...unit.args,
        '-MMD',
        '-MF',
        `${unit.object}.d`,
        '-c',
        unit.file,
        '-o',
        partial,
      ]);
      if (result.ok) fs.renameSync(partial, unit.object);
      if (result.ok && result.output) console.error(result.output);
      return result;
    }),
  );
  if (failures.length > 0) fail(`compilation failed\n${failures.join('\n')}`);
  fs.writeFileSync(stampFile, stamp);

  const addon = path.join(root, 'prebuilds', `${platform}-${process.arch}`, 'trainlint.node');
  const objects = units.map((unit) => unit.object);
  const newest = Math.max(...objects.map((object) => fs.statSync(object).mtimeMs));
  if (stale.length === 0 && fs.existsSync(addon) && fs.statSync(addon).mtimeMs >= newest) return;
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  const partial = `${addon}.${process.pid}`;
  const linkFlags = {
    darwin: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-dead_strip'],
    win32: ['-shared', '-s', '-static', '-Wl,--gc-sections'],
  }[platform] ?? [
    '-shared',
    '-s',
    '-static-libstdc++',
    '-static-libgcc',
    '-pthread',
    '-Wl,--exclude-libs,ALL',
    '-Wl,--gc-sections',
  ];
  const linked = await run(compiler, [...linkFlags, '-o', partial, ...objects]);
  if (!linked.ok) fail(`linking failed\n${linked.output}`);
  fs.renameSync(partial, addon);
  console.log(
    `kernels: ${stale.length} objects compiled, ${path.relative(root, addon)} ${fs.statSync(addon).size} bytes`,
  );
}

async function bundle() {
  const entry = path.join(root, 'js', 'index.ts');
  const { build } = await import('esbuild');
  const shared = {
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  };
  await build({ ...shared, format: 'esm', outfile: path.join(root, 'dist', 'index.js') });
  await build({
    ...shared,
    format: 'cjs',
    outfile: path.join(root, 'dist', 'index.cjs'),
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
}

if (!flags.has('--bundle-only')) await buildAddon();
if (!flags.has('--native-only')) await bundle();
