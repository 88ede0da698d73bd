// Whether every loop of every instruction set gives the same bits and stays within its arrays (compare-levels.cpp):
//   node scripts/compare-levels.mjs [--shipped] [--choice] [--bochs [--cpu=...] [--clearcpuid=...]]
// On the loops of build.mjs or, --shipped, on those that "node prebuild.mjs linux-x64" left. --bochs runs them on an
// emulated machine with AVX-512 (in-bochs.mjs), --choice says which level is chosen and runs nothing.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { kernels, run, stop } from './target-node.mjs';

const flags = process.argv.slice(2);
const shipped = flags.includes('--shipped');
const machine = flags.filter((flag) => /^--(cpu|clearcpuid)=/.test(flag));
const unknown = flags.find(
  (flag) => !machine.includes(flag) && !['--shipped', '--choice', '--bochs'].includes(flag),
);
if (unknown) stop(`unknown: ${unknown}`, 2);
if (`${process.platform}-${process.arch}` !== 'linux-x64') stop('runs on linux-x64', 2);

const built = path.join(kernels, 'build', shipped ? 'prebuild-linux-x64' : 'linux-x64');
if (!shipped) run(process.execPath, ['build.mjs', '--native-only']);
else if (!fs.existsSync(built)) stop('nothing that ships: run "node prebuild.mjs linux-x64" first', 2);
const objects = [...(shipped ? [] : ['baseline']), 'avx2', 'avx512'].flatMap((level) =>
  fs
    .readdirSync(path.join(built, level), { recursive: true })
    .filter((name) => name.endsWith('.o'))
    .map((name) => path.join(built, level, name)),
);
const folder = path.join(kernels, 'build', 'levels');
const program = path.join(folder, shipped ? 'shipped' : 'ordinary');
fs.mkdirSync(folder, { recursive: true });
run(process.env.CXX ?? 'g++', [
  ...['-std=c++20', '-O1', '-static', '-Wall', '-Wextra', '-Isrc', '-o', program],
  ...(shipped ? ['-DTRAINLINT_SHIPPED'] : []),
  ...['scripts/compare-levels.cpp', 'src/simd/dispatch.cpp', 'src/failure/throwing.cpp', ...objects],
]);
const command = [program, ...flags.filter((flag) => flag === '--choice')];
const emulated = [process.execPath, path.join(import.meta.dirname, 'in-bochs.mjs'), ...machine, ...command];
const [first, ...rest] = flags.includes('--bochs') ? emulated : command;
const { status } = spawnSync(first, rest, { cwd: folder, stdio: 'inherit' });
process.exitCode = status ?? 1;
