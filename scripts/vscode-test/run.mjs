/**
 * `npm run test:vscode`: the suite of client/test/suite in a real VS Code, against the bundles in dist/.
 * `VSCODE_EXECUTABLE` names a VS Code to use; otherwise one is downloaded, and where nothing can be downloaded the
 * stand-in beside this file takes its place. `TRAINLINT_EXTENSION` names another folder to load the extension from, such
 * as an unpacked package.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { ensureChromium, ensureHost } from './host.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const out = join(root, 'out', 'vscode-test');
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
    console.log(`Running the suite in ${editor.name}`);
    await runTests({
      vscodeExecutablePath: editor.path,
      extensionDevelopmentPath: process.env.TRAINLINT_EXTENSION ?? root,
      extensionTestsPath: join(out, 'index.cjs'),
      launchArgs: [
        workspace,
        '--disable-extensions',
        `--user-data-dir=${userData}`,
        `--extensions-dir=${join(temporary, 'extensions')}`,
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
