import type { RunSpec, StepRecord } from '@trainlint/kernels';
import type { SymptomId } from '../knowledge/ids.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { median } from '../symptoms/statistics.ts';
import type { CannotTell } from '../symptoms/symptom.ts';
import { type Text, text } from '../text.ts';
import { isCooldown } from './fixes.ts';
import { knownRuns } from './known-runs.ts';
import { planRun } from './plan.ts';
import { progressOf } from './progress.ts';
import { runCache } from './run-cache.ts';
import type {
  FixResult,
  NoPlan,
  Runner,
  RunPlan,
  SanityEvent,
  SanityReport,
  SeededSymptom,
  Verdict,
} from './types.ts';
import { agreed, isCertain, isSettled, judgeSeed, ratioOf, type SeedOutcome } from './verdict.ts';
import { fixVerifier, type Train } from './verify-fixes.ts';
import { caveatsOf, verdictOf } from './wording.ts';

export interface SanityOptions {
  /** The other player of a GAN (`otherPlayer`), trained with what its own run says. */
  readonly otherPlayer?: TrainingRun;
  readonly runner: Runner;
  readonly proxy?: string;
  readonly steps?: number;
  /** First seed; default 0. */
  readonly seed?: number;
  /** Seeds the run and every fix are trained on at most, fewer where they decide; default 3. */
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

/**
 * Trains the proxy with the run's settings beside a healthy twin, names the symptoms that most seeds show, and on
 * request trains the ways out. Rejects with the signal's reason when aborted and with RunnerError when a process fails.
 */
export async function sanityRun(run: TrainingRun, options: SanityOptions): Promise<SanityReport | NoPlan> {
  const began = performance.now();
  const { runner, signal, onEvent = () => {} } = options;
  // All its processes at once, not the second one with the second mini-run.
  runner.warm?.();
  const { proxies, backend, build } = await runner.info();
  signal?.throwIfAborted();
  const plan = planRun(run, proxies, options);
  if ('impossible' in plan) return plan;
  const info = proxies.find(({ id }) => id === plan.proxy);
  if (!info) return { impossible: plan.why };
  onEvent({ type: 'plan', plan, backend });

  const least = plan.recognised ? 0 : standInConfidence;
  const seedCount = Math.max(1, options.seeds ?? 3);
  // Most seeds decide; where confidence does, all of them.
  const needed = least > 0 ? seedCount : Math.floor(seedCount / 2) + 1;
  const tracker = progressOf(2 * needed, (done) => onEvent({ type: 'progress', done }));
  const known = knownRuns(runner);
  const twins =
    options.cache !== undefined && build !== undefined ? runCache(options.cache, build) : undefined;
  const trainOne: Train = async (spec, { stop, priority = 0 } = {}) => {
    const both = signal && stop ? AbortSignal.any([signal, stop]) : (signal ?? stop);
    const result = await known.run(spec, { priority, ...(both && { signal: both }) });
    signal?.throwIfAborted();
    return result;
  };
  const trainSeed = async (seed: number, priority: number): Promise<SeedOutcome> => {
    const onSteps = (of: 'run' | 'reference') => (records: readonly StepRecord[]) => {
      if (seed === plan.spec.seed) onEvent({ type: 'steps', of, records });
    };
    const train = async (spec: RunSpec, of: 'run' | 'reference') => {
      const taken = { priority, onSteps: onSteps(of), ...(signal && { signal }) };
      const result = await known.run({ ...spec, seed }, taken, of === 'reference' ? twins : undefined);
      signal?.throwIfAborted();
      tracker.step();
      return result;
    };
    const [own, reference] = await Promise.all([train(plan.spec, 'run'), train(plan.reference, 'reference')]);
    return judgeSeed(seed, own, reference, plan.spec, plan.earlyStopping);
  };
  const asked: Promise<SeedOutcome>[] = [];
  const seedAt = (index: number, priority = 0): Promise<SeedOutcome> => {
    if (index >= needed && !asked[index]) tracker.expect(2);
    asked[index] ??= trainSeed(plan.spec.seed + index, priority);
    return asked[index];
  };

  const fixing = { run, plan, proxies, options, seedCount, seedAt, trainOne, tracker };
  const verifier = options.verifyFixes ? fixVerifier(fixing) : undefined;
  const begin = async (): Promise<SeedOutcome> => {
    const first = await seedAt(0);
    const found = agreed([first], least);
    if (found.length > 0) verifier?.begin(found, first);
    // Without a symptom here the others have to say.
    else if (first.diagnosis.symptoms.length === 0 && needed < seedCount)
      seedAt(needed).catch(() => undefined);
    return first;
  };
  const others = Array.from({ length: needed - 1 }, (_, index) => index + 1);
  const outcomes = await Promise.all([begin(), ...others.map((index) => seedAt(index))]);
  const told = new Set<SymptomId>();
  const tell = (found: readonly SeededSymptom[]) => {
    for (const symptom of found) {
      if (!told.has(symptom.symptom)) onEvent({ type: 'symptom', symptom });
      told.add(symptom.symptom);
    }
  };
  if (!isSettled(outcomes, seedCount)) {
    const certain = agreed(outcomes, least).filter(({ symptom }) => isCertain(symptom, outcomes, seedCount));
    tell(certain);
    if (certain.length > 0) verifier?.first(certain, outcomes);
    while (!isSettled(outcomes, seedCount)) outcomes.push(await seedAt(outcomes.length));
  }
  const found = agreed(outcomes, least);
  tell(found);
  const fixes = (await verifier?.all(found, outcomes)) ?? [];
  // With the seeds that fixes asked for.
  outcomes.push(...(await Promise.all(asked.slice(outcomes.length))));
  const symptoms = agreed(outcomes, least);
  tell(symptoms);
  const [main] = outcomes;
  if (!main) return { impossible: plan.why };
  const ratio = median(outcomes.map((outcome) => ratioOf(outcome)));
  const trained = outcomes.length;
  return {
    plan,
    backend: main.run.backend || backend,
    healthy: symptoms.length === 0,
    symptoms,
    cannotTell: unanswered(outcomes, plan, symptoms),
    fixes,
    seeds: trained,
    ratio,
    run: main.run,
    referenceRun: main.reference,
    seconds: (performance.now() - began) / 1000,
    verdict: verdictOf(run, symptoms, ratio, trained, info.metrics.length === 0),
    caveats: [...caveatsOf(run, plan, info, trained), ...forkNote(fixes)],
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

function isHopeful(verdict: Verdict): boolean {
  return verdict === 'heals' || verdict === 'partly';
}
