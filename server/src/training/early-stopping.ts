import type { RunResult } from '@trainlint/kernels';

/**
 * The run as it would have ended with early stopping: up to the evaluation that is the last of `share` of all evaluations
 * in a row (at least one) without a lower validation loss. What was trained is cut, not trained again: until there every
 * step is the same. The same object where it never stops.
 */
export function stopEarly(result: RunResult, share: number): RunResult {
  const evaluations = result.records.filter(({ valLoss }) => valLoss !== undefined);
  const patience = Math.max(1, Math.round(share * evaluations.length));
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  for (const { step, valLoss = Number.NaN } of evaluations) {
    if (valLoss < best) {
      best = valLoss;
      waited = 0;
    } else if (++waited >= patience) {
      const last = result.records.findIndex((record) => record.step === step);
      return last + 1 === result.records.length
        ? result
        : { ...result, records: result.records.slice(0, last + 1) };
    }
  }
  return result;
}
