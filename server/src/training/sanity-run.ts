import type { ProxyInfo, RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import { applyChange } from '../run/apply-change.ts';
import type { Change } from '../run/change.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { median } from '../symptoms/statistics.ts';
import type { CannotTell } from '../symptoms/symptom.ts';
import { type Text, text } from '../text.ts';
import { combinations } from './combined.ts';
import { candidates, isCooldown, likeliestFirst } from './fixes.ts';
import { knownRuns } from './known-runs.ts';
import { planRun } from './plan.ts';
import { runCache } from './run-cache.ts';
import type {
  FixResult,
  NoPlan,
  Runner,
  RunOptions,
  RunPlan,
  SanityEvent,
  SanityReport,
  SeededSymptom,
  Verdict,
} from './types.ts';
import {
  agreed,
  compareHealing,
  isDecided,
  judgeFix,
  judgeSeed,
  ratioOf,
  type SeedOutcome,
  shows,
} from './verdict.ts';
import { caveatsOf, verdictOf } from './wording.ts';

export interface SanityOptions {
  /** The other player of a GAN (`otherPlayer`), trained with what its own run says. */
  readonly otherPlayer?: TrainingRun;
  readonly runner: Runner;
  readonly proxy?: string;
  readonly steps?: number;
  /** First seed; default 0. */
  readonly seed?: number;
  /** Seeds the run and every fix are trained on; default 3. */
  readonly seeds?: number;
  /** Folder in which healthy twins are kept from process to process; absent = none are. */
  readonly cache?: string;
  /** Train candidate fixes for each symptom; default false. */
  readonly verifyFixes?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: SanityEvent) => void;
}

/** A stand-in for another architecture proves less: only what it shows clearly counts. */
const standInConfidence = 0.8;

/** Distinct fixes that are trained, over all symptoms: what fits into a few seconds. */
const maxFixes = 6;

/** Distinct changes of two or more settings that are trained where no fix heals. */
const maxCombinations = 3;

/** Behind the priority of every other run. */
const last = 100;

/** Seeds of the likeliest fix that are trained side by side: when both heal, they decide. */
const sideBySide = 2;

/**
 * Trains the proxy with the run's settings beside a healthy twin, names the symptoms that most seeds show, and on
 * request trains the ways out. Rejects with the signal's reason when aborted and with RunnerError when a process fails.
 */
