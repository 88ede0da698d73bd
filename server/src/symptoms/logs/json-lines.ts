import type { MetricSeries } from '../metric-series.ts';
import { isRecord, parsePythonJson } from './json.ts';
import { type LogRow, numberOf, seriesFromRows } from './rows.ts';

/**
 * One JSON object a line: Weights & Biases history, LLaMA-Factory's `trainer_log.jsonl`, a plain loop's own log.
 * A last line that was cut off is dropped. Nested objects become `outer/inner` names. Throws on other broken lines.
 */
export function readJsonLines(text: string): MetricSeries | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const rows: LogRow[] = [];
  lines.forEach((line, index) => {
    try {
      const row = parsePythonJson(line);
      if (isRecord(row)) rows.push(flat(row));
    } catch (fault) {
      if (index < lines.length - 1 || index === 0) throw fault;
    }
  });
  const planned = numberOf(rows.at(-1)?.total_steps);
  return seriesFromRows(rows, planned);
}

function flat(row: Record<string, unknown>, prefix = ''): LogRow {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (isRecord(value)) Object.assign(result, flat(value, `${prefix}${name}/`));
    else result[prefix + name] = value;
  }
  return result;
}
