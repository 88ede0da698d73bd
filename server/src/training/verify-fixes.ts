import type { ProxyInfo, RunResult, RunSpec } from '@trainlint/kernels';
import { applyChange } from '../run/apply-change.ts';
import type { Change } from '../run/change.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { combinations } from './combined.ts';
import { candidates, likeliestFirst } from './fixes.ts';
import { type PlanOptions, planRun } from './plan.ts';
import type { Tracker } from './progress.ts';
import type { FixResult, RunPlan, SanityEvent, SeededSymptom } from './types.ts';
import { compareHealing, isDecided, judgeFix, judgeSeed, type SeedOutcome, shows } from './verdict.ts';

/** Distinct fixes that are trained, over all symptoms: what fits into a few seconds. */
const maxFixes = 6;

/** Distinct changes of two or more settings that are trained where no fix heals. */
const maxCombinations = 3;

/** Behind the priority of every other run. */
const last = 100;

/** What planning a fix and telling of it take of a sanity run's options. */
interface FixingOptions extends PlanOptions {
  readonly onEvent?: (event: SanityEvent) => void;
}

/** Trains a spec; `stop` ends it when nobody wants it any more. */
export type Train = (
  spec: RunSpec,
  options?: { readonly stop?: AbortSignal; readonly priority?: number },
) => Promise<RunResult>;

export interface Fixing {
  readonly run: TrainingRun;
  readonly plan: RunPlan;
  readonly proxies: readonly ProxyInfo[];
  readonly options: FixingOptions;
}

interface Verifying extends Fixing {
  /** Seeds at most. */
  readonly seedCount: number;
  /** What became of the run and its twin on a seed, by its number from 0; trained when it is asked for. */
  readonly seedAt: (index: number, priority: number) => Promise<SeedOutcome>;
  readonly trainOne: Train;
  readonly tracker: Tracker;
}

/** Trains the ways out of what seeds showed. */
export interface FixVerifier {
  /** Begins the likeliest fix for what the first seed shows, on that seed, before it is certain that it is wanted. */
  begin(found: readonly SeededSymptom[], seen: SeedOutcome): void;
  /** Trains the likeliest fix for symptoms that are certain, while the last seeds say whether there are others. */
  first(certain: readonly SeededSymptom[], outcomes: readonly SeedOutcome[]): void;
  /** Trains them all; best first within each symptom. */
  all(symptoms: readonly SeededSymptom[], outcomes: readonly SeedOutcome[]): Promise<FixResult[]>;
}

interface Ranked extends FixResult {
  readonly rank: number;
}

