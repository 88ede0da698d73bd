import { deadUnits } from './detectors/dead-units.ts';
import { earlyInstability } from './detectors/early-instability.ts';
import { gradientExplosion } from './detectors/gradient-explosion.ts';
import { latePlateau } from './detectors/late-plateau.ts';
import { lossDivergence } from './detectors/loss-divergence.ts';
import { objectiveDivergence } from './detectors/objective-divergence.ts';
import { oscillation } from './detectors/oscillation.ts';
import { overfitting } from './detectors/overfitting.ts';
import { slowConvergence } from './detectors/slow-convergence.ts';
import { vanishingGradient } from './detectors/vanishing-gradient.ts';
import type { MetricSeries } from './metric-series.ts';
import type { CannotTell, Detector, Diagnosis, Symptom } from './symptom.ts';
import { type Thresholds, thresholds as tableThresholds } from './thresholds.ts';

export const detectors: readonly Detector[] = [
  lossDivergence,
  objectiveDivergence,
  gradientExplosion,
  earlyInstability,
  latePlateau,
  overfitting,
  oscillation,
  vanishingGradient,
  deadUnits,
  slowConvergence,
];

/** Runs every detector over a series, beside a healthy twin where there is one. */
export function diagnose(
  series: MetricSeries,
  reference?: MetricSeries,
  thresholds: Thresholds = tableThresholds,
): Diagnosis {
  const context = { thresholds, ...(reference && { reference }) };
  const symptoms: Symptom[] = [];
  const cannotTell: CannotTell[] = [];
  for (const detector of detectors) {
    const found = detector.detect(series, context);
    if (!found) continue;
    if ('cannotTell' in found) cannotTell.push(found);
    else symptoms.push(found);
  }
  return { symptoms: withoutEchoes(symptoms).sort((a, b) => b.confidence - a.confidence), cannotTell };
}

/** A diverged run also ends behind its twin and stalls: one trouble is reported once, under its own name. */
function withoutEchoes(symptoms: readonly Symptom[]): Symptom[] {
  const has = new Set(symptoms.map(({ symptom }) => symptom));
  return symptoms.filter(({ symptom }) => {
    if (symptom === 'slow-convergence')
      return !(['loss-divergence', 'late-plateau', 'vanishing-gradient'] as const).some((other) =>
        has.has(other),
      );
    return true;
  });
}
