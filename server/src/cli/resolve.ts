import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { dialectById } from '../dialects/registry.ts';
import { openConfig } from '../engine/open.ts';
import { resolved } from '../engine/resolved.ts';
import { loadProject } from '../project/load-project.ts';
import { type CliIo, UsageError } from './io.ts';

/** `trainlint resolve FILE`: what was understood, as JSON. Exit 0 also for a file that is no training config. */
export async function resolveCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { dialect: { type: 'string' } },
    allowPositionals: true,
  });
  const [path, more] = positionals;
  if (path === undefined || more !== undefined) throw new UsageError('expected one file');
  if (values.dialect !== undefined && !dialectById(values.dialect))
    throw new UsageError(`--dialect ${values.dialect}: there is no such dialect`);
  const full = resolve(io.cwd, path);
  const name = relative(io.cwd, full).split(sep).join('/');
  const source = read(full, path);
  const { settings: project } = loadProject(io.cwd);
  const { file } = openConfig(source, name, {
    project,
    ...(values.dialect === undefined ? {} : { dialect: values.dialect }),
  });
  const result = file ? resolved(file, io.lang) : { file: name, dialect: null, confidence: 0, runs: [] };
  io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

function read(full: string, asWritten: string): string {
  try {
    return readFileSync(full, 'utf8');
  } catch {
    throw new UsageError(`cannot read ${asWritten}`);
  }
}
