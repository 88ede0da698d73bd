import { type Curve, curveOf, type MetricId, type MetricSeries } from '../metric-series.ts';
import { columnsByMetric, epochNames, lossMeansProgress, plainName, stepNames } from './metric-names.ts';

/** One line of a log; keys are column names, values numbers or their spelling. */
export type LogRow = Readonly<Record<string, unknown>>;

/**
 * A series from rows of which each may hold some of the columns. Undefined when neither a loss nor a gradient norm is
 * among them.
 */
export function seriesFromRows(rows: readonly LogRow[], plannedSteps?: number): MetricSeries | undefined {
  const columns = columnsOf(rows);
  const metrics = columnsByMetric(columns, countsOf(rows));
  if (!metrics.has('loss') && !metrics.has('valLoss') && !metrics.has('gradNorm')) return undefined;
  const find = (names: readonly string[]) =>
    names.flatMap((name) => columns.filter((column) => plainName(column) === name));
  const stepColumns = find(stepNames);
  const epochColumns = find(epochNames);
  const clock = stepColumns.length > 0 ? stepColumns : tells(rows, epochColumns) ? epochColumns : [];
  const times = unfolded(
    rows.map((row) => clockOf(row, clock)),
    stepColumns.length > 0 ? rows.map((row) => clockOf(row, epochColumns)) : [],
  );
  const curves: { [M in MetricId]?: Curve } = {};
  const begin = lastBeginning(rows, times, metrics.get('loss') ?? metrics.get('valLoss') ?? []);
  for (const [metric, parts] of metrics) {
    const points: [number, number][] = [];
    rows.forEach((row, index) => {
      if (index < begin) return;
      const value = sum(parts.map((part) => numberOf(row[part])));
      // Parts that are all exactly zero stand in a row for which nothing was measured (Ultralytics without validation).
      if (value === undefined || (parts.length > 1 && value === 0)) return;
      points.push([times[index] ?? index + 1, value]);
    });
    if (points.length > 0) curves[metric] = curveOf(points);
  }
  return {
    curves,
    unit: stepColumns.length > 0 || clock.length === 0 ? 'step' : 'epoch',
    origin: 'log',
    ...(plannedSteps !== undefined && plannedSteps > 0 && { plannedSteps }),
    ...(!lossMeansProgress(columns) && { lossFalls: false }),
  };
}

/** Every column that some row has, in the order of their first appearance. */
export function columnsOf(rows: readonly LogRow[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function countsOf(rows: readonly LogRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row))
      if (numberOf(value) !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Whether the epoch tells most rows apart; where many rows share one, their order is the better clock. */
function tells(rows: readonly LogRow[], epochs: readonly string[]): boolean {
  const times = rows.map((row) => clockOf(row, epochs)).filter((time) => time !== undefined);
  return 2 * new Set(times).size > times.length;
}

function clockOf(row: LogRow, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = numberOf(row[name]);
    if (value !== undefined && Number.isFinite(value)) return value;
  }
  return undefined;
}

/**
 * A counter that begins anew with every epoch (mmcv, loops that log `epoch, batch`) is made to run on. One that goes
 * back without a new epoch belongs to a resumed run and stays: the later value of a step counts.
 */
function unfolded(
  times: readonly (number | undefined)[],
  epochs: readonly (number | undefined)[],
): readonly (number | undefined)[] {
  let restarts = 0;
  let back = 0;
  let last: { time: number; epoch: number } | undefined;
  let longest = 0;
  times.forEach((time, index) => {
    const epoch = epochs[index];
    if (time === undefined || epoch === undefined) return;
    longest = Math.max(longest, time);
    if (last && epoch > last.epoch) time <= last.time ? restarts++ : back++;
    last = { time, epoch };
  });
  if (restarts < 1 || restarts < back) return times;
  const first = epochs.find((epoch) => epoch !== undefined) ?? 0;
  return times.map((time, index) =>
    time === undefined ? undefined : time + Math.floor((epochs[index] ?? first) - first) * (longest + 1),
  );
}

/**
 * Where the last run begins in a file that a loop appends to: the row where a loss is logged at or before the step of
 * the first one again, as a resumed run would not. 0 for one run.
 */
function lastBeginning(
  rows: readonly LogRow[],
  times: readonly (number | undefined)[],
  loss: readonly string[],
): number {
  const logged = rows
    .map((row, index) => ({
      index,
      time: times[index],
      holds: loss.every((name) => numberOf(row[name]) !== undefined),
    }))
    .filter(({ time, holds }) => holds && time !== undefined);
  const [first] = logged;
  const begin = logged.findLastIndex(
    ({ time }, index) =>
      index > 0 && (time ?? 0) <= (first?.time ?? 0) && (logged[index - 1]?.time ?? 0) > (time ?? 0),
  );
  return begin > 0 && logged.length - begin >= fewestOfRun ? (logged[begin]?.index ?? 0) : 0;
}

/** With fewer values after a new beginning it is a run that failed at once. */
const fewestOfRun = 3;

function sum(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return values.length > 0 ? total : undefined;
}

/** A number in any of the spellings logs use; undefined for an empty cell or anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  // Nearly every cell is a plain number: a log can have millions.
  const plain = value === '' ? Number.NaN : Number(value);
  if (!Number.isNaN(plain) && value.trim() !== '') return plain;
  const word = value.trim().toLowerCase();
  if (word === '' || word === 'none' || word === 'null') return undefined;
  if (/^[+-]?nan$/.test(word)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/.exec(word);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // PyTorch prints a tensor where somebody forgot `.item()`.
  const number = Number(/^tensor\(([^,)]+)/.exec(word)?.[1] ?? word);
  return Number.isNaN(number) ? undefined : number;
}
