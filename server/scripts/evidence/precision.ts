/** Precision and recall of single detectors, also with their threshold chosen without the architecture they judge. */
import type { SymptomId } from '../../src/knowledge/ids.ts';
import { detectors } from '../../src/symptoms/diagnose.ts';
import { thresholds as shipped, type Thresholds } from '../../src/symptoms/thresholds.ts';
import type { Sample } from './samples.ts';

export interface Score {
  /** Planted and found; planted; found where something else or nothing was planted; all such. */
  readonly hits: number;
  readonly planted: number;
  readonly falseAlarms: number;
  readonly others: number;
}

export interface DetectorScore {
  readonly symptom: SymptomId;
  readonly shipped: Score;
  /** Without the cells that the tables grey out. */
  readonly shippedUngreyed: Score;
  /** Each architecture judged with the threshold that does best on all the others. */
  readonly leaveOneOut: Score;
  /** Factors on the threshold that were chosen, with the number of architectures they were chosen for. */
  readonly chosen: ReadonlyMap<number, number>;
}

interface Knob {
  readonly symptom: SymptomId;
  readonly vary: (factor: number) => Thresholds;
}

/** A ratio near one is varied in what it exceeds one by. */
const excess = (value: number, factor: number) => 1 + (value - 1) * factor;

/** The number each detector is most sensitive to. */
const knobs: readonly Knob[] = [
  {
    symptom: 'loss-divergence',
    vary: (f) => {
      const { lossDivergence, slowConvergence } = shipped;
      return {
        ...shipped,
        lossDivergence: { ...lossDivergence, endOverStart: excess(lossDivergence.endOverStart, f) },
        slowConvergence: {
          ...slowConvergence,
          endOverReference: excess(slowConvergence.endOverReference, f),
        },
      };
    },
  },
  {
    symptom: 'gradient-explosion',
    vary: (f) => ({
      ...shipped,
      gradientExplosion: {
        ...shipped.gradientExplosion,
        spikeRatio: shipped.gradientExplosion.spikeRatio * f,
      },
    }),
  },
  {
    symptom: 'early-instability',
    vary: (f) => ({
      ...shipped,
      earlyInstability: {
        ...shipped.earlyInstability,
        peakOverStart: excess(shipped.earlyInstability.peakOverStart, f),
      },
    }),
  },
  {
    symptom: 'late-plateau',
    vary: (f) => ({
      ...shipped,
      latePlateau: {
        ...shipped.latePlateau,
        validationOverReference: excess(shipped.latePlateau.validationOverReference, f),
      },
    }),
  },
  {
    symptom: 'overfitting',
    vary: (f) => ({
      ...shipped,
      overfitting: { ...shipped.overfitting, endOverMinimum: excess(shipped.overfitting.endOverMinimum, f) },
    }),
  },
  {
    symptom: 'oscillation',
    vary: (f) => ({
      ...shipped,
      oscillation: { ...shipped.oscillation, swingSize: shipped.oscillation.swingSize * f },
    }),
  },
  {
    symptom: 'slow-convergence',
    vary: (f) => ({
      ...shipped,
      slowConvergence: {
        ...shipped.slowConvergence,
        endOverReference: excess(shipped.slowConvergence.endOverReference, f),
      },
    }),
  },
];

/** Nearest to the shipped value first: ties keep it. */
const factors = [1, 0.7, 1.4, 0.5, 2] as const;

export function detectorScores(samples: readonly Sample[]): DetectorScore[] {
  return knobs.map(({ symptom, vary }) => {
    const judged = samples.filter((sample) => isJudged(sample, symptom));
    const found = new Map(
      factors.map((factor) => {
        const limits = vary(factor);
        return [factor, new Set(judged.filter((sample) => finds(sample, symptom, limits)))] as const;
      }),
    );
    const scoreAt = (factor: (typeof factors)[number], some: readonly Sample[]) =>
      scoreOf(some, symptom, found.get(factor) ?? new Set());
    const chosen = new Map<number, number>();
    let leaveOneOut: Score = { hits: 0, planted: 0, falseAlarms: 0, others: 0 };
    for (const subject of new Set(judged.map((sample) => sample.subject))) {
      const rest = judged.filter((sample) => sample.subject !== subject);
      const best = factors.reduce((a, b) =>
        harmonic(scoreAt(b, rest)) > harmonic(scoreAt(a, rest)) ? b : a,
      );
      chosen.set(best, (chosen.get(best) ?? 0) + 1);
      const own = judged.filter((sample) => sample.subject === subject);
      leaveOneOut = sum(leaveOneOut, scoreAt(best, own));
    }
    return {
      symptom,
      shipped: scoreAt(1, judged),
      shippedUngreyed: scoreAt(
        1,
        judged.filter((sample) => sample.planted !== symptom || !sample.greyed),
      ),
      leaveOneOut,
      chosen,
    };
  });
}

/** A trouble that may honestly go by this name as well is neither a hit nor a false alarm. */
function isJudged({ planted, alsoCalled }: Sample, symptom: SymptomId): boolean {
  return planted === symptom || !alsoCalled.includes(symptom);
}

function scoreOf(samples: readonly Sample[], symptom: SymptomId, found: ReadonlySet<Sample>): Score {
  const planted = samples.filter((sample) => sample.planted === symptom);
  const others = samples.filter((sample) => sample.planted !== symptom);
  return {
    hits: planted.filter((sample) => found.has(sample)).length,
    planted: planted.length,
    falseAlarms: others.filter((sample) => found.has(sample)).length,
    others: others.length,
  };
}

function sum(a: Score, b: Score): Score {
  return {
    hits: a.hits + b.hits,
    planted: a.planted + b.planted,
    falseAlarms: a.falseAlarms + b.falseAlarms,
    others: a.others + b.others,
  };
}

/** F1: harmonic mean of precision and recall. */
function harmonic({ hits, planted, falseAlarms }: Score): number {
  return (2 * hits) / Math.max(1, planted + hits + falseAlarms);
}

/** One detector as the verdicts use it: what the healthy twin shows as surely comes from the proxy. */
function finds({ series, twin, smallData }: Sample, symptom: SymptomId, thresholds: Thresholds): boolean {
  const confidence = (of: MetricSeriesOf, reference?: MetricSeriesOf) =>
    Math.max(
      -1,
      ...detectors
        .filter((detector) => detector.symptom === symptom)
        .map((detector) => {
          const found = detector.detect(of, { thresholds, ...(reference && { reference }) });
          return found && 'confidence' in found ? found.confidence : -1;
        }),
    );
  const own = confidence(series, twin);
  if (own < 0) return false;
  if (!twin) return true;
  return symptom === 'overfitting' ? smallData : own > confidence(twin) + 0.2;
}

type MetricSeriesOf = Sample['series'];
