import type { RunResult, RunSpec } from '@trainlint/kernels';
import type { SymptomId } from '../knowledge/ids.ts';
import { diagnose } from '../symptoms/diagnose.ts';
import { median } from '../symptoms/statistics.ts';
import type { Diagnosis, Symptom } from '../symptoms/symptom.ts';
import { stopEarly } from './early-stopping.ts';
import { endLoss, seriesOf } from './series.ts';
import type { SeededSymptom, Verdict } from './types.ts';

/** One seed: the run, its healthy twin on the same data, and what the detectors say. */
export interface SeedOutcome {
  readonly seed: number;
  readonly run: RunResult;
  readonly reference: RunResult;
  readonly diagnosis: Diagnosis;
  readonly plannedSteps: number;
  /** The run up to where it stops early; only where it does. Validation losses are judged there. */
  readonly stopped?: RunResult;
}

export function judgeSeed(
  seed: number,
  run: RunResult,
  reference: RunResult,
  { steps: plannedSteps, dataset }: Pick<RunSpec, 'steps' | 'dataset'>,
  earlyStopping?: number,
): SeedOutcome {
  const twin = seriesOf(reference, plannedSteps);
  const { symptoms: whole, cannotTell } = diagnose(seriesOf(run, plannedSteps), twin);
  const stopped = earlyStopping === undefined ? run : stopEarly(run, earlyStopping);
  const isOverfitting = ({ symptom }: Symptom) => symptom === 'overfitting';
  // What a run that stops early would have shown afterwards is not its trouble; everything else is judged on the whole.
  const symptoms =
    stopped === run
      ? whole
      : [
          ...whole.filter((each) => !isOverfitting(each)),
          ...diagnose(seriesOf(stopped, lastStepOf(stopped))).symptoms.filter(isOverfitting),
        ];
  // What the healthy twin shows as well comes from the proxy, not from the settings; overfitting is the user's only
  // where their small data set was carried over.
  const own = new Map(diagnose(twin).symptoms.map(({ symptom, confidence }) => [symptom, confidence]));
  const caused = symptoms.filter(({ symptom, confidence }) =>
    symptom === 'overfitting' ? dataset !== undefined : confidence > (own.get(symptom) ?? -1) + 0.2,
  );
  return {
    ...{ seed, run, reference, plannedSteps, diagnosis: { symptoms: caused, cannotTell } },
    ...(stopped !== run && { stopped }),
  };
}

function lastStepOf({ records }: RunResult): number {
  return records.at(-1)?.step ?? 0;
}

/** End loss over the reference's; both held away from zero, so that two perfect fits count as equal. */
export function ratioOf(
  { run, reference, plannedSteps, stopped }: SeedOutcome,
  of: 'probeLoss' | 'valLoss' = 'probeLoss',
): number {
  const start = reference.initial[of] ?? reference.records[0]?.loss ?? 1;
  const plays = reference.records.at(-1)?.metrics !== undefined;
  const floor = plays ? 1e-9 : 1e-3 * Math.abs(start);
  const end =
    stopped && of === 'valLoss' ? endLoss(stopped, lastStepOf(stopped), of) : endLoss(run, plannedSteps, of);
  return Math.max(end, floor) / Math.max(endLoss(reference, plannedSteps, of), floor);
}

/**
 * Symptoms that showed on most seeds. A run that broke off with a non-finite number is reported from the first seed
 * on: no healthy run does that. Confidence falls with the share of seeds; below `least` nothing is said.
 */
export function agreed(outcomes: readonly SeedOutcome[], least = 0): SeededSymptom[] {
  const byId = new Map<SymptomId, Symptom[]>();
  for (const { diagnosis } of outcomes)
    for (const symptom of diagnosis.symptoms)
      byId.set(symptom.symptom, [...(byId.get(symptom.symptom) ?? []), symptom]);
  const seeds = outcomes.length;
  const result: SeededSymptom[] = [];
  for (const found of byId.values()) {
    const [first] = found;
    const hard = found.some(({ evidence }) => evidence.kind === 'non-finite');
    if (!first || (found.length * 2 <= seeds && !hard)) continue;
    const confidence = median(found.map((each) => each.confidence)) * (found.length / seeds);
    result.push({ ...first, confidence: Math.round(confidence * 100) / 100, shown: found.length, seeds });
  }
  return result.filter(({ confidence }) => confidence >= least).sort((a, b) => b.confidence - a.confidence);
}

/**
 * Whether further seeds, up to `seeds` in all, could not change which symptoms {@link agreed} names. That nothing is wrong
 * takes them all: the last one might break off.
 */
export function isSettled(outcomes: readonly SeedOutcome[], seeds: number): boolean {
  const left = seeds - outcomes.length;
  if (left <= 0) return true;
  const named = new Set(agreed(outcomes).map(({ symptom }) => symptom));
  if (named.size === 0) return false;
  const seen = new Set(outcomes.flatMap(({ diagnosis }) => diagnosis.symptoms.map(({ symptom }) => symptom)));
  const count = (symptom: SymptomId) => outcomes.filter((outcome) => shows(outcome, symptom)).length;
  return [...seen].every((symptom) =>
    named.has(symptom) ? isCertain(symptom, outcomes, seeds) : (count(symptom) + left) * 2 <= seeds,
  );
}

