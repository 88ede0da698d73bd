import { closeSync, type Dirent, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { ConfigDocument, ConfigNode } from '../document/types.ts';
import { type ReadLog, readEventLogs, readLog } from '../symptoms/logs/read-log.ts';
import type { MetricSeries } from '../symptoms/metric-series.ts';
import { type Text, text } from '../text.ts';

/** Files by the names frameworks give their logs. Names that are used for much else are left out. */
const logNames =
  /^(trainer_state\.json|trainer_log\.jsonl|log_history\.json|metrics\.(csv|jsonl?)|results\.csv|summary\.csv|progress\.csv|history\.(csv|json)|(training_)?log\.(csv|jsonl)|scalars\.json)$/;
const eventNames = /^events\.out\.tfevents\./;

/** Keys under which frameworks are told where to write. */
const folderKeys = new Set([
  'output_dir',
  'out_dir',
  'save_dir',
  'logging_dir',
  'log_dir',
  'work_dir',
  'workdir',
  'default_root_dir',
  'exp_dir',
  'experiment_dir',
  'run_dir',
  'results_dir',
  'project',
]);
/** Where they write when they are told nothing. */
const usualFolders = [
  'lightning_logs',
  'tb_logs',
  'runs',
  'outputs',
  'output',
  'results',
  'logs',
  'work_dirs',
  'wandb',
];

const deepest = 5;
/** Folders of checkpoints and data can be huge; a search that takes longer than this many entries is given up. */
const mostEntries = 5000;
/** A log above this many bytes is not read. */
const largest = 512 * 2 ** 20;

/**
 * Logs that a run of this config may have written, likeliest first: below the folders it names, then beside it, then
 * below the folders frameworks use by themselves; the newest first. A folder stands for the event files in it.
 */
export function findLogs(document: ConfigDocument, configPath: string, roots: readonly string[]): string[] {
  const bases = [...new Set([dirname(configPath), ...roots])];
  const within = (names: readonly string[]) =>
    names.flatMap((name) => (isAbsolute(name) ? [name] : bases.map((base) => resolve(base, name))));
  const budget = { left: mostEntries };
  const found = new Map<string, number>();
  const groups = [
    within(foldersNamedIn(document)).flatMap((folder) => logsBelow(folder, deepest, budget)),
    logsBelow(dirname(configPath), 0, budget),
    within(usualFolders).flatMap((folder) => logsBelow(folder, deepest, budget)),
  ];
  for (const group of groups)
    for (const { path, modified } of newestFirst(group)) if (!found.has(path)) found.set(path, modified);
  return [...found.keys()];
}

/** Reads a log file, or a folder with the event files of a run. `problem` says what is wrong with it; nothing is thrown. */
export function readLogFile(path: string): ReadLog | { readonly problem: Text } {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return readFolder(path);
    if (isMlflowMetric(path)) return readMlflow(dirname(path));
    if (stat.size > largest)
      return {
        problem: text(
          `The log has ${Math.round(stat.size / 2 ** 20)} MB; at most ${largest / 2 ** 20} MB are read.`,
          `로그가 ${Math.round(stat.size / 2 ** 20)} MB입니다. ${largest / 2 ** 20} MB까지만 읽습니다.`,
        ),
      };
    const log = readLog(new Uint8Array(readFileSync(path)));
    return 'series' in log ? { ...log, series: ofFolder(log.series, basename(dirname(path))) } : log;
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    return {
      problem:
        code === 'ENOENT'
          ? text('There is no such file.', '파일이 없습니다.')
          : text(`It cannot be read: ${message}`, `읽을 수 없습니다: ${message}`),
    };
  }
}

function readFolder(folder: string): ReadLog | { readonly problem: Text } {
  const own = eventFilesIn(folder).map((path) => ({ path, group: '' }));
  const groups = entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => eventFilesIn(join(folder, name)).map((path) => ({ path, group: name })));
  const files = own.length > 0 ? own : groups;
  if (files.length > 0)
    return readEventLogs(
      files.map(({ path, group }) => ({ bytes: new Uint8Array(readFileSync(path)), group })),
    );
  const metrics = [folder, join(folder, 'metrics')].find(
    (each) => basename(each) === 'metrics' && mlflowMetricsIn(each).length > 0,
  );
  if (metrics !== undefined) return readMlflow(metrics);
  const [newest] = newestFirst(logsBelow(folder, 2, { left: mostEntries }));
  if (newest && newest.path !== folder) return readLogFile(newest.path);
  return { problem: text('No training log lies in this folder.', '이 폴더에는 학습 로그가 없습니다.') };
}

