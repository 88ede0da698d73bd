/**
 * Bundles what ships into dist/:
 *   client.js   the extension (CommonJS, `vscode` comes from the editor)
 *   server.js   the language server for the editor (CommonJS, forked by the client)
 *   cli.mjs     the command line, one chunk a command so that `lint` loads nothing else (ESM)
 *   runner.mjs   the process in which a proxy trains (ESM; loads the kernels beside it)
 *   panel.js/.css  the run panel's page
 * The kernels stay their own package: their native file lies beside their own bundle.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const metafile = process.argv.includes('--meta');

/** @type {import('esbuild').Plugin} */
const kernelsBeside = {
  name: 'kernels-beside',
  setup(context) {
    context.onResolve({ filter: /^@trainlint\/kernels$/ }, () => ({
      path: '../kernels/dist/index.js',
      external: true,
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: 'node20',
  platform: 'node',
  // The UMD build of jsonc-parser hides its parts from bundlers; its ES modules do not.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
  metafile,
  define: { TRAINLINT_VERSION: JSON.stringify(version) },
  plugins: [kernelsBeside],
};

const esm = {
  ...common,
  format: 'esm',
  splitting: true,
  outdir: out,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS dependencies inside an ESM bundle ask for `require`.
  banner: {
    js: "import{createRequire as trainlintCreateRequire}from'node:module';const require=trainlintCreateRequire(import.meta.url);",
  },
};

await rm(out, { recursive: true, force: true });
const results = await Promise.all([
  build({ ...esm, entryPoints: { cli: 'server/src/cli/cli.ts' } }),
  // Whole, so that the extension ships it without the command line's chunks.
  build({ ...esm, splitting: false, entryPoints: { runner: 'server/src/training/runner-process.ts' } }),
  build({
    ...common,
    format: 'cjs',
    entryPoints: ['server/src/lsp/main-ipc.ts'],
    outfile: join(out, 'server.js'),
  }),
  build({
    ...common,
    format: 'cjs',
    entryPoints: ['client/src/extension.ts'],
    external: ['vscode'],
    outfile: join(out, 'client.js'),
  }),
  build({
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: ['client/src/panel/webview/main.ts'],
    outfile: join(out, 'panel.js'),
  }),
]);
if (metafile)
  await writeFile(join(out, 'meta.json'), JSON.stringify(results.map((result) => result.metafile)));
