import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What each room may import beside itself: the table of docs/architecture.md. `types` are erased and free to point up. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  document: [],
  knowledge: ['generated'],
  run: ['document', 'knowledge'],
  dialects: ['document', 'run', 'knowledge'],
  rules: ['run', 'knowledge', 'document'],
  engine: ['document', 'dialects', 'run', 'rules', 'knowledge', 'generated'],
  project: ['engine', 'document', 'symptoms'],
  symptoms: ['run', 'knowledge', 'document'],
  training: ['run', 'symptoms', 'knowledge', 'document'],
  'own-model': ['run', 'symptoms', 'knowledge', 'training'],
  diagnosis: ['run', 'symptoms', 'knowledge', 'document', 'dialects', 'engine', 'training'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsIn(folder: string): Import[] {
  return filesIn(folder).flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\s(type\s)?[^'";]*?from\s+'([^']+)'/gm),
    ].map((match) => ({
      file: relative(root, file),
      specifier: match[2] ?? '',
      typeOnly: match[1] !== undefined,
    })),
  );
}

function roomOf({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = relative(join(root, 'server/src'), resolve(root, dirname(file), specifier));
  return target.includes(sep) ? target.split(sep)[0] : undefined;
}

describe('the rooms', () => {
  for (const [room, friends] of Object.entries(allowed))
    it(`${room} imports only what the map allows`, () => {
      const strangers = importsIn(`server/src/${room}`).filter((one) => {
        const target = roomOf(one);
        return (
          target !== undefined &&
          target !== room &&
          !one.typeOnly &&
          !friends.includes(target) &&
          target !== '..'
        );
      });
      // The tables are data beside the server.
      const real = strangers.filter(({ specifier }) => !specifier.includes('schemas/knowledge/'));
      assert.deepEqual(real, []);
    });

  for (const room of [
    'document',
    'knowledge',
    'run',
    'dialects',
    'rules',
    'engine',
    'symptoms',
    'own-model',
    'diagnosis',
  ])
    it(`${room} does no input or output and knows no editor`, () => {
      const outside = importsIn(`server/src/${room}`).filter(({ specifier }) =>
        /^(node:(fs|net|http|https|child_process|process|worker_threads)|vscode)/.test(specifier),
      );
      assert.deepEqual(outside, []);
    });

  it('kernels know nothing of configs or editors', () => {
    const outside = importsIn('kernels/js').filter(({ specifier }) => /server|client|vscode/.test(specifier));
    assert.deepEqual(outside, []);
  });

  it('the client takes nothing from the server but types', () => {
    const outside = importsIn('client/src').filter(
      ({ specifier, typeOnly }) => specifier.includes('server/') && !typeOnly,
    );
    assert.deepEqual(outside, []);
  });

  it('nothing below lsp and cli writes to standard output', () => {
    const loud = [...Object.keys(allowed)]
      .flatMap((room) => filesIn(`server/src/${room}`))
      .filter((file) => /process\.stdout|console\.(log|info|debug)/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(root, file));
    assert.deepEqual(loud, []);
  });
});