export async function sanityRun(run: TrainingRun, options: SanityOptions): Promise<SanityReport | NoPlan> {
  const began = performance.now();
  const { runner, signal, onEvent = () => {} } = options;
  const { proxies, backend, build } = await runner.info();
  signal?.throwIfAborted();
  const plan = planRun(run, proxies, options);
  if ('impossible' in plan) return plan;
  const info = proxies.find(({ id }) => id === plan.proxy);
  if (!info) return { impossible: plan.why };
  onEvent({ type: 'plan', plan, backend });

  const least = plan.recognised ? 0 : standInConfidence;
  const seedCount = Math.max(1, options.seeds ?? 3);
  const seeds = Array.from({ length: seedCount }, (_, index) => plan.spec.seed + index);
  const tracker = progressOf(2 * seedCount, (done) => onEvent({ type: 'progress', done }));
  const known = knownRuns(runner);
  const twins =
    options.cache !== undefined && build !== undefined ? runCache(options.cache, build) : undefined;
  const trainOne: Train = async (spec, { onSteps, priority = 0 } = {}) => {
    const result = await known.run(spec, {
      priority,
      ...(onSteps && { onSteps }),
      ...(signal && { signal }),
    });
    signal?.throwIfAborted();
    tracker.step();
    return result;
  };
  const twin = async (seed: number): Promise<RunResult> => {
    const onSteps = (records: readonly StepRecord[]) => {
      if (seed === plan.spec.seed) onEvent({ type: 'steps', of: 'reference', records });
    };
    const spec = { ...plan.reference, seed };
    const result = await known.run(spec, { onSteps, ...(signal && { signal }) }, twins);
    signal?.throwIfAborted();
    tracker.step();
    return result;
  };
  const fixing = { run, plan, proxies, options };
  const ahead = new AbortController();
  // With the last of these runs a processor would have nothing to do: the likeliest fix begins there.
  const beginLikeliest = (outcome: SeedOutcome) => {
    const [likeliest] = plannedFixes(fixing, agreed([outcome], least), outcome.run);
    if (!likeliest) return;
    const stop = signal ? AbortSignal.any([signal, ahead.signal]) : ahead.signal;
    for (const seed of seeds.slice(0, sideBySide))
      known.run({ ...likeliest.spec, seed }, { priority: 1, signal: stop }).catch(() => undefined);
  };
  const outcomes = await Promise.all(
    seeds.map(async (seed) => {
      const onSteps = (records: readonly StepRecord[]) => {
        if (seed === plan.spec.seed) onEvent({ type: 'steps', of: 'run', records });
      };
      const [own, reference] = await Promise.all([trainOne({ ...plan.spec, seed }, { onSteps }), twin(seed)]);
      const outcome = judgeSeed(seed, own, reference, plan.spec, plan.earlyStopping);
      if (options.verifyFixes && seed === plan.spec.seed) beginLikeliest(outcome);
      return outcome;
    }),
  );
  const symptoms = agreed(outcomes, least);
  for (const symptom of symptoms) onEvent({ type: 'symptom', symptom });
  const fixes = options.verifyFixes ? await verify({ ...fixing, symptoms, outcomes, trainOne, tracker }) : [];
  // What was begun and is not wanted after all.
  ahead.abort();
  const [main] = outcomes;
  if (!main) return { impossible: plan.why };
  const ratio = median(outcomes.map((outcome) => ratioOf(outcome)));
  return {
    plan,
    backend: main.run.backend || backend,
    healthy: symptoms.length === 0,
    symptoms,
    cannotTell: unanswered(outcomes, plan, symptoms),
    fixes,
    seeds: seedCount,
    ratio,
    run: main.run,
    referenceRun: main.reference,
    seconds: (performance.now() - began) / 1000,
    verdict: verdictOf(symptoms, ratio, seedCount, info.metrics.length === 0),
    caveats: [...caveatsOf(run, plan, info, seedCount), ...forkNote(fixes)],
  };
}

/** The blind spots of the proxy, and what the detectors could not see in any of the curves, unless it showed after all. */
function unanswered(
  outcomes: readonly SeedOutcome[],
  plan: RunPlan,
  symptoms: readonly SeededSymptom[],
): CannotTell[] {
  const known = new Set(symptoms.map(({ symptom }) => symptom));
  return [...plan.notDiscriminating, ...(outcomes[0]?.diagnosis.cannotTell ?? [])].filter(({ symptom }) => {
    const first = !known.has(symptom);
    known.add(symptom);
    return first;
  });
}

/** A cooldown that helps costs its own steps only. */
function forkNote(fixes: readonly FixResult[]): Text[] {
  if (!fixes.some(({ change, verdict }) => isCooldown(change) && isHopeful(verdict))) return [];
  return [
    text(
      'A cooldown needs no new run: up to where it begins every step is the same, so it can start from a checkpoint of the run at the constant rate (Hägele et al. 2024).',
      '쿨다운은 처음부터 다시 학습할 필요가 없습니다. 시작 지점까지는 모든 스텝이 같으므로, 일정한 학습률로 학습한 체크포인트에서 이어 갈 수 있습니다(Hägele et al. 2024).',
    ),
  ];
}

type Train = (spec: RunSpec, options?: Pick<RunOptions, 'onSteps' | 'priority'>) => Promise<RunResult>;

interface Fixing {
  readonly run: TrainingRun;
  readonly plan: RunPlan;
  readonly proxies: readonly ProxyInfo[];
  readonly options: SanityOptions;
}

interface Verification extends Fixing {
  readonly symptoms: readonly SeededSymptom[];
  readonly outcomes: readonly SeedOutcome[];
  readonly trainOne: Train;
  readonly tracker: Tracker;
}

/** A fix with what came of it; `rank` is its place in the order of proposal. */
interface Ranked extends FixResult {
  readonly rank: number;
}

