import { type Curve, curveOf, type MetricId, type MetricSeries } from '../metric-series.ts';
import { columnsByMetric, epochNames, stepNames } from './metric-names.ts';

/** One line of a log; keys are column names, values numbers or their spelling. */
export type LogRow = Readonly<Record<string, unknown>>;

/**
 * A series from rows of which each may hold some of the columns. Undefined when neither a loss nor a gradient norm is
 * among them.
 */
export function seriesFromRows(rows: readonly LogRow[], plannedSteps?: number): MetricSeries | undefined {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  const columns = [...names];
  const metrics = columnsByMetric(columns);
  if (!metrics.has('loss') && !metrics.has('valLoss') && !metrics.has('gradNorm')) return undefined;
  const find = (names: readonly string[]) =>
    names.flatMap((name) => columns.filter((column) => column.trim().toLowerCase() === name));
  const stepColumns = find(stepNames);
  const clock = stepColumns.length > 0 ? stepColumns : find(epochNames);
  const curves: { [M in MetricId]?: Curve } = {};
  for (const [metric, parts] of metrics) {
    const points: [number, number][] = [];
    rows.forEach((row, index) => {
      const value = sum(parts.map((part) => numberOf(row[part])));
      if (value === undefined) return;
      points.push([clockOf(row, clock) ?? index + 1, value]);
    });
    if (points.length > 0) curves[metric] = curveOf(points);
  }
  return {
    curves,
    unit: stepColumns.length > 0 || clock.length === 0 ? 'step' : 'epoch',
    origin: 'log',
    ...(plannedSteps !== undefined && plannedSteps > 0 && { plannedSteps }),
  };
}

function clockOf(row: LogRow, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = numberOf(row[name]);
    if (value !== undefined && Number.isFinite(value)) return value;
  }
  return undefined;
}

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
  const word = value.trim().toLowerCase();
  if (word === '' || word === 'none' || word === 'null') return undefined;
  if (/^[+-]?nan$/.test(word)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/.exec(word);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const number = Number(word);
  return Number.isNaN(number) ? undefined : number;
}
