import { parse } from 'csv-parse/sync';
import type { MetricSeries } from '../metric-series.ts';
import { type LogRow, seriesFromRows } from './rows.ts';

/**
 * CSV with a header: Lightning's `metrics.csv` (a row holds what was logged at its step, the other cells are empty),
 * Ultralytics' `results.csv` (a row an epoch, names padded with blanks in old versions), Keras' `CSVLogger`, a table
 * exported from Weights & Biases. Commas, tabs or semicolons part the cells; where it is no comma, `0,5` is a half.
 * Throws when the text is no CSV.
 */
export function readDelimited(text: string): MetricSeries | undefined {
  const header = text.slice(0, text.search(/\r?\n|$/));
  const delimiter = [',', '\t', ';'].find((sign) => header.includes(sign)) ?? ',';
  const rows = parse(text, {
    bom: true,
    delimiter,
    columns: (header: string[]) => header.map((name, index) => name.trim() || `column ${index + 1}`),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    ...(delimiter !== ',' && { cast: (cell: string) => cell.replace(decimalComma, '$1.$2') }),
  }) as Record<string, string>[];
  const prefix = runPrefix(Object.keys(rows[0] ?? {}));
  return seriesFromRows(prefix === undefined ? rows : rows.map((row) => withoutRunName(row, prefix)));
}

const decimalComma = /^([+-]?\d+),(\d+(?:e[+-]?\d+)?)$/i;

/** Weights & Biases exports `run name - metric` and its `__MIN` and `__MAX`; the first run of the table counts. */
function withoutRunName(row: Record<string, string>, prefix: string): LogRow {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(row)) {
    if (/__(MIN|MAX)$/.test(name)) continue;
    if (name.startsWith(prefix)) plain[name.slice(prefix.length)] = value;
    else if (!name.includes(' - ')) plain[name] = value;
  }
  return plain;
}

function runPrefix(columns: readonly string[]): string | undefined {
  if (!columns.some((name) => name.endsWith('__MIN'))) return undefined;
  const column = columns.find((name) => name.includes(' - ') && !name.endsWith('_step'));
  return column?.slice(0, column.lastIndexOf(' - ') + 3);
}
