// Whether what ships trains to the same bits everywhere: every proxy and every optimizer on every target and
// instruction set that this machine can run, against the ordinary build of this machine.
//   node scripts/compare-bits.mjs [linux-x64 linux-arm64 win32-x64 wasm avx512]
// avx512 is linux-x64 under Bochs (in-bochs.mjs), without being asked for not among them: it takes a while.
// Run prebuild.mjs before. The ordinary build then takes the place of what ships for this machine, which is kept in
// build/suite/<target>/shipped.
import fs from 'node:fs';
import path from 'node:path';
import { kernels, own, prepare, run, start, stop, targetNode } from './target-node.mjs';

// What ships for x64 holds no code for older processors than these.
const LEVELS = {
  x64: ['native-avx2', 'native-avx512'],
  avx512: ['native-avx512'],
  arm64: ['native-neon'],
  wasm: ['wasm-simd'],
};
const words = process.argv.slice(2);
const targets = words.length > 0 ? words : [own, 'linux-arm64', 'win32-x64', 'wasm'];

/** A folder in which the target's Node finds what ships, and nothing else. */
function shippedFolder({ folder: parent, prebuild: target }) {
  const folder = path.join(parent, 'shipped');
  const there = path.join(kernels, 'prebuilds', target);
  const copy = path.join(folder, 'prebuilds', target);
  // What ships has an old date (prebuild.mjs), the ordinary build has not.
  const ships = (name) =>
    fs.statSync(path.join(there, name), { throwIfNoEntry: false })?.mtime.getFullYear() === 2000;
  if (ships('trainlint.node') || ships('trainlint.wasm.br')) fs.cpSync(there, copy, { recursive: true });
  if (!fs.existsSync(copy)) stop(`nothing that ships for ${target}: run "node prebuild.mjs ${target}" first`);
  return folder;
}

/** The digests of a level, or undefined where this machine has no such instructions. */
function digests(machine, folder, level) {
  const found = {};
  for (const script of ['bit-identity-worker.ts', path.join('optim', 'digest.ts')]) {
    const { status, stdout, stderr } = start(
      machine,
      folder,
      ['--import', 'tsx', path.join('test', script)],
      {
        TRAINLINT_BACKEND: level,
        TRAINLINT_PRECISION: 'Float32Array',
      },
    );
    if (stderr.includes('cannot execute it')) return undefined;
    if (status !== 0) stop(`${folder}, ${level}: ${script} ended with ${status}\n${stderr}`);
    Object.assign(found, JSON.parse(stdout));
  }
  return found;
}

const machines = targets.map((target) => ({ target, machine: targetNode(target) }));
const rows = machines.map(({ target, machine }) => ({
  target,
  machine,
  folder: shippedFolder(machine),
}));
run(process.execPath, ['build.mjs']);
const ordinary = targetNode(own);
const reference = path.join(kernels, 'build', 'suite', 'ordinary');
fs.cpSync(path.join(kernels, 'prebuilds', own), path.join(reference, 'prebuilds', own), { recursive: true });
prepare(ordinary, reference);
const lowest = process.arch === 'x64' ? 'native-baseline' : LEVELS[process.arch][0];
const expected = digests(ordinary, reference, lowest);
const names = Object.keys(expected);
console.log(`compare-bits: ${names.length} runs on the ordinary build, ${own}, ${lowest}`);

for (const { target, machine, folder } of rows) {
  prepare(machine, folder);
  for (const level of LEVELS[target.split('-').at(-1)]) {
    const found = digests(machine, folder, level);
    const others = found && names.filter((name) => found[name] !== expected[name]);
    if (others?.length) process.exitCode = 1;
    const verdict = !found
      ? 'not run: no such instructions here'
      : others.length === 0
        ? 'the same bits'
        : `other bits: ${others.join(', ')}`;
    console.log(`${target.padEnd(12)} ${level.padEnd(16)} ${verdict}`);
  }
}