/** AllenNLP, Keras and others write a file for validation with the same names as for training, into a folder called so. */
function ofFolder(series: MetricSeries, folder: string): MetricSeries {
  const { loss, ...others } = series.curves;
  if (!/^(val|valid|validation|eval|test)$/i.test(folder) || !loss || others.valLoss) return series;
  return { ...series, curves: { ...others, valLoss: loss } };
}

/** MLflow's file store: a file a metric below `metrics`, a line `milliseconds value step` a value. */
const mlflowLine = /^(\d{13}) (\S+) (\d+)$/;

function isMlflowMetric(path: string): boolean {
  return basename(dirname(path)) === 'metrics' && mlflowMetricsIn(dirname(path)).includes(path);
}

function mlflowMetricsIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile() && !entry.name.includes('.'))
    .map(({ name }) => join(folder, name))
    .filter((path) => mlflowLine.test(firstLineOf(path)));
}

function firstLineOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString('utf8', 0, readSync(file, bytes)).split(/\r?\n/)[0] ?? '';
  } finally {
    closeSync(file);
  }
}

function readMlflow(folder: string): ReadLog | { readonly problem: Text } {
  const rows = mlflowMetricsIn(folder).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .flatMap((line) => {
        const [, , value, step] = mlflowLine.exec(line) ?? [];
        return value === undefined ? [] : [JSON.stringify({ step: Number(step), [basename(path)]: value })];
      }),
  );
  return readLog(new TextEncoder().encode(rows.join('\n')));
}

/** In the order they were written: the name begins with the time. */
function eventFilesIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile() && eventNames.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort((a, b) => basename(a).localeCompare(basename(b)));
}

interface Found {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

function logsBelow(folder: string, depth: number, budget: { left: number }): Found[] {
  const entries = entriesOf(folder);
  budget.left -= entries.length;
  if (budget.left < 0) return [];
  const found: Found[] = [];
  for (const { name } of entries.filter((entry) => entry.isFile() && logNames.test(entry.name)))
    found.push({ path: join(folder, name), modified: modifiedAt(join(folder, name)) });
  const events = eventFilesIn(folder);
  // A CSV beside event files says the same in fewer bytes.
  if (events.length > 0 && found.length === 0)
    found.push({ path: folder, modified: Math.max(...events.map(modifiedAt)) });
  if (depth === 0) return found;
  const folders = entries.filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name));
  for (const name of lastCheckpoint(folders.map((entry) => entry.name)))
    found.push(...logsBelow(join(folder, name), depth - 1, budget));
  return found;
}

/** Each checkpoint of the Hugging Face Trainer holds the log up to it: the last one says all. */
function lastCheckpoint(folders: readonly string[]): readonly string[] {
  const step = (name: string) => Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  const last = Math.max(...folders.map(step).filter(Number.isFinite));
  return folders.filter((name) => !Number.isFinite(step(name)) || step(name) === last);
}

function newestFirst(found: readonly Found[]): Found[] {
  return [...found].sort((a, b) => b.modified - a.modified);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is not there, or not ours to read: then there is no log in it.
    return [];
  }
}

function modifiedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The values of keys that name folders, anywhere in the file. */
function foldersNamedIn({ roots }: ConfigDocument): string[] {
  const folders: string[] = [];
  const visit = (node: ConfigNode | undefined) => {
    if (node?.kind === 'seq') node.items.forEach(visit);
    if (node?.kind !== 'map') return;
    for (const { key, value } of node.entries) {
      const name = key.name.toLowerCase();
      if (value?.kind !== 'scalar') visit(value);
      else if (folderKeys.has(name) && value.text !== '' && !value.text.includes('${'))
        folders.push(value.text);
    }
  };
  roots.forEach(visit);
  return folders;
}
