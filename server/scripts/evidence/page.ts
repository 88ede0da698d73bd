/** The page, from what was trained. */
import { median } from '../../src/symptoms/statistics.ts';
import type { SubjectEvidence } from './collect.ts';
import { table } from './markdown.ts';
import { deadUnitsSection } from './page-dead-units.ts';
import { detectorSection } from './page-detectors.ts';
import { healthySection } from './page-healthy.ts';
import { matrixSection } from './page-matrix.ts';
import { samplesOf } from './samples.ts';
import { summary, summaryKorean } from './summary.ts';

export interface PageFacts {
  readonly seeds: readonly number[];
  readonly healthySeeds: readonly number[];
  readonly backend: string;
}

export function page(evidence: readonly SubjectEvidence[], facts: PageFacts): string {
  const samples = samplesOf(evidence);
  return `${[
    '# Evidence',
    `Written by \`npm run evidence\`; do not edit. Planted troubles: seeds ${range(facts.seeds)}. Healthy rows: seeds ${range(facts.healthySeeds)}. Thresholds and references were chosen on seeds below 1000. The same seeds give the same page on every machine, except for the seconds.`,
    'Everything here is **proxy evidence**: networks of 1,000 to 33,000 parameters, trained for some hundred steps on generated data. It says how well symptoms, detectors and cures work *on the proxies*, at a resolution of about a factor of ten. It does not say how often they are right about a real model.',
    ...summary(evidence, samples),
    ...healthySection(evidence),
    ...matrixSection(evidence),
    ...deadUnitsSection(evidence),
    ...detectorSection(samples),
    ...seconds(evidence, facts.backend),
    ...summaryKorean(evidence, samples),
  ].join('\n\n')}\n`;
}

function range(seeds: readonly number[]): string {
  return seeds.length > 1 ? `${seeds[0]}–${seeds.at(-1)}` : String(seeds[0]);
}

function seconds(evidence: readonly SubjectEvidence[], backend: string): string[] {
  const rows = evidence.map(({ subject, healthy }) => {
    const each = healthy.runs.map((run) => run.seconds);
    return [
      subject.id,
      subject.info.parameterCount.toLocaleString('en'),
      String(subject.info.defaultSteps),
      median(each).toFixed(2),
      Math.min(...each).toFixed(2),
    ];
  });
  return [
    '## Seconds per run',
    `Median wall time of one run at the reference, two runs side by side, \`${backend}\`. Measured while the evidence was made; other programs on the machine count in. The fastest run is nearer to what an idle machine takes.`,
    table(['architecture', 'parameters', 'steps', 'median s', 'fastest s'], rows),
  ];
}
