import { isRecord, parsePythonJson } from '../symptoms/logs/json.ts';
import { type Text, text } from '../text.ts';

/** Median and ends over batches; `undefined` = the loss never rose, however large the rate. */
export interface Spread {
  readonly median: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly batches: number;
}

/** What a generated snippet measured on the user's own model, at the weights it was given. */
export interface Measured {
  /** The config it was generated from, as written there, and the label of its run. */
  readonly config: string | undefined;
  readonly run: string;
  readonly optimizer: string | undefined;
  readonly learningRate: number | undefined;
  readonly clipNorm: number | undefined;
  readonly device: string;
  /** Optimizer steps whose gradient was taken, and which of them (from 1) were not finite. */
  readonly steps: number;
  readonly notFinite: readonly number[];
  readonly loss: number | undefined;
  readonly parameters: number | undefined;
  /** Largest rate at which the first step does not raise the loss of the same batch; absent = no batch could tell. */
  readonly criticalRate: Spread | undefined;
  /** 2 over the curvature along the update. */
  readonly curvatureRate: Spread | undefined;
  readonly gradNorm: GradNorm | undefined;
  /** ‖update‖ / ‖weight‖ over matrices at the learning rate it was generated with. */
  readonly updateRatio:
    | { readonly median: number; readonly largest: number; readonly in: string }
    | undefined;
  /** tr(Σ)/|G|² in samples. */
  readonly noiseScale: number | undefined;
  readonly samplesPerStep: number | undefined;
}

/** Global gradient norms before clipping. */
export interface GradNorm {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
}

const mark = '"trainlint"';

/**
 * The measurement in what a snippet printed (or in its last line alone); `undefined` where the file holds none, and
 * is some other log. Of several the last counts. Nothing is thrown.
 */
export function readMeasured(content: string): Measured | { readonly problem: Text } | undefined {
  const line = content
    .split(/\r?\n/)
    .findLast((one) => one.trimStart().startsWith('{') && one.slice(0, 40).includes(mark));
  if (line === undefined) return undefined;
  try {
    const whole = parsePythonJson(line);
    const fields = isRecord(whole) ? whole.trainlint : undefined;
    if (isRecord(fields)) return measuredOf(fields);
  } catch {
    // Told below.
  }
  return {
    problem: text(
      'The measurement is cut off or damaged. Run the script again.',
      '측정 결과가 잘렸거나 손상되었습니다. 스크립트를 다시 실행하세요.',
    ),
  };
}

function measuredOf(fields: Readonly<Record<string, unknown>>): Measured {
  const updateRatio = isRecord(fields.updateRatio) ? fields.updateRatio : {};
  const [median, largest] = [number(updateRatio.median), number(updateRatio.largest)];
  return {
    config: word(fields.config),
    run: word(fields.run) ?? '',
    optimizer: word(fields.optimizer),
    learningRate: number(fields.lr),
    clipNorm: number(fields.clipNorm),
    device: word(fields.device) ?? '',
    steps: number(fields.steps) ?? 0,
    notFinite: Array.isArray(fields.notFinite) ? fields.notFinite.filter((one) => Number.isFinite(one)) : [],
    loss: number(fields.loss),
    parameters: number(fields.parameters),
    criticalRate: spreadOf(fields.criticalRate),
    curvatureRate: spreadOf(fields.curvatureRate),
    gradNorm: gradNormOf(fields.gradNorm),
    updateRatio:
      median === undefined || largest === undefined
        ? undefined
        : { median, largest, in: word(updateRatio.in) ?? '' },
    noiseScale: number(fields.noiseScale),
    samplesPerStep: number(fields.samplesPerStep),
  };
}

function spreadOf(value: unknown): Spread | undefined {
  if (!isRecord(value)) return undefined;
  const { median, low, high, batches } = value;
  return { median: number(median), low: number(low), high: number(high), batches: number(batches) ?? 0 };
}

function gradNormOf(value: unknown): GradNorm | undefined {
  if (!isRecord(value)) return undefined;
  const [p10, p50, p90, max] = [number(value.p10), number(value.p50), number(value.p90), number(value.max)];
  if (p10 === undefined || p50 === undefined || p90 === undefined || max === undefined) return undefined;
  return { p10, p50, p90, max };
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
