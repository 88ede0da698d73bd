import type { MetricSeries } from '../metric-series.ts';
import { isRecord, parsePythonJson } from './json.ts';
import { type LogRow, numberOf, seriesFromRows } from './rows.ts';

/**
 * A log that is one JSON value: `trainer_state.json` of the Hugging Face Trainer, a bare list of rows, or a list for each
 * metric as Keras' `History.history` is saved. Undefined when the text is something else.
 */
export function readJsonDocument(text: string): MetricSeries | undefined {
  const document = parsePythonJson(text);
  if (Array.isArray(document)) return trainerState(document);
  if (!isRecord(document)) return undefined;
  if (Array.isArray(document.log_history))
    return trainerState(document.log_history, numberOf(document.max_steps));
  return seriesFromRows(rowsOfLists(isRecord(document.history) ? document.history : document));
}

/**
 * `log_history` holds a row every `logging_steps` with `loss`, `grad_norm` and `learning_rate`, and one per evaluation
 * with `eval_loss`.
 */
function trainerState(history: readonly unknown[], planned?: number): MetricSeries | undefined {
  // The summary at the end carries the mean loss of the whole run under a name of its own.
  const rows = history.filter(isRecord).filter((row) => !('train_runtime' in row)) as LogRow[];
  return seriesFromRows(rows, planned);
}

/** Lists of numbers by name, an entry an epoch, turned into rows. */
function rowsOfLists(lists: Readonly<Record<string, unknown>>): LogRow[] {
  const rows: Record<string, unknown>[] = [];
  for (const [name, values] of Object.entries(lists))
    if (Array.isArray(values))
      values.forEach((value, index) => {
        rows[index] = { epoch: index + 1, ...rows[index], [name]: value };
      });
  return rows;
}