/** Whether a symptom will be named whatever the other seeds show: most of all `seeds` show it, or one broke off. */
export function isCertain(symptom: SymptomId, outcomes: readonly SeedOutcome[], seeds: number): boolean {
  const shown = outcomes.filter((outcome) => shows(outcome, symptom));
  // No healthy run breaks off.
  const isHard = shown.some(({ diagnosis }) =>
    diagnosis.symptoms.some((each) => each.symptom === symptom && each.evidence.kind === 'non-finite'),
  );
  return isHard || shown.length * 2 > seeds;
}

/** Whether this seed shows the symptom. */
export function shows({ diagnosis }: SeedOutcome, symptom: SymptomId): boolean {
  return diagnosis.symptoms.some((each) => each.symptom === symptom);
}

/** Whether training failed outright; a loss that settles too high or a policy that jumps is only too much of something. */
function fails({ diagnosis }: SeedOutcome): boolean {
  return diagnosis.symptoms.some(
    ({ symptom, evidence }) =>
      symptom === 'loss-divergence' && evidence.kind !== 'excess' && evidence.kind !== 'policy-jumps',
  );
}

/** Ratio to the reference up to which a run counts as as good as it. */
const asGood = 1.1;
/** Share of the excess loss that has to go for "partly". */
const partlyGone = 0.6;

export interface Healing {
  readonly verdict: Verdict;
  readonly ratio: number;
  readonly before: number;
  readonly shown: number;
  readonly healed: number;
}

/**
 * Judges a fix only on the seeds where the symptom showed. Healed: the symptom is gone, nothing diverges, and the loss
 * is within a tenth of the reference's, or no worse than before where it already was. Partly: most of the excess is gone.
 */
export function judgeFix(
  symptom: SymptomId,
  before: readonly SeedOutcome[],
  after: readonly SeedOutcome[],
): Healing {
  const of = lossOf(symptom);
  const pairs = before.flatMap((one) => {
    const other = after.find(({ seed }) => seed === one.seed);
    return other && shows(one, symptom) ? [{ one, other }] : [];
  });
  const ratios = pairs.map(({ other }) => ratioOf(other, of));
  const befores = before.filter((one) => shows(one, symptom)).map((one) => ratioOf(one, of));
  const grades = pairs.map(({ one, other }) => gradeSeed(symptom, one, other));
  const count = (grade: Verdict) => grades.filter((each) => each === grade).length;
  const healed = count('heals');
  const partly = count('partly');
  const worse = count('worse');
  const most = (count: number) => count * 2 > pairs.length;
  // What ends worse on any seed is no cure, however many others it heals.
  const verdict: Verdict =
    most(healed) && worse === 0 ? 'heals' : most(healed + partly) ? 'partly' : most(worse) ? 'worse' : 'no';
  return { verdict, ratio: median(ratios), before: median(befores), shown: pairs.length, healed };
}

/** What one seed says about a fix. */
function gradeSeed(symptom: SymptomId, one: SeedOutcome, other: SeedOutcome): Verdict {
  const was = ratioOf(one, lossOf(symptom));
  const is = ratioOf(other, lossOf(symptom));
  const diverges = fails(other) || !Number.isFinite(is);
  const gone = !shows(other, symptom);
  if (!diverges && gone && (is <= asGood || (was <= asGood * asGood && is <= was * 1.02))) return 'heals';
  if (!diverges && (gone || !Number.isFinite(was)) && is < was) return 'partly';
  if (!diverges && is - 1 < partlyGone * (was - 1)) return 'partly';
  return (diverges && !fails(one) && Number.isFinite(was)) || is > asGood * was ? 'worse' : 'no';
}

function lossOf(symptom: SymptomId): 'valLoss' | 'probeLoss' {
  return symptom === 'overfitting' || symptom === 'late-plateau' ? 'valLoss' : 'probeLoss';
}

/**
 * Whether training the fix on more seeds is not worth it: when it failed on the first seed that shows the symptom, and
 * when most of the seeds agree already, so that the others could not change the verdict. `open` seeds were not trained
 * without the fix: they might show the symptom too.
 */
export function isDecided(
  symptom: SymptomId,
  before: readonly SeedOutcome[],
  after: readonly SeedOutcome[],
  open = 0,
): boolean {
  const sick = before.filter((one) => shows(one, symptom));
  const grades = sick.flatMap((one) => {
    const other = after.find(({ seed }) => seed === one.seed);
    return other ? gradeSeed(symptom, one, other) : [];
  });
  const [first] = grades;
  const all = sick.length + open;
  if (first === undefined) return all === 0;
  if (first === 'no' || first === 'worse') return true;
  const most = (count: number) => count * 2 > all;
  const healed = grades.filter((grade) => grade === 'heals').length;
  const left = all - grades.length;
  if (most(healed)) return true;
  const helped = grades.filter((grade) => grade === 'heals' || grade === 'partly').length;
  return !most(healed + left) && (most(helped) || !most(helped + left));
}

const order: readonly Verdict[] = ['heals', 'partly', 'no', 'worse'];

/** Ratios that differ by less than this cannot be told apart. */
const sameRatio = Math.log(asGood);

/** What happened decides: verdict first, then the end loss as far as it can be resolved, then the order of proposal. */
export function compareHealing(
  a: Healing & { readonly rank?: number },
  b: Healing & { readonly rank?: number },
): number {
  const level = ({ ratio }: Healing) =>
    Number.isFinite(ratio) ? Math.round(Math.log(ratio) / sameRatio) : 1e9;
  return (
    order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
    level(a) - level(b) ||
    (a.rank ?? 0) - (b.rank ?? 0)
  );
}