export function fixVerifier(context: Verifying): FixVerifier {
  const { options, tracker } = context;
  const ending = new AbortController();
  let ahead: RunSpec | undefined;
  let early: { readonly fix: PlannedFix; readonly results: Promise<Ranked[]> } | undefined;
  const isAhead = ({ spec }: PlannedFix) => JSON.stringify(spec) === JSON.stringify(ahead);

  const train = async (fix: PlannedFix, rank: number, outcomes: readonly SeedOutcome[]) => {
    const { change, against } = fix;
    tracker.expect(outcomes.length);
    for (const { symptom } of against) options.onEvent?.({ type: 'fix-start', symptom, change });
    // Its own count of seeds: what is said must not depend on which fix was quicker to ask for one more.
    const trial: Trial = { before: [...outcomes], after: [] };
    const isDecidedNow = () =>
      against.every(({ symptom }) =>
        isDecided(symptom, trial.before, trial.after, context.seedCount - trial.before.length),
      );
    const judged = (final: boolean) =>
      against.map(({ symptom }): Ranked => {
        const { before, after } = trial;
        const records = after[0]?.run.records ?? [];
        const result = { symptom, change, ...judgeFix(symptom, before, after), seeds: after.length, records };
        options.onEvent?.({ type: 'fix', fix: result, final });
        return { ...result, rank };
      });
    await extend(context, fix, trial, { priority: 1 + rank, sideBySide: rank === 0, isDone: isDecidedNow });
    if (isAhead(fix)) ending.abort();
    const heals = against.some(
      ({ symptom }) => judgeFix(symptom, trial.before, trial.after).verdict === 'heals',
    );
    // What is said to heal is tried on every seed, once nothing else waits for its first verdict.
    if (heals && !isWhole(context, fix, trial)) {
      judged(false);
      await extend(context, fix, trial, { priority: last + rank, sideBySide: false, isDone: () => false });
    }
    tracker.expect(trial.after.length - outcomes.length);
    return trial.after.length > 0 ? judged(true) : [];
  };
  const tryAll = async (chosen: readonly PlannedFix[], outcomes: readonly SeedOutcome[], before: number) => {
    const results = chosen.map(async (fix, index) => {
      const isEarly = early && keyOf(fix.change) === keyOf(early.fix.change);
      const known = isEarly ? await early?.results : undefined;
      const against = fix.against.filter((one) => !known?.some(({ symptom }) => symptom === one.symptom));
      return against.length > 0 ? train({ ...fix, against }, before + index, outcomes) : [];
    });
    return (await Promise.all(results)).flat();
  };

  return {
    begin(found, { run }) {
      const [likeliest] = plannedFixes(context, found, run);
      if (!likeliest) return;
      ahead = likeliest.spec;
      context.trainOne(ahead, { priority: 1, stop: ending.signal }).catch(() => undefined);
    },
    first(certain, outcomes) {
      const [likeliest] = plannedFixes(context, certain, outcomes[0]?.run);
      if (!likeliest) return;
      const results = train(likeliest, 0, outcomes);
      // Whoever asks for them all hears of it.
      results.catch(() => undefined);
      early = { fix: likeliest, results };
    },
    async all(symptoms, outcomes) {
      const chosen = plannedFixes(context, symptoms, outcomes[0]?.run);
      if (![...chosen, ...(early ? [early.fix] : [])].some(isAhead)) ending.abort();
      const later = await tryAll(chosen, outcomes, 0);
      const singles = [...((await early?.results) ?? []), ...later];
      // Two faults at once are healed by no single change; one that heals a symptom has found the fault.
      const found = singles.some(({ verdict }) => verdict === 'heals');
      const left = symptoms.flatMap((symptom) => {
        const tried = singles.filter((fix) => fix.symptom === symptom.symptom).sort(compareHealing);
        const [furthest, ...others] = tried;
        const open = furthest && !found && symptom.symptom !== 'overfitting';
        const changes = open
          ? combinations(
              context.run,
              furthest.change,
              others.map(({ change }) => change),
            )
          : [];
        return changes.length > 0 ? [{ symptom, changes }] : [];
      });
      const planned = planAll(context, chooseFixes(left, maxCombinations));
      const pairs = withoutRepetitions([...chosen, ...planned]).filter((each) => planned.includes(each));
      const judged = [...singles, ...(await tryAll(pairs, outcomes, chosen.length))];
      return symptoms.flatMap(({ symptom }) =>
        judged
          .filter((fix) => fix.symptom === symptom)
          .sort(compareHealing)
          .map(({ rank: _, ...fix }) => fix),
      );
    },
  };
}

/** Seeds without a fix that judging it took, and those that show one of its symptoms with it. */
interface Trial {
  readonly before: SeedOutcome[];
  readonly after: SeedOutcome[];
}

/** Only seeds that show a symptom can tell whether it goes. */
function sickOf({ against }: PlannedFix, { before }: Trial): SeedOutcome[] {
  return before.filter((outcome) => against.some(({ symptom }) => shows(outcome, symptom)));
}

function isWhole({ seedCount }: Verifying, fix: PlannedFix, trial: Trial): boolean {
  return trial.before.length >= seedCount && trial.after.length >= sickOf(fix, trial).length;
}

interface Extending {
  readonly priority: number;
  /** Two seeds at a time: the likeliest cure is tried on all its seeds before the others get their turn. */
  readonly sideBySide: boolean;
  readonly isDone: () => boolean;
}

