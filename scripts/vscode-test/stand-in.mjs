#!/usr/bin/env node
/**
 * Takes the place of the desktop `code` executable: same flags, same exit code, but the workbench is code-server's,
 * shown in headless Chromium. `@vscode/test-electron` starts it as `vscodeExecutablePath`.
 *
 * Beside that it lets the tests look at the window: they reach it over HTTP at `TRAINLINT_WINDOW` (see window.mjs).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { ensureChromium, hostPaths } from './host.mjs';
import { serveWindow } from './window.mjs';

const limitSeconds = Number(process.env.TRAINLINT_VSCODE_TIMEOUT ?? 900);
/** What the workbench says about services that are not there; none of it concerns the extension. */
const noise =
  /^(Error: )?(Could not locate the bindings file|Cannot find module '\.\/build\/Release\/watchdog')|^Require stack:|^\[(AgentHost|ChatModelSelection|AccountPolicyGate|Service Worker|reconnection-grace-time|DefaultAccount|chat-stt)|^(Resolv|Creating a socket|Updating additional builtin|Timed out waiting for authentication provider|getaddrinfo ENOTFOUND|Extension .* wants API proposal)|^\s+at .*workbench\.js/;
const userSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
};

function parseArguments(args) {
  const flags = { extensionDevelopmentPath: [], positional: [] };
  for (const argument of args) {
    const match = /^--([\w-]+)(?:=(.*))?$/.exec(argument);
    if (!match) flags.positional.push(resolve(argument));
    else if (match[1] === 'extensionDevelopmentPath') flags.extensionDevelopmentPath.push(match[2]);
    else flags[match[1]] = match[2] ?? true;
  }
  return flags;
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function answers(url) {
  return new Promise((done) => {
    get(url, (response) => {
      response.resume();
      done(response.statusCode === 200);
    }).on('error', () => done(false));
  });
}

function writeUserSettings(data) {
  const file = join(data, 'User/settings.json');
  mkdirSync(dirname(file), { recursive: true });
  const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  writeFileSync(file, JSON.stringify({ ...userSettings, ...own }, null, 2));
}

async function startServer(flags, temporary, windowUrl) {
  const paths = hostPaths();
  const data = flags['user-data-dir'] ?? join(temporary, 'data');
  const port = await freePort();
  writeUserSettings(data);
  const config = join(temporary, 'config.yaml');
  writeFileSync(config, '');
  const logFile = join(data, 'code-server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(
    paths.node,
    [
      paths.server,
      ...['--config', config, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...[
        '--user-data-dir',
        data,
        '--extensions-dir',
        flags['extensions-dir'] ?? join(temporary, 'extensions'),
      ],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      ...['--disable-getting-started-override', '--ignore-last-opened'],
      // Without it a release build ignores the extension and the tests named in the address, silently.
      ...['--vscode-option', 'enable-smoke-test-driver'],
    ],
    {
      stdio: ['ignore', log, log],
      detached: true,
      env: {
        ...process.env,
        TMPDIR: temporary,
        XDG_DATA_HOME: temporary,
        XDG_CONFIG_HOME: temporary,
        PATH: `${dirname(paths.node)}:${process.env.PATH}`,
        TRAINLINT_WINDOW: windowUrl,
      },
    },
  );
  const stop = async () => {
    const gone = new Promise((done) => child.once('exit', done));
    for (const [signal, wait] of [
      ['SIGTERM', 4000],
      ['SIGKILL', 100],
    ]) {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The group is gone already.
      }
      await Promise.race([gone, sleep(wait)]);
    }
  };
  for (const start = Date.now(); !(await answers(`http://127.0.0.1:${port}/healthz`)); await sleep(100))
    if (child.exitCode !== null || Date.now() - start > 60_000) {
      await stop();
      throw new Error(`code-server did not start, see ${logFile}`);
    }
  return { port, stop, logFile };
}

function workbenchAddress(flags, port) {
  const authority = `127.0.0.1:${port}`;
  const remote = (path) => `vscode-remote://${authority}${encodeURI(resolve(path))}`;
  const payload = [
    ...flags.extensionDevelopmentPath.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ...(flags.extensionTestsPath ? [['extensionTestsPath', remote(flags.extensionTestsPath)]] : []),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const [open] = flags.positional;
  const kind = open?.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const where = open ? `${kind}=${encodeURIComponent(open)}` : 'ew=true';
  return `http://${authority}/?${where}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** `--install-extension=FILE`: into the folder of `--extensions-dir`. Returns the exit code. */
function installExtension(flags) {
  const paths = hostPaths();
  const folders = ['user-data-dir', 'extensions-dir'].flatMap((name) => [`--${name}`, flags[name]]);
  const args = [paths.server, '--install-extension', resolve(flags['install-extension']), ...folders];
  return spawnSync(paths.node, args, { stdio: 'inherit' }).status ?? 1;
}

async function main() {
  const flags = parseArguments(process.argv.slice(2));
  if (flags['install-extension']) process.exit(installExtension(flags));
  const temporary = mkdtempSync(join(tmpdir(), 'trainlint-window-'));
  let browser;
  let server;
  let look;
  let finishing;
  const finish = (code) => {
    finishing ??= (async () => {
      clearTimeout(limit);
      look?.close();
      await browser?.close().catch(() => undefined);
      await server?.stop();
      rmSync(temporary, { recursive: true, force: true });
      process.exit(code);
    })();
    return finishing;
  };
  const limit = setTimeout(() => {
    console.error(`No result within ${limitSeconds} s`);
    finish(124);
  }, limitSeconds * 1000);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => finish(130));
  try {
    let page;
    look = await serveWindow(() => page);
    server = await startServer(flags, temporary, look.url);
    browser = await chromium.launch({
      executablePath: ensureChromium(),
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    });
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = await context.newPage();
    const ended = new Promise((done) => {
      page.exposeFunction('codeAutomationExit', done);
      page.exposeFunction('codeAutomationLog', (type, args) => {
        const line = format(...args);
        if (process.env.TRAINLINT_WINDOW_LOG || !noise.test(line))
          (type === 'error' ? process.stderr : process.stdout).write(`${line}\n`);
      });
      page.on('crash', () => done(125));
    });
    const response = await page.goto(workbenchAddress(flags, server.port));
    if (!response?.ok())
      throw new Error(`the workbench answered ${response?.status()}, see ${server.logFile}`);
    await finish(await ended);
  } catch (error) {
    console.error(error);
    await finish(1);
  }
}

await main();
