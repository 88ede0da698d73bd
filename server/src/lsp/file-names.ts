import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatOf } from '../document/parse.ts';

const extensions: Readonly<Record<string, string>> = {
  yaml: '.yaml',
  json: '.json',
  jsonc: '.jsonc',
  toml: '.toml',
};

/** The path of a `file:` URI; undefined for files that are not on this machine's disk. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/**
 * What the engine calls the file: relative to `root` where it lies inside, else its whole path; for a file without
 * a telling extension (untitled, `config.yaml.tmpl`) the editor's language decides the format.
 */
export function configName(uri: string, languageId: string, root: string | undefined): string {
  const path = pathOf(uri);
  const name = path === undefined ? lastSegment(uri) : shorten(path, root);
  if (formatOf(name)) return name;
  return `${name}${extensions[languageId] ?? ''}`;
}

function shorten(path: string, root: string | undefined): string {
  if (root === undefined) return path;
  const short = relative(root, path).replaceAll('\\', '/');
  return short === '' || short.startsWith('..') ? path : short;
}

function lastSegment(uri: string): string {
  const tail = uri.slice(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf(':')) + 1);
  try {
    return decodeURIComponent(tail);
  } catch {
    return tail;
  }
}
