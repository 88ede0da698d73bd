import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunResult, RunSpec } from '@trainlint/kernels';

/** Results that outlive a process. Reading and writing never throw: a cache that does not work is no cache. */
export interface RunCache {
  get(spec: RunSpec): RunResult | undefined;
  put(spec: RunSpec, result: RunResult): void;
}

/** Files that are kept, some 40 KB each; when there are more, the oldest go until a fifth is free. */
const capacity = 250;

/**
 * Where results are kept: the user's cache folder, or what TRAINLINT_CACHE says; undefined when that is `off`.
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const said = environment.TRAINLINT_CACHE;
  if (said === 'off') return undefined;
  if (said) return said;
  const home = homedir();
  const caches =
    platform === 'win32'
      ? (environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
      : platform === 'darwin'
        ? join(home, 'Library', 'Caches')
        : (environment.XDG_CACHE_HOME ?? join(home, '.cache'));
  return join(caches, 'trainlint', 'runs');
}

/**
 * One file a result, named by the kernels' build and the spec: the same build computes the same curve from the same
 * spec to the last bit. Its first line is the digest of the rest, so that a torn or edited file is never believed.
 */
export function runCache(folder: string, build: string): RunCache {
  const fileOf = (spec: RunSpec) => join(folder, `${digest(`${build}\n${JSON.stringify(spec)}`)}.json`);
  return {
    get(spec) {
      try {
        return parse(readFileSync(fileOf(spec), 'utf8'));
      } catch {
        return undefined;
      }
    },
    put(spec, result) {
      // JSON has no NaN, and a twin that has one is no measure.
      if (!result.finite || result.cancelled) return;
      const body = JSON.stringify(result);
      if (body.includes(':null')) return;
      try {
        mkdirSync(folder, { recursive: true });
        const draft = join(folder, `${randomUUID()}.tmp`);
        writeFileSync(draft, `${digest(body)}\n${body}`);
        renameSync(draft, fileOf(spec));
        prune(folder);
      } catch {
        // A full disk or a folder of somebody else: the next run trains again.
      }
    },
  };
}

function parse(text: string): RunResult | undefined {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return end > 0 && digest(body) === text.slice(0, end) ? (JSON.parse(body) as RunResult) : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

function prune(folder: string): void {
  const names = readdirSync(folder).filter((name) => /\.(json|tmp)$/.test(name));
  if (names.length <= capacity) return;
  const aged = names.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }));
  aged.sort((a, b) => a.at - b.at);
  for (const { name } of aged.slice(0, names.length - Math.floor(0.8 * capacity)))
    rmSync(join(folder, name), { force: true });
}
