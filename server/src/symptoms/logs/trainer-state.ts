import type { MetricSeries } from '../metric-series.ts';
import { isRecord, parsePythonJson } from './json.ts';
import { type LogRow, numberOf, seriesFromRows } from './rows.ts';

/**
 * `trainer_state.json` of the Hugging Face Trainer: `log_history` holds a row every `logging_steps` with `loss`,
 * `grad_norm` and `learning_rate`, and one per evaluation with `eval_loss`. Undefined when the text is something else.
 */
export function readTrainerState(text: string): MetricSeries | undefined {
  const state = parsePythonJson(text);
  const history = Array.isArray(state) ? state : isRecord(state) ? state.log_history : undefined;
  if (!Array.isArray(history)) return undefined;
  const planned = isRecord(state) ? numberOf(state.max_steps) : undefined;
  // The summary at the end carries the mean loss of the whole run under a name of its own.
  const rows = history.filter(isRecord).filter((row) => !('train_runtime' in row)) as LogRow[];
  return seriesFromRows(rows, planned);
}
