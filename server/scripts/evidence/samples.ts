/** Every trained series with the truth about it: what was planted, and what that may be called. */
import type { RunResult } from '@trainlint/kernels';
import type { SymptomId } from '../../src/knowledge/ids.ts';
import { proxyTable } from '../../src/knowledge/proxies.ts';
import type { MetricSeries } from '../../src/symptoms/metric-series.ts';
import { seriesOf } from '../../src/training/series.ts';
import type { SubjectEvidence } from './collect.ts';

export interface Sample {
  readonly subject: string;
  readonly result: RunResult;
  readonly series: MetricSeries;
  /** The healthy twin; absent for healthy rows, which would be their own. */
  readonly twin?: MetricSeries;
  /** What the product says beside the twin. */
  readonly verdict?: readonly SymptomId[];
  /** Undefined = nothing is wrong. */
  readonly planted?: SymptomId;
  readonly alsoCalled: readonly SymptomId[];
  /** The data set is small and carried over, so that overfitting may be the run's own. */
  readonly smallData: boolean;
  /** The tables say that this proxy does not show the planted symptom. */
  readonly greyed: boolean;
}

/** Troubles below the promised resolution are left out: a detector may see them or not. */
export function samplesOf(evidence: readonly SubjectEvidence[]): Sample[] {
  return evidence.flatMap(({ subject, healthy, cells }) => {
    const blind = proxyTable.find(({ id }) => id === subject.info.id)?.notDiscriminating ?? [];
    const planted = cells
      .filter(({ scenario }) => !scenario.belowResolution)
      .flatMap(({ scenario, outcomes }) =>
        outcomes.map(
          ({ run, reference, plannedSteps, diagnosis }): Sample => ({
            subject: subject.id,
            result: run,
            series: seriesOf(run, plannedSteps),
            twin: seriesOf(reference, plannedSteps),
            verdict: diagnosis.symptoms.map(({ symptom }) => symptom),
            ...(scenario.symptom && { planted: scenario.symptom }),
            alsoCalled: scenario.alsoCalled,
            smallData: scenario.fields.datasetSize !== undefined,
            greyed: blind.some(({ symptom }) => symptom === scenario.symptom),
          }),
        ),
      );
    const rows = healthy.runs.map(
      (result): Sample => ({
        subject: subject.id,
        result,
        series: seriesOf(result, healthy.steps),
        alsoCalled: [],
        smallData: false,
        greyed: false,
      }),
    );
    return [...planted, ...rows];
  });
}
