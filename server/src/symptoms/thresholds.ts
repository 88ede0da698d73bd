import { symptomThresholdTable } from '../knowledge/symptoms.ts';

/** Every number the detectors hold a curve against, by detector. Meaning, unit and source of each stand in the table. */
export interface Thresholds {
  readonly lossDivergence: {
    readonly endOverStart: number;
    readonly hugeLoss: number;
    readonly relapseOverMinimum: number;
    readonly relapseProgressLost: number;
    readonly collapsedProgress: number;
    readonly nonFiniteTail: number;
    readonly noiseMultiple: number;
  };
  readonly objectiveDivergence: {
    readonly returnShare: number;
    readonly modesLost: number;
    readonly qOverReference: number;
    readonly approxKl: number;
  };
  readonly gradientExplosion: {
    readonly spikeRatio: number;
    readonly spikeZ: number;
    readonly spikeSigmaFloor: number;
    readonly window: number;
    readonly skipSteps: number;
    readonly overStart: number;
    readonly aboveStart: number;
    readonly rareShare: number;
  };
  readonly earlyInstability: {
    readonly peakOverStart: number;
    readonly earlyShare: number;
    readonly noiseMultiple: number;
    readonly scarRatio: number;
  };
  readonly latePlateau: {
    readonly validationOverReference: number;
    readonly undecayedShare: number;
    readonly stallShare: number;
    readonly stallProgress: number;
    readonly stallResolved: number;
    readonly steadyShare: number;
  };
  readonly overfitting: {
    readonly endOverMinimum: number;
    readonly minimumBefore: number;
    readonly trainBelowValidation: number;
    readonly noiseMultiple: number;
    readonly riseShare: number;
  };
  readonly oscillation: {
    readonly swings: number;
    readonly swingSize: number;
    readonly upwardShare: number;
    readonly smoothing: number;
    readonly skipShare: number;
    readonly noiseMultiple: number;
  };
  readonly vanishingGradient: { readonly overStart: number; readonly progress: number };
  readonly deadUnits: { readonly share: number };
  readonly slowConvergence: {
    readonly endOverReference: number;
    readonly progress: number;
    readonly clearlyBehind: number;
    readonly returnShare: number;
    readonly flatProgress: number;
    readonly flatResolved: number;
    readonly stuckFrom: number;
    readonly rateFactor: number;
  };
}

/** The table's numbers. Throws when a row is missing: that is a fault of the build, never of a user's input. */
export const thresholds: Thresholds = {
  lossDivergence: pick(
    'loss-divergence',
    'endOverStart',
    'hugeLoss',
    'relapseOverMinimum',
    'relapseProgressLost',
    'collapsedProgress',
    'nonFiniteTail',
    'noiseMultiple',
  ),
  objectiveDivergence: pick('loss-divergence', 'returnShare', 'modesLost', 'qOverReference', 'approxKl'),
  gradientExplosion: pick(
    'gradient-explosion',
    'spikeRatio',
    'spikeZ',
    'spikeSigmaFloor',
    'window',
    'skipSteps',
    'overStart',
    'aboveStart',
    'rareShare',
  ),
  earlyInstability: pick('early-instability', 'peakOverStart', 'earlyShare', 'noiseMultiple', 'scarRatio'),
  latePlateau: pick(
    'late-plateau',
    'validationOverReference',
    'undecayedShare',
    'stallShare',
    'stallProgress',
    'stallResolved',
    'steadyShare',
  ),
  overfitting: pick(
    'overfitting',
    'endOverMinimum',
    'minimumBefore',
    'trainBelowValidation',
    'noiseMultiple',
    'riseShare',
  ),
  oscillation: pick(
    'oscillation',
    'swings',
    'swingSize',
    'upwardShare',
    'smoothing',
    'skipShare',
    'noiseMultiple',
  ),
  vanishingGradient: pick('vanishing-gradient', 'overStart', 'progress'),
  deadUnits: pick('dead-units', 'share'),
  slowConvergence: pick(
    'slow-convergence',
    'endOverReference',
    'progress',
    'clearlyBehind',
    'returnShare',
    'flatProgress',
    'flatResolved',
    'stuckFrom',
    'rateFactor',
  ),
};

function pick<Name extends string>(symptom: string, ...names: Name[]): Record<Name, number> {
  const entries = names.map((name) => {
    const row = symptomThresholdTable.find(
      (candidate) => candidate.symptom === symptom && candidate.name === name,
    );
    if (!row) throw new Error(`symptom-thresholds.json has no row for ${symptom} ${name}`);
    return [name, row.value];
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}
