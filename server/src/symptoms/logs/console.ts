import type { MetricSeries } from '../metric-series.ts';
import { columnsByMetric } from './metric-names.ts';
import { columnsOf, type LogRow, seriesFromRows } from './rows.ts';

/** Fewer lines than this with a loss are no log but a text that mentions one. */
const fewestLines = 8;

const number = String.raw`[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|nan|inf(?:inity)?)`;
/** `loss: 2.31`, `lr=2e-5`, `'grad_norm': '1.2'`, `iter 100`, `learning rate: 1.5E-04`, `iteration 100/ 5000`. */
const pair = new RegExp(
  String.raw`(?:^|[\s,|{(\[])['"]?([a-z][\w/.-]*(?: [a-z][\w/.-]*){0,2})['"]?\s*(?::|=|\s)\s*['"]?(${number})(?![\w.])`,
  'gi',
);

/**
 * What a training printed: the dictionaries of the Hugging Face Trainer, torchtune's log files, Megatron's and nanoGPT's
 * lines, and loops that print `name: value` pairs. Undefined when too few lines look like that.
 */
export function readConsole(text: string): MetricSeries | undefined {
  const rows = text
    .split(/\r\n|\n|\r/)
    .map(pairs)
    .filter((row) => columnsByMetric(Object.keys(row)).size > 0 && !('train_runtime' in row));
  const series = seriesFromRows(rows);
  const losses = series?.curves.loss?.values.length ?? 0;
  return columnsOf(rows).length > 0 && losses >= fewestLines ? series : undefined;
}

function pairs(line: string): LogRow {
  const row: Record<string, unknown> = {};
  for (const [, name, value] of line.matchAll(pair))
    if (name !== undefined && !(name in row)) row[name] = value;
  return row;
}
