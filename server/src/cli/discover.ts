import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { formatOf } from '../document/parse.ts';
import { UsageError } from './io.ts';

/** Folders that never hold a config somebody wrote. */
const neverEntered = new Set(['.git', 'node_modules', '__pycache__', '.venv', 'venv', 'site-packages']);

/**
 * The files to lint: those named, and in named folders every YAML, JSON and TOML file that no .gitignore excludes.
 * Sorted within a folder, so that two runs print the same. Throws {@link UsageError} for a path that is not there.
 */
export function discover(paths: readonly string[], cwd: string): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const full = resolve(cwd, path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (!stat) throw new UsageError(`no such file or folder: ${path}`);
    if (stat.isDirectory()) walk(full, [], found);
    else if (stat.isFile()) found.add(full);
    // A pipe without a writer would be waited for without end.
    else throw new UsageError(`neither a file nor a folder: ${path}`);
  }
  return [...found];
}

interface Scope {
  readonly root: string;
  readonly rules: Ignore;
}

function walk(folder: string, outer: readonly Scope[], found: Set<string>): void {
  const scopes = withOwnIgnores(folder, outer);
  for (const entry of entriesOf(folder)) {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!neverEntered.has(entry.name) && !isIgnored(`${full}${sep}`, scopes)) walk(full, scopes, found);
    } else if (entry.isFile() && formatOf(entry.name) && !isIgnored(full, scopes)) found.add(full);
  }
}

/** A folder we may not read is passed over, as other linters do; naming it on the command line still fails in lint. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function withOwnIgnores(folder: string, outer: readonly Scope[]): readonly Scope[] {
  try {
    const rules = ignore().add(readFileSync(join(folder, '.gitignore'), 'utf8'));
    return [...outer, { root: folder, rules }];
  } catch {
    return outer;
  }
}

function isIgnored(full: string, scopes: readonly Scope[]): boolean {
  return scopes.some(({ root, rules }) => {
    const path = relative(root, full).split(sep).join('/');
    return path !== '' && rules.ignores(full.endsWith(sep) ? `${path}/` : path);
  });
}
