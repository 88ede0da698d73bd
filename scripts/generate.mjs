/**
 * Generates server/src/generated/ from schemas/*.schema.json:
 *   knowledge-types.d.ts       types of the knowledge tables and of the project settings
 *   validators.js, .d.ts       the project settings' validator, compiled ahead of time
 *   table-validators.js, .d.ts one validator for each knowledge table (tests use them)
 * Nothing is compiled at run time. Does nothing while the schemas are unchanged.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schemaDir = join(root, 'schemas');
const outDir = join(root, 'server', 'src', 'generated');
const outputs = [
  'knowledge-types.d.ts',
  'validators.js',
  'validators.d.ts',
  'table-validators.js',
  'table-validators.d.ts',
];
const settingsFile = 'trainlint.config.schema.json';
const commonFile = 'common.schema.json';

const files = (await readdir(schemaDir)).filter((name) => name.endsWith('.schema.json')).sort();
const texts = new Map(
  await Promise.all(files.map(async (name) => [name, await readFile(join(schemaDir, name), 'utf8')])),
);
const stamp = await currentStamp();
if (await isFresh()) process.exit(0);

const schemas = new Map([...texts].map(([name, text]) => [name, parse(name, text)]));
const tables = files.filter((name) => name !== settingsFile && name !== commonFile);
await mkdir(outDir, { recursive: true });
const [types, settings, tableValidators] = await Promise.all([
  generateTypes(),
  generateValidators([[settingsFile, 'validateProjectSettings', 'ProjectSettings']]),
  generateValidators(tables.map((name) => [name, camel(stem(name)), schemas.get(name).title])),
]);
await Promise.all([
  put('knowledge-types.d.ts', types),
  put('validators.js', settings.code),
  put('validators.d.ts', settings.types),
  put('table-validators.js', tableValidators.code),
  put('table-validators.d.ts', tableValidators.types),
]);
// Written last: an interrupted run is repeated.
await put('.stamp', stamp);

/** Puts a file in place at once, so that nobody reads half of it while two runs overlap. */
async function put(name, text) {
  const draft = join(outDir, `.${name}.${process.pid}`);
  await writeFile(draft, text);
  await rename(draft, join(outDir, name));
}

async function currentStamp() {
  const hash = createHash('sha256').update(await readFile(fileURLToPath(import.meta.url)));
  for (const [name, text] of texts) hash.update(name).update(text);
  return hash.digest('hex');
}

async function isFresh() {
  try {
    if ((await readFile(join(outDir, '.stamp'), 'utf8')) !== stamp) return false;
    const present = new Set(await readdir(outDir));
    return outputs.every((name) => present.has(name));
  } catch {
    return false;
  }
}

function parse(name, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`schemas/${name} is not valid JSON: ${error.message}`);
  }
}

function stem(name) {
  return basename(name, '.schema.json');
}

function camel(name) {
  return name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** Joins all schemas into one so that a shared type is written once. */
async function generateTypes() {
  const { compile } = await import('json-schema-to-typescript');
  const definitions = {};
  const properties = {};
  for (const [name, schema] of schemas) {
    const { $schema: _, $id: __, $defs, ...body } = schema;
    const prefix = name === commonFile ? '' : `${stem(name)}-`;
    for (const [key, value] of Object.entries($defs ?? {})) {
      definitions[prefix + key] = rebase(value, prefix);
    }
    if (name === commonFile) continue;
    definitions[stem(name)] = rebase(body, prefix);
    properties[camel(stem(name))] = { $ref: `#/definitions/${stem(name)}` };
  }
  const bundle = {
    title: 'KnowledgeFiles',
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties,
    definitions,
  };
  return compile(bundle, 'KnowledgeFiles', {
    bannerComment: '/* Generated from schemas/ by scripts/generate.mjs; do not edit. */',
    format: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
  });
}

function rebase(value, prefix) {
  if (Array.isArray(value)) return value.map((item) => rebase(item, prefix));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key !== '$ref') return [key, rebase(item, prefix)];
      if (item.startsWith(`${commonFile}#/$defs/`)) return [key, `#/definitions/${item.split('/').at(-1)}`];
      return [key, item.replace('#/$defs/', `#/definitions/${prefix}`)];
    }),
  );
}

/** Compiles validators and folds ajv's small runtime helpers into them, so that they need no ajv. */
async function generateValidators(entries) {
  const [{ default: Ajv }, { default: standaloneCode }, { build }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/standalone/index.js').then((module) => module.default),
    import('esbuild'),
  ]);
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
    schemas: [...schemas.values()],
  });
  const code = standaloneCode(ajv, Object.fromEntries(entries.map(([id, name]) => [name, id])));
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['main'],
    banner: { js: '/* Generated from schemas/ by scripts/generate.mjs; do not edit. */' },
  });
  const types = [
    '/* Generated from schemas/ by scripts/generate.mjs; do not edit. */',
    "import type { ErrorObject } from 'ajv';",
    `import type { ${entries.map(([, , title]) => title).join(', ')} } from './knowledge-types.d.ts';`,
    'export interface Validate<T> { (data: unknown): data is T; errors?: ErrorObject[] | null }',
    ...entries.map(([, name, title]) => `export declare const ${name}: Validate<${title}>;`),
    '',
  ].join('\n');
  return { code: outputFiles[0].text, types };
}
