import type { MetricSeries } from '../metric-series.ts';
import { columnsByMetric, isKnownName } from './metric-names.ts';
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
 * lines, the boxes of Stable-Baselines3, the table of YOLOv5 and YOLOv7 (`results.txt`), and loops that print
 * `name: value` pairs. Undefined when too few lines look like that.
 */
export function readConsole(text: string): MetricSeries | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const rows = [...boxes(lines), ...lines.map((line) => yoloRow(line) ?? pairs(line))].filter(
    (row) => columnsByMetric(Object.keys(row)).size > 0 && !('train_runtime' in row),
  );
  const series = seriesFromRows(rows);
  const losses = series?.curves.loss?.values.length ?? 0;
  return columnsOf(rows).length > 0 && losses >= fewestLines ? series : undefined;
}

function pairs(line: string): LogRow {
  const row: Record<string, unknown> = {};
  for (const [, words, value] of line.matchAll(pair)) {
    const name = knownEnd(words ?? '');
    if (!(name in row)) row[name] = value;
  }
  return row;
}

/** `INFO Train loss` is a level and a name. */
function knownEnd(words: string): string {
  for (let name = words; ; name = name.slice(name.indexOf(' ') + 1)) {
    if (isKnownName(name)) return name;
    if (!name.includes(' ')) return words;
  }
}

const cell = /^\|\s*([\w /.-]*?)\s*\|\s*([^|]*?)\s*\|$/;

/** The boxes of Stable-Baselines3: a line a value, names below a heading like `train/`, boxes parted by dashes. */
function boxes(lines: readonly string[]): LogRow[] {
  const rows: LogRow[] = [];
  let row: Record<string, unknown> = {};
  let group = '';
  for (const line of lines) {
    const [, name, value] = cell.exec(line.trim()) ?? [];
    if (name === undefined) {
      if (Object.keys(row).length > 0) rows.push(row);
      row = {};
      group = '';
    } else if (value === '') group = name.endsWith('/') ? name : '';
    else row[boxed[name] ?? group + name] = value;
  }
  return Object.keys(row).length > 0 ? [...rows, row] : rows;
}

/** Box names that mean a step. */
const boxed: Readonly<Record<string, string>> = { total_timesteps: 'step', 'total timesteps': 'step' };

/**
 * `epoch/epochs memory box obj cls total labels size P R mAP.5 mAP.5:.95 box obj cls`: a line of YOLOv5's (to 5.0) and
 * YOLOv7's `results.txt`, losses of training first and of validation last.
 */
function yoloRow(line: string): LogRow | undefined {
  const cells = line.trim().split(/\s+/);
  const [, epoch] = /^(\d+)\/\d+$/.exec(cells[0] ?? '') ?? [];
  if (epoch === undefined || cells.length !== 15 || !/^[\d.]+G$/.test(cells[1] ?? '')) return undefined;
  const [box, obj, cls] = cells.slice(12);
  return {
    epoch: Number(epoch) + 1,
    'train/loss': cells[5],
    'val/box_loss': box,
    'val/obj_loss': obj,
    'val/cls_loss': cls,
  };
}
