/**
 * Microsoft's packager for extensions, kept in a cache folder outside the checkout: it and its 120 packages are wanted
 * once a release, not at every install. It needs Node 22; where ours is older, one from npm runs it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const version = '4.1.0';
const node = '24.21.0';

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.status}`);
}

/** Runs vsce with `args` in the folder `cwd`. Throws when it cannot be installed or ends with a fault. */
export function vsce(args, cwd) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'trainlint', `vsce-${version}`);
  const entry = join(folder, 'node_modules/@vscode/vsce/vsce');
  const old = Number(process.versions.node.split('.')[0]) < 22;
  const runtime = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (!existsSync(entry) || (old && !existsSync(runtime))) {
    console.log(`Putting vsce ${version} into ${folder}`);
    mkdirSync(folder, { recursive: true });
    const dependencies = {
      '@vscode/vsce': version,
      ...(old && { [`node-${process.platform}-${process.arch}`]: node }),
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  }
  run(old ? runtime : process.execPath, [entry, ...args], cwd);
}
