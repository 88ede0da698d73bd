// What both builds share: which sources make which translation units, the flags that fix rounding, and incremental
// compiling. build.mjs takes the machine's own compiler, prebuild.mjs takes Zig for every target.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

export const root = import.meta.dirname;
const require = createRequire(import.meta.url);
const source = path.join(root, 'src');
const verbose = process.argv.includes('--verbose');

// No contraction, no reassociation: every level, compiler and machine rounds alike. The other two only drop
// errno and trap bookkeeping, so NaN and infinity stay what they are.
const FLOAT_FLAGS = ['-fno-math-errno', '-fno-trapping-math', '-ffp-contract=off'];

export const COMMON_FLAGS = [
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

export const ADDON_FLAGS = [
  `-isystem${require('node-api-headers').include_dir}`,
  `-isystem${path.dirname(require.resolve('node-addon-api/napi.h'))}`,
  '-DNAPI_VERSION=8',
  '-DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
  '-DNODE_API_NO_EXTERNAL_BUFFERS_ALLOWED',
];

export function fail(message) {
  console.error(`kernels: ${message}`);
  process.exit(1);
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

const inFolder = (folder, names) => names.map((name) => path.join(folder, 'isa', `${name}.cpp`));

/** Loops in which no step spends its time, compiled for size (not the optimizers': those then take five times as long). */
const SMALL = inFolder('ops', ['pooling', 'rms_norm', 'normal', 'dropout']);

/** Loops that AVX-512 takes from AVX2 (the tables under isa/ leave them out too). */
const COLD = [
  ...SMALL,
  ...inFolder('optim', [
    'nag',
    'adagrad',
    'rmsprop',
    'adamax',
    'nadam',
    'radam',
    'adabound',
    'lamb',
    'adafactor',
    'sophia',
  ]),
];

/** Loops with some per cent of a step at most: in what ships (TRAINLINT_SHIPPED), AVX-512 takes them from AVX2 too. */
const LUKEWARM = [
  ...inFolder('ops', [
    'activation_back',
    'batch_norm',
    'depthwise',
    'elementwise',
    'layer_norm',
    'loss',
    'patches',
  ]),
  ...inFolder('optim', ['arithmetic', 'sums']),
];

/**
 * The translation units of a target: sources under isa/ once for each of `levels` (name to flags) with
 * -DTRAINLINT_ISA=<level>, all others that `takes(name)` once, `smallFlags` for loops in which no step spends its
 * time. Objects go to `folder`.
 */
export function planUnits({
  folder,
  levels,
  onceFlags,
  isaFlags,
  smallFlags = [],
  shipped = false,
  takes = () => true,
  extra = [],
}) {
  const narrow = shipped ? [...COLD, ...LUKEWARM] : COLD;
  const sources = listSources(source).map((file) => ({ file, name: path.relative(source, file) }));
  const isIsa = ({ name }) => name.split(path.sep).includes('isa');
  const once = sources.filter((one) => !isIsa(one) && takes(one.name));
  return [
    ...jumbo([...once, ...extra], path.join(folder, 'jumbo')).map(({ file, name }) => ({
      file,
      object: path.join(folder, 'once', `${name}.o`),
      args: onceFlags,
    })),
    ...Object.entries(levels).flatMap(([level, levelFlags]) =>
      sources
        .filter((one) => isIsa(one) && !(level === 'avx512' && narrow.includes(one.name)))
        .map(({ file, name }) => ({
          file,
          object: path.join(folder, level, `${name}.o`),
          args: [
            ...isaFlags,
            ...levelFlags,
            ...(SMALL.includes(name) ? smallFlags : []),
            `-DTRAINLINT_ISA=${level}`,
          ],
        })),
    ),
  ];
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

export function run(command, args) {
  return new Promise((resolve) => {
    if (verbose) console.log(command, args.join(' '));
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

/**
 * Compiles what is stale with `compiler` (a program and its first arguments). `stamp` names compiler and flags: objects
 * made under another one are stale too. Returns how many were compiled.
 */
export async function compile({ units, compiler: [program, ...first], folder, stamp }) {
  const stampFile = path.join(folder, 'flags.json');
  const sameFlags = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
  const stale = units.filter((unit) => !sameFlags || !isFresh(unit.object));
  const failures = await runAll(
    stale.map((unit) => async () => {
      fs.mkdirSync(path.dirname(unit.object), { recursive: true });
      // Written aside and renamed, so that an interrupted or parallel build never leaves half an object.
      const partial = `${unit.object}.${process.pid}`;
      const dependencies = ['-MMD', '-MF', `${unit.object}.d`];
      const result = await run(program, [
        ...first,
        ...unit.args,
        ...dependencies,
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
  return stale.length;
}

// A Windows addon must find the Node-API functions in whatever program hosts it (node.exe, Code.exe), so they are
// looked up at load instead of being imported from a library that names one program.
export function writeWindowsShim(file, architecture) {
  const api = require('node-api-headers').symbols.v8;
  const names = [...api.js_native_api_symbols, ...api.node_api_symbols];
  const jump = (name) =>
    architecture === 'arm64'
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
