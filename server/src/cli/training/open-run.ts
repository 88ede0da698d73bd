import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { dialectById } from '../../dialects/registry.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { openConfig } from '../../engine/open.ts';
import { loadProject } from '../../project/load-project.ts';
import type { TrainingRun } from '../../run/training-run.ts';
import { type CliIo, UsageError } from '../io.ts';

/** Options of every command that trains from a config. */
export const runSelection = {
  dialect: { type: 'string' },
  run: { type: 'string' },
} as const;

export interface OpenedRun {
  /** Relative to the working directory, with `/`. */
  readonly name: string;
  readonly run: TrainingRun;
  /** Its place among the runs of the file. */
  readonly index: number;
  readonly file: ConfigFile;
  /** Absolute. */
  readonly path: string;
}

/**
 * The training run of a config file; of several (`--run` says which, by label or number from 1) the first.
 * Throws UsageError when the file cannot be read, is no training config, or has no such run.
 */
export function openRun(
  positionals: readonly string[],
  chosen: { readonly dialect?: string | undefined; readonly run?: string | undefined },
  io: CliIo,
): OpenedRun {
  const [path, more] = positionals;
  if (path === undefined || more !== undefined) throw new UsageError('expected one config file');
  if (chosen.dialect !== undefined && !dialectById(chosen.dialect))
    throw new UsageError(`--dialect ${chosen.dialect}: there is no such dialect`);
  const full = resolve(io.cwd, path);
  const name = relative(io.cwd, full).split(sep).join('/');
  const { settings: project } = loadProject(io.cwd);
  const { file } = openConfig(read(full, path), name, {
    project,
    ...(chosen.dialect !== undefined && { dialect: chosen.dialect }),
  });
  if (!file)
    throw new UsageError(
      `${path} is not recognised as a training config; say what it is with --dialect or a "# trainlint:" comment`,
    );
  const { runs } = file;
  const run =
    chosen.run === undefined
      ? runs[0]
      : (runs.find(({ label }) => label === chosen.run) ?? runs[Number(chosen.run) - 1]);
  if (!run) {
    const known = runs.map(({ label }, index) => label || String(index + 1)).join(', ');
    throw new UsageError(
      runs.length > 0 ? `--run ${chosen.run}: expected ${known}` : `${path} describes no training run`,
    );
  }
  return { name, run, index: runs.indexOf(run), file, path: full };
}

function read(full: string, asWritten: string): string {
  try {
    return readFileSync(full, 'utf8');
  } catch {
    throw new UsageError(`cannot read ${asWritten}`);
  }
}

/** A whole number of an option, at least `least`. */
export function wholeNumber(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isSafeInteger(number) || number < least)
    throw new UsageError(`--${name} ${value}: expected a whole number of at least ${least}`);
  return number;
}