/** Trains a fix on one seed after another that shows a symptom until it is done or there are no more. */
async function extend(
  context: Verifying,
  fix: PlannedFix,
  trial: Trial,
  { priority, sideBySide, isDone }: Extending,
): Promise<void> {
  const { plan, seedAt, trainOne, tracker } = context;
  const { before, after } = trial;
  while (!isWhole(context, fix, trial)) {
    const next = sickOf(fix, trial).slice(
      after.length,
      sideBySide ? Math.max(2, after.length + 1) : after.length + 1,
    );
    if (next.length === 0) {
      before.push(await seedAt(before.length, priority));
      continue;
    }
    const stop = new AbortController();
    const runs = next.map(({ seed }) => trainOne({ ...fix.spec, seed }, { priority, stop: stop.signal }));
    for (const each of runs) each.catch(() => undefined);
    for (const [index, { seed, reference }] of next.entries()) {
      const own = await runs[index];
      if (!own) continue;
      tracker.step();
      after.push(judgeSeed(seed, own, reference, plan.spec, fix.earlyStopping));
      if (!isDone()) continue;
      // What runs beside it could not change the verdict.
      stop.abort();
      return;
    }
  }
}

interface Proposal {
  readonly change: Change;
  readonly against: readonly SeededSymptom[];
}

interface PlannedFix extends Proposal, Pick<RunPlan, 'spec' | 'earlyStopping'> {}

/** What is to be trained against these symptoms, likeliest first; `seen` is the run on the first seed. */
function plannedFixes(
  { run, plan, proxies, options }: Fixing,
  symptoms: readonly SeededSymptom[],
  seen: RunResult | undefined,
): PlannedFix[] {
  const norm = plan.spec.clipping?.norm;
  const userNorm = run.settings.clipNorm?.value;
  const observed = {
    gradNorms: seen?.records.map(({ gradNorm }) => gradNorm) ?? [],
    clipScale: norm && userNorm ? norm / userNorm : 1,
    dropout: proxies.some(({ id, dropout }) => id === plan.proxy && dropout),
  };
  const chosen = chooseFixes(
    symptoms.map((symptom) => ({
      symptom,
      changes: likeliestFirst(run, candidates(run, symptom, observed)),
    })),
    maxFixes,
  );
  return planAll({ run, plan, proxies, options }, chosen);
}

/** Of changes that come to the same in the proxy the first: a second half that changes nothing cures nothing. */
function withoutRepetitions(fixes: readonly PlannedFix[]): PlannedFix[] {
  const specs = fixes.map(({ spec }) => JSON.stringify(spec));
  return fixes.filter((_, index) => specs.indexOf(specs[index] ?? '') === index);
}

function planAll({ run, plan, proxies, options }: Fixing, proposals: readonly Proposal[]): PlannedFix[] {
  // What the proxy cannot tell from the run as it is would not be tried.
  const same = JSON.stringify([plan.spec, plan.earlyStopping]);
  return proposals.flatMap((proposal) => {
    const fixed = planRun(applyChange(run, proposal.change), proxies, { ...options, proxy: plan.proxy });
    if ('impossible' in fixed || JSON.stringify([fixed.spec, fixed.earlyStopping]) === same) return [];
    return [{ ...proposal, ...fixed }];
  });
}

/** The first proposals of every symptom in turn, each change once. */
function chooseFixes(
  lists: readonly { readonly symptom: SeededSymptom; readonly changes: readonly Change[] }[],
  most: number,
): Proposal[] {
  const chosen = new Map<string, Proposal & { readonly against: SeededSymptom[] }>();
  const longest = Math.max(0, ...lists.map(({ changes }) => changes.length));
  for (let rank = 0; rank < longest; rank++)
    for (const { symptom, changes } of lists) {
      const change = changes[rank];
      if (!change) continue;
      const key = keyOf(change);
      const known = chosen.get(key);
      // Two proposals can come to the same: a third of the rate may be the usual one.
      if (known) {
        if (!known.against.includes(symptom)) known.against.push(symptom);
      } else if (chosen.size < most) chosen.set(key, { change, against: [symptom] });
    }
  return [...chosen.values()];
}

function keyOf({ operations }: Change): string {
  return JSON.stringify(operations);
}
