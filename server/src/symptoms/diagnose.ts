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
  return {
    symptoms: withoutEchoes(symptoms, series).sort((a, b) => b.confidence - a.confidence),
    cannotTell,
  };
}

/** A diverged run also ends behind its twin and stalls: one trouble is reported once, under its own name. */
function withoutEchoes(symptoms: readonly Symptom[], { origin }: MetricSeries): Symptom[] {
  const has = (...ids: Symptom['symptom'][]) => symptoms.some(({ symptom }) => ids.includes(symptom));
  const scarred = symptoms.some(({ evidence }) => evidence.kind === 'scar');
  return symptoms.filter((one) => {
    if (one.symptom === 'slow-convergence' && one.evidence.kind !== 'stuck')
      return !(scarred || has('loss-divergence', 'late-plateau', 'vanishing-gradient'));
    if (origin === 'proxy') return true;
    // Of a log each is one line of a config: a loss that never came back did not "rise before it could fall", and one
    // that lies flat because the training set is learned by heart needs no other schedule.
    if (one.symptom === 'early-instability' || one.symptom === 'overfitting') return !has('loss-divergence');
    // A loss that lies flat from the first tenth on has no late plateau.
    if (one.symptom === 'slow-convergence') return !has('loss-divergence', 'vanishing-gradient');
    if (one.symptom === 'late-plateau') return !has('overfitting', 'loss-divergence', 'slow-convergence');
    return true;
  });
}
