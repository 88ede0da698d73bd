/**
 * `npm run test:vscode`: the suite of client/test/suite in a real VS Code, against the bundles in dist/.
 * `VSCODE_EXECUTABLE` names a VS Code to use; otherwise one is downloaded, and where nothing can be downloaded the
 * stand-in beside this file takes its place. `TRAINLINT_VSIX` names a package to install and test in the checkout's place:
 * what users get.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  downloadAndUnzipVSCode,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
} from '@vscode/test-electron';
import { build } from 'esbuild';
import { ensureChromium, ensureHost } from './host.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const out = join(root, 'out', 'vscode-test');
const vsix = process.env.TRAINLINT_VSIX && resolve(process.env.TRAINLINT_VSIX);
const noNetwork =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|getaddrinfo/;

async function bundleSuite() {
  await build({
    absWorkingDir: root,
    entryPoints: { index: 'client/test/suite/index.ts', tests: 'client/test/suite/tests.ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    outdir: out,
    outExtension: { '.js': '.cjs' },
    logLevel: 'warning',
  });
}

/** The executable to start, and what it is called in the log. */
async function chooseEditor() {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named) return { path: named, name: named };
  try {
    return { path: await downloadAndUnzipVSCode('stable'), name: 'VS Code stable' };
  } catch (fault) {
    const why = describe(fault);
    if (!noNetwork.test(why)) throw fault;
    console.log('VS Code cannot be downloaded here; using the stand-in');
  }
  ensureHost();
  process.env.CHROMIUM = ensureChromium();
  return { path: join(here, 'stand-in.mjs'), name: 'stand-in' };
}

function describe(fault) {
  if (!(fault instanceof Error)) return String(fault);
  const inner = fault.cause ?? fault.errors;
  return `${fault.name} ${fault.message} ${fault.code ?? ''} ${inner ? [inner].flat().map(describe).join(' ') : ''}`;
}

/** Installs a package as `code --install-extension` does. */
function install(editor, file, folders) {
  const [command, ...args] = editor.endsWith('.mjs')
    ? [editor]
    : resolveCliArgsFromVSCodeExecutablePath(editor, { reuseMachineInstall: true });
  const result = spawnSync(command, [...args, `--install-extension=${file}`, ...folders], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new Error(`${file} could not be installed`);
}

/** The suite needs an extension under development to run in; beside an installed one that is an empty one. */
function emptyExtension(temporary) {
  const folder = join(temporary, 'empty');
  mkdirSync(folder);
  const manifest = { name: 'empty', publisher: 'none', version: '0.0.1', engines: { vscode: '^1.91.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

async function main() {
  for (const name of ['client.js', 'server.js', 'panel.js', 'runner.mjs'])
    if (!existsSync(join(root, 'dist', name)))
      throw new Error(`dist/${name} is missing: run "npm run build" first`);
  await bundleSuite();
  const temporary = mkdtempSync(join(tmpdir(), 'trainlint-vscode-'));
  const workspace = join(temporary, 'workspace');
  const userData = join(temporary, 'user-data');
  cpSync(join(root, 'client/test/workspace'), workspace, { recursive: true });
  mkdirSync(join(userData, 'User'), { recursive: true });
  const settings = {
    'security.workspace.trust.enabled': false,
    'window.commandCenter': false,
    // In a browser the editor saves after a second: on a slow machine before a test takes back what it has typed.
    'files.autoSave': 'off',
  };
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify(settings));
  try {
    const editor = await chooseEditor();
    const folders = [`--user-data-dir=${userData}`, `--extensions-dir=${join(temporary, 'extensions')}`];
    if (vsix) install(editor.path, vsix, folders);
    console.log(`Running the suite in ${editor.name}${vsix ? ` on ${vsix}` : ''}`);
    await runTests({
      vscodeExecutablePath: editor.path,
      extensionDevelopmentPath: vsix ? emptyExtension(temporary) : root,
      extensionTestsPath: join(out, 'index.cjs'),
      launchArgs: [
        workspace,
        // An installed extension is one of those that this would leave out.
        ...(vsix ? [] : ['--disable-extensions']),
        ...folders,
      ],
      extensionTestsEnv: {
        TRAINLINT_SCREENSHOTS: process.env.TRAINLINT_SCREENSHOTS ?? join(root, 'out', 'screenshots'),
      },
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
