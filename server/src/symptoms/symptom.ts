import type { SymptomId } from '../knowledge/ids.ts';
import type { Text } from '../text.ts';
import type { MetricSeries } from './metric-series.ts';
import type { Thresholds } from './thresholds.ts';

/** A symptom that was seen in a training curve. */
export interface Symptom {
  readonly symptom: SymptomId;
  /** Where it starts to show, in the series' own unit. */
  readonly step: number;
  /** 0 to 1: how far the evidence lies beyond the threshold and how direct it is; not a probability. */
  readonly confidence: number;
  /** The numbers it rests on, with the thresholds they were held against. */
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** One sentence for a reader. */
  readonly message: Text;
}

export type Evidence = number | string | boolean;

/** A proper answer: the series does not hold what the question needs. */
export interface CannotTell {
  readonly symptom: SymptomId;
  readonly cannotTell: Text;
}

export type Detection = Symptom | CannotTell | undefined;

export interface DetectorContext {
  readonly thresholds: Thresholds;
  /** A healthy twin: same proxy, seed, data order and number of steps at the reference settings. */
  readonly reference?: MetricSeries;
}

/** Pure: the same series and context give the same answer. `undefined` = looked and found nothing. */
export interface Detector {
  readonly symptom: SymptomId;
  readonly detect: (series: MetricSeries, context: DetectorContext) => Detection;
}

export interface Diagnosis {
  /** Most confident first. */
  readonly symptoms: readonly Symptom[];
  readonly cannotTell: readonly CannotTell[];
}
