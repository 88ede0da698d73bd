import { addon, type NativeEnd } from './addon.ts';
import type { RunResult, RunSpec, StepRecord, TrainOptions } from './run-spec.ts';
import { toNativeSpec } from './validate.ts';

const FIXED_COLUMNS = 9;
const HAS_PROBE = 1;
const HAS_VALIDATION = 2;
const HAS_DEAD_UNITS = 4;

/** Rows of the native module (see binding/training_job.cpp) as records. */
function toRecords(numbers: Float64Array, count: number, metricNames: readonly string[]): StepRecord[] {
  const width = count === 0 ? 0 : numbers.length / count;
  const hasMetrics = width > FIXED_COLUMNS;
  return Array.from({ length: count }, (_, index) => {
    const row = numbers.subarray(index * width, (index + 1) * width);
    const at = (column: number): number => row[column] ?? Number.NaN;
    const present = at(8);
    return {
      step: at(0),
      loss: at(1),
      gradNorm: at(2),
      lr: at(3),
      updateRatio: at(4),
      ...(present & HAS_PROBE ? { probeLoss: at(5) } : {}),
      ...(present & HAS_VALIDATION ? { valLoss: at(6) } : {}),
      ...(present & HAS_DEAD_UNITS ? { deadUnits: at(7) } : {}),
      ...(hasMetrics
        ? { metrics: Object.fromEntries(metricNames.map((name, m) => [name, at(FIXED_COLUMNS + m)])) }
        : {}),
    };
  });
}

function isFinite(record: StepRecord): boolean {
  return (
    Number.isFinite(record.loss) &&
    Number.isFinite(record.gradNorm) &&
    (record.probeLoss === undefined || Number.isFinite(record.probeLoss))
  );
}

function startOf(record: StepRecord | undefined): RunResult['initial'] {
  return {
    ...(record?.probeLoss === undefined ? {} : { probeLoss: record.probeLoss }),
    ...(record?.valLoss === undefined ? {} : { valLoss: record.valLoss }),
  };
}

/**
 * Trains a proxy in a thread of its own and resolves to the whole series.
 * Rejects with RunSpecError for a spec that cannot be run, with the optimizer's own reason for a refused
 * hyperparameter, and with whatever `onStep` or `onRecords` throws (the run then stops).
 */
export async function train(spec: RunSpec, options: TrainOptions = {}): Promise<RunResult> {
  const native = addon();
  const known = native.proxies();
  const nativeSpec = toNativeSpec(spec, known);
  const metricNames = known.find((proxy) => proxy.id === nativeSpec.proxy)?.metrics ?? [];
  const backend = native.backend();
  const { signal, onStep, onRecords } = options;
  const all: StepRecord[] = [];
  let fault: { readonly error: unknown } | undefined;

  const end = await new Promise<NativeEnd>((resolve, reject) => {
    let cancel: (() => void) | undefined;
    const abort = () => cancel?.();
    const onChunk = (numbers: Float64Array, count: number) => {
      const records = toRecords(numbers, count, metricNames);
      // a spread would overflow the stack when a busy listener lets a hundred thousand records gather
      for (const record of records) all.push(record);
      if (fault) return;
      try {
        const steps = records[0]?.step === 0 ? records.slice(1) : records;
        for (const record of steps) onStep?.(record);
        if (steps.length > 0) onRecords?.(steps);
      } catch (error) {
        fault = { error };
        abort();
      }
    };
    const onEnd = (summary: NativeEnd) => {
      signal?.removeEventListener('abort', abort);
      resolve(summary);
    };
    try {
      cancel = native.train(nativeSpec, onChunk, onEnd);
    } catch (error) {
      reject(error);
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });

  if (fault) throw fault.error;
  if (end.failure !== undefined) throw new Error(end.failure);
  const [start, ...records] = all;
  const nonFinite = records.find((record) => !isFinite(record));
  return {
    records,
    initial: startOf(start),
    finite: nonFinite === undefined,
    ...(nonFinite ? { nonFiniteAt: nonFinite.step } : {}),
    cancelled: end.cancelled,
    seconds: end.seconds,
    backend,
    proxy: nativeSpec.proxy,
    parameterCount: end.parameterCount,
    stateBytes: end.stateBytes,
  };
}
