// Builds the native addon with the machine's own C++ compiler (no node-gyp), then bundles the TypeScript face.
//   node build.mjs [--native-only] [--bundle-only] [--sanitize] [--verbose]
// --sanitize builds with AddressSanitizer and UndefinedBehaviorSanitizer into build/suite/sanitized, for
// scripts/suite-on.mjs.
// Files under src/**/isa/ are compiled once per instruction set with -DTRAINLINT_ISA=<level>; all others once.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  ADDON_FLAGS,
  COMMON_FLAGS,
  compile,
  fail,
  planUnits,
  root,
  run,
  writeWindowsShim,
} from './units.mjs';

const flags = new Set(process.argv.slice(2));

const sanitize = flags.has('--sanitize');
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];

const LEVELS = {
  x64: {
    baseline: ['-march=x86-64'],
    avx2: ['-march=x86-64-v3'],
    avx512: ['-march=x86-64-v4', '-mprefer-vector-width=512'],
  },
  arm64: { neon: [] },
};

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

async function buildAddon() {
  const compiler = findCompiler();
  const platform = process.platform;
  const buildFolder = path.join(root, 'build', `${sanitize ? 'sanitized-' : ''}${platform}-${process.arch}`);
  const levels = LEVELS[process.arch] ?? { baseline: [] };
  const common = [
    ...COMMON_FLAGS,
    ...(platform === 'win32' ? [] : ['-fPIC']),
    ...(sanitize ? [...SANITIZERS, '-g1', '-fno-omit-frame-pointer'] : []),
  ];
  const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
  // g++ turns short copying loops into calls of memmove, which cost more than the copies.
  const loopFlags = /clang/i.test(version) ? [] : ['-fno-tree-loop-distribute-patterns'];
  const shim = path.join(buildFolder, 'node-api-shim.cpp');
  const units = planUnits({
    folder: buildFolder,
    levels,
    onceFlags: [...common, sanitize ? '-O1' : '-O2', ...ADDON_FLAGS],
    isaFlags: [...common, sanitize ? '-O1' : '-O3', ...loopFlags],
    extra:
      platform === 'win32' ? [{ file: writeWindowsShim(shim, process.arch), name: 'node-api-shim.cpp' }] : [],
  });
  const stamp = JSON.stringify([compiler, version, common, ADDON_FLAGS, loopFlags, levels]);
  const compiled = await compile({ units, compiler: [compiler], folder: buildFolder, stamp });

  const place = sanitize ? path.join('build', 'suite', 'sanitized') : '';
  const addon = path.join(root, place, 'prebuilds', `${platform}-${process.arch}`, 'trainlint.node');
  const objects = units.map((unit) => unit.object);
  const newest = Math.max(...objects.map((object) => fs.statSync(object).mtimeMs));
  if (compiled === 0 && fs.existsSync(addon) && fs.statSync(addon).mtimeMs >= newest) return;
  fs.mkdirSync(path.dirname(addon), { recursive: true });
  const partial = `${addon}.${process.pid}`;
  const linkFlags = {
    darwin: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-dead_strip'],
    win32: ['-shared', '-s', '-static', '-Wl,--gc-sections'],
  }[platform] ?? [
    '-shared',
    // The sanitizers watch exceptions, so these must come from the library that they watch.
    ...(sanitize ? SANITIZERS : ['-s', '-static-libstdc++', '-static-libgcc']),
    '-pthread',
    '-Wl,--exclude-libs,ALL',
    '-Wl,--gc-sections',
  ];
  const linked = await run(compiler, [...linkFlags, '-o', partial, ...objects]);
  if (!linked.ok) fail(`linking failed\n${linked.output}`);
  fs.renameSync(partial, addon);
  console.log(
    `kernels: ${compiled} objects compiled, ${path.relative(root, addon)} ${fs.statSync(addon).size} bytes`,
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