async function verify(context: Verification): Promise<FixResult[]> {
  const { run, symptoms, outcomes } = context;
  const chosen = plannedFixes(context, symptoms, outcomes[0]?.run);
  const singles = await tryAll(context, chosen, 0);
  // Two faults at once are healed by no single change.
  const left = symptoms.flatMap((symptom) => {
    const tried = singles.filter((fix) => fix.symptom === symptom.symptom).sort(compareHealing);
    const [furthest, ...others] = tried;
    const open = furthest && furthest.verdict !== 'heals' && symptom.symptom !== 'overfitting';
    const changes = open
      ? combinations(
          run,
          furthest.change,
          others.map(({ change }) => change),
        )
      : [];
    return changes.length > 0 ? [{ symptom, changes }] : [];
  });
  const pairs = await tryAll(context, planAll(context, chooseFixes(left, maxCombinations)), chosen.length);
  return symptoms.flatMap(({ symptom }) =>
    [...singles, ...pairs]
      .filter((fix) => fix.symptom === symptom)
      .sort(compareHealing)
      .map(({ rank: _, ...fix }) => fix),
  );
}

/** Trains each on the seeds that show its symptoms; `before` were tried already. */
async function tryAll(
  { plan, outcomes, options, trainOne, tracker }: Verification,
  chosen: readonly PlannedFix[],
  before: number,
): Promise<Ranked[]> {
  tracker.expect(chosen.length * outcomes.length);
  const tried = chosen.map(async ({ change, against, spec, earlyStopping }, index) => {
    const rank = before + index;
    for (const symptom of against) options.onEvent?.({ type: 'fix-start', symptom: symptom.symptom, change });
    // Only seeds that show a symptom can tell whether it goes.
    const sick = outcomes.filter((outcome) => against.some(({ symptom }) => shows(outcome, symptom)));
    const after: SeedOutcome[] = [];
    const train = async (count: number, priority: number) => {
      const next = sick.slice(after.length, after.length + count).map(async ({ seed, reference }) => {
        const own = await trainOne({ ...spec, seed }, { priority });
        return judgeSeed(seed, own, reference, plan.spec, earlyStopping);
      });
      after.push(...(await Promise.all(next)));
    };
    const judged = (final: boolean): Ranked[] =>
      against.map(({ symptom }) => {
        const { verdict, ...healing } = judgeFix(symptom, outcomes, after);
        const records = after[0]?.run.records ?? [];
        const fix: FixResult = { symptom, change, verdict, ...healing, seeds: after.length, records };
        options.onEvent?.({ type: 'fix', fix, final });
        return { ...fix, rank };
      });
    do {
      // The likeliest cure is tried on all its seeds before the others get their turn.
      await train(Math.max(1, rank === 0 ? sideBySide - after.length : 1), 1 + rank);
    } while (
      after.length < sick.length &&
      !against.every(({ symptom }) => isDecided(symptom, outcomes, after))
    );
    const heals = against.some(({ symptom }) => judgeFix(symptom, outcomes, after).verdict === 'heals');
    // What is said to heal is tried on every seed, once nothing else waits for its first verdict.
    if (heals && after.length < sick.length) {
      judged(false);
      await train(sick.length, last + rank);
    }
    tracker.expect(after.length - outcomes.length);
    return after.length > 0 ? judged(true) : [];
  });
  return (await Promise.all(tried)).flat();
}

function isHopeful(verdict: Verdict): boolean {
  return verdict === 'heals' || verdict === 'partly';
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

function planAll({ run, plan, proxies, options }: Fixing, proposals: readonly Proposal[]): PlannedFix[] {
  return proposals.flatMap((proposal) => {
    const fixed = planRun(applyChange(run, proposal.change), proxies, { ...options, proxy: plan.proxy });
    return 'impossible' in fixed ? [] : [{ ...proposal, ...fixed }];
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
      const key = JSON.stringify(change.operations);
      const known = chosen.get(key);
      // Two proposals can come to the same: a third of the rate may be the usual one.
      if (known) {
        if (!known.against.includes(symptom)) known.against.push(symptom);
      } else if (chosen.size < most) chosen.set(key, { change, against: [symptom] });
    }
  return [...chosen.values()];
}

interface Tracker {
  step(): void;
  expect(more: number): void;
}

function progressOf(first: number, report: (done: number) => void): Tracker {
  let expected = first;
  let done = 0;
  return {
    step: () => report(Math.min(1, ++done / expected)),
    expect: (more) => {
      expected += more;
      // What need not be trained is as good as done.
      if (more < 0) report(Math.min(1, done / expected));
    },
  };
}
