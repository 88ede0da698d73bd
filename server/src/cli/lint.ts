import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { dialectById } from '../dialects/registry.ts';
import { fixAll, fixesFor } from '../engine/fix.ts';
import { type LintFinding, lint, type RuleLevels } from '../engine/lint.ts';
import { openConfig } from '../engine/open.ts';
import { isIgnored } from '../engine/project.ts';
import type { ProjectSettings } from '../engine/project-settings.ts';
import { type Severity, severities } from '../knowledge/ids.ts';
import { loadProject } from '../project/load-project.ts';
import { ruleById } from '../rules/registry.ts';
import { applyBaseline } from './baseline.ts';
import { discover } from './discover.ts';
import { unifiedDiff } from './formats/diff.ts';
import { formats, type LintedFile } from './formats/formats.ts';
import { type CliIo, UsageError } from './io.ts';
import { statistics } from './statistics.ts';

const options = {
  format: { type: 'string', default: 'pretty' },
  fix: { type: 'boolean', default: false },
  'unsafe-fixes': { type: 'boolean', default: false },
  diff: { type: 'boolean', default: false },
  'stdin-filename': { type: 'string' },
  dialect: { type: 'string' },
  rule: { type: 'string', multiple: true },
  'max-warnings': { type: 'string' },
  baseline: { type: 'string' },
  statistics: { type: 'boolean', default: false },
} as const;

/** `trainlint lint`: exit 0 no error and warnings within the limit, 1 otherwise, 2 bad usage. */
export async function lintCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const format = formats[values.format];
  if (!format) throw new UsageError(`--format ${values.format}: expected ${Object.keys(formats).join(', ')}`);
  if (values.dialect !== undefined && !dialectById(values.dialect))
    throw new UsageError(`--dialect ${values.dialect}: there is no such dialect`);
  const levels = readLevels(values.rule ?? []);
  const limit = readLimit(values['max-warnings']);
  const project = loadProject(io.cwd);
  for (const problem of project.problems) io.stderr.write(`trainlint: ${problem[io.lang]}\n`);
  if (project.problems.length > 0) return 2;

  const wanted: Wanted = { levels, project: project.settings, dialect: values.dialect };
  const write = values.fix || values.diff;
  const named = new Set(positionals.map((path) => resolve(io.cwd, path)));
  const linted: LintedFile[] = [];
  let failed = false;
  for (const source of await sources(positionals, values['stdin-filename'], io)) {
    const inProject = source.path === undefined ? source.name : slashed(relative(project.root, source.path));
    if (isIgnored(project.settings, inProject)) continue;
    if (source.text instanceof Error) {
      io.stderr.write(`trainlint: ${source.name}: ${source.text.message}\n`);
      failed = true;
      continue;
    }
    let current = source.text;
    if (write) {
      const fixed = fixAll(current, inProject, {
        ...openOptions(wanted),
        levels,
        unsafe: values['unsafe-fixes'],
      });
      if (values.diff) io.stdout.write(unifiedDiff(source.name, current, fixed.text, io.color));
      else if (fixed.text !== current) {
        if (source.path === undefined) io.stdout.write(fixed.text);
        else writeFileSync(source.path, fixed.text);
      } else if (source.path === undefined) io.stdout.write(current);
      current = fixed.text;
    }
    const result = lintText(current, inProject, wanted);
    // In a folder, a large file is data; asked for by name, silence would look like a clean bill.
    if (result.unread && (source.path === undefined || named.has(source.path)))
      io.stderr.write(`trainlint: ${source.name}: ${result.unread[io.lang]}\n`);
    linted.push({ ...result, name: source.name });
  }

  const shown =
    values.baseline === undefined ? linted : applyBaseline(linted, resolve(io.cwd, values.baseline), io);
  // With --fix on standard input the fixed text is the result; the findings go to stderr.
  const toStderr = (values.fix && values['stdin-filename'] !== undefined) || values.diff;
  format(shown, toStderr ? { ...io, stdout: io.stderr } : io);
  if (values.statistics) io.stderr.write(statistics(shown, io));
  const findings = shown.flatMap((file) => file.findings);
  const warnings = count(findings, 'warning');
  if (failed) return 2;
  return count(findings, 'error') > 0 || (limit !== undefined && warnings > limit) ? 1 : 0;
}

interface Wanted {
  readonly levels: RuleLevels;
  readonly project: ProjectSettings;
  readonly dialect: string | undefined;
}

const slashed = (path: string) => path.split(sep).join('/');
const openOptions = ({ project, dialect }: Wanted) => ({
  project,
  ...(dialect === undefined ? {} : { dialect }),
});

function lintText(text: string, name: string, wanted: Wanted): LintedFile {
  const { document, directives, file } = openConfig(text, name, openOptions(wanted));
  if (!file || !document) {
    const unread = document?.problems.find(({ code }) => code === 'too-large' || code === 'binary');
    return { name, findings: [], notRun: [], suppressed: 0, ...(unread && { unread: unread.message }) };
  }
  const result = lint(file, wanted.levels, directives);
  return {
    name,
    document,
    config: file,
    findings: result.findings.map((finding) => ({ ...finding, fixes: fixesFor(file, finding) })),
    notRun: result.notRun,
    suppressed: result.suppressed.length,
  };
}

interface Source {
  /** Relative to the working directory, with `/`. */
  readonly name: string;
  readonly path?: string;
  readonly text: string | Error;
}

async function sources(
  paths: readonly string[],
  stdinName: string | undefined,
  io: CliIo,
): Promise<Source[]> {
  if (stdinName !== undefined) {
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin ?? []) chunks.push(Buffer.from(chunk));
    return [{ name: slashed(stdinName), text: Buffer.concat(chunks).toString('utf8') }];
  }
  return discover(paths.length > 0 ? paths : ['.'], io.cwd).map((path) => {
    const name = slashed(relative(io.cwd, path)) || path;
    try {
      return { name, path, text: readFileSync(path, 'utf8') };
    } catch (fault) {
      return { name, path, text: fault instanceof Error ? fault : new Error(String(fault)) };
    }
  });
}

function readLevels(words: readonly string[]): RuleLevels {
  const levels: Record<string, Severity | 'off'> = {};
  for (const word of words) {
    const [id = '', level = ''] = word.split('=');
    if (!ruleById(id))
      throw new UsageError(`--rule ${word}: there is no rule "${id}"; trainlint rules lists them`);
    if (level !== 'off' && !severities.includes(level as Severity))
      throw new UsageError(`--rule ${word}: expected ${id}=${[...severities, 'off'].join('|')}`);
    levels[id] = level as Severity | 'off';
  }
  return levels;
}

function readLimit(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const limit = Number(word);
  if (word.trim() === '' || !Number.isInteger(limit) || limit < 0)
    throw new UsageError(`--max-warnings ${word}: expected a whole number`);
  return limit;
}

const count = (findings: readonly LintFinding[], severity: Severity) =>
  findings.filter((finding) => finding.severity === severity).length;
