import type { MetricSeries } from '../metric-series.ts';
import { isRecord, parsePythonJson } from './json.ts';
import { type LogRow, numberOf, seriesFromRows } from './rows.ts';

/** Share of broken lines above which a file is damaged, and not the log of a run that was killed. */
const mostBroken = 0.02;

/**
 * One JSON object a line: Weights & Biases history, LLaMA-Factory's `trainer_log.jsonl`, a plain loop's own log.
 * Lines that were cut off are dropped: the last one, and where a run that was killed went on. Nested objects become
 * `outer/inner` names. Throws where many lines are broken.
 */
export function readJsonLines(text: string): MetricSeries | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const rows: LogRow[] = [];
  let broken = 0;
  for (const line of lines)
    try {
      const row = parsePythonJson(line);
      if (isRecord(row)) rows.push(flat(row));
    } catch (fault) {
      if (++broken > Math.max(1, mostBroken * lines.length) || rows.length === 0) throw fault;
    }
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
