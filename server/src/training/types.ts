import type { ProxyInfo, RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import type { SymptomId } from '../knowledge/ids.ts';
import type { Change } from '../run/change.ts';
import type { CannotTell, Symptom } from '../symptoms/symptom.ts';
import type { Text } from '../text.ts';

/** A value of the user's run and what became of it in the proxy, with the rule that carried it over. */
export interface Scaling {
  /** What was carried over, in the words of a reader. */
  readonly what: Text;
  /** The user's value; `undefined` where the config does not say it and nothing could be derived. */
  readonly from: number | string | undefined;
  /** The proxy's value. */
  readonly to: number | string | undefined;
  readonly rule: Text;
  /** Paper, table row or framework the rule rests on. */
  readonly source: string;
}

/** A user's run translated for a proxy. */
export interface RunPlan {
  readonly spec: RunSpec;
  /** The proxy at its own reference settings, same seed, data order, steps and batch. */
  readonly reference: RunSpec;
  /** Share of the run without a better validation loss after which it would stop; absent = it never does. */
  readonly earlyStopping?: number;
  readonly proxy: string;
  /** Why this proxy, and how far it is from the user's model. */
  readonly why: Text;
  /** False when the proxy is a stand-in of another architecture. */
  readonly recognised: boolean;
  readonly scaled: readonly Scaling[];
  /** What had to be assumed or left out. */
  readonly notes: readonly Text[];
  /** Symptoms that this proxy cannot show, with the reason. */
  readonly notDiscriminating: readonly CannotTell[];
}

/** Why no proxy can be trained for this run: a sentence for the user. */
export interface NoPlan {
  readonly impossible: Text;
}

/** Trains one spec somewhere: a process of its own, or a fake in tests. */
export interface Runner {
  /** The proxies of the kernels and which code runs them; asked once, then remembered. */
  info(): Promise<KernelInfo>;
  run(spec: RunSpec, options?: RunOptions): Promise<RunResult>;
  /** Starts the processes ahead of the first run. */
  warm?(): void;
  /** Ends every process; runs under way reject. */
  close(): void;
}

export interface KernelInfo {
  readonly proxies: readonly ProxyInfo[];
  /** e.g. `native-avx512`. */
  readonly backend: string;
  /** Names the build of the kernels by its content: same build, same spec, same curve. Absent = unknown. */
  readonly build?: string;
}

export interface RunOptions {
  readonly onSteps?: (records: readonly StepRecord[]) => void;
  readonly signal?: AbortSignal;
  /** Of runs that wait, those with a lower number go first; default 0. */
  readonly priority?: number;
}

export type Verdict = 'heals' | 'partly' | 'no' | 'worse';

/** What happened when a fix was trained beside the original on the same seeds and data order. */
export interface FixResult {
  readonly symptom: SymptomId;
  readonly change: Change;
  readonly verdict: Verdict;
  /** End loss with the fix over the reference's, median over seeds; 1 = as good as the reference; Infinity = diverged. */
  readonly ratio: number;
  /** The same before the fix. */
  readonly before: number;
  /** Seeds where the symptom showed, and of those, where the fix took it away. */
  readonly shown: number;
  readonly healed: number;
  readonly seeds: number;
  /** The fixed run's curve on the first seed, for drawing. */
  readonly records: readonly StepRecord[];
}

/** A symptom with the seeds it showed on. */
export interface SeededSymptom extends Symptom {
  readonly shown: number;
  readonly seeds: number;
}

/** What a sanity run tells while it goes; `run` is the user's settings, `reference` the healthy twin, both on the first seed. */
export type SanityEvent =
  | { readonly type: 'plan'; readonly plan: RunPlan; readonly backend: string }
  | { readonly type: 'steps'; readonly of: 'run' | 'reference'; readonly records: readonly StepRecord[] }
  | { readonly type: 'symptom'; readonly symptom: SeededSymptom }
  | { readonly type: 'fix-start'; readonly symptom: SymptomId; readonly change: Change }
  /** `final` is false where more seeds are still to be trained: the same change is told again with all of them. */
  | { readonly type: 'fix'; readonly fix: FixResult; readonly final: boolean }
  /** Share of all the mini-runs that are done, in [0, 1]. */
  | { readonly type: 'progress'; readonly done: number };

export interface SanityReport {
  readonly plan: RunPlan;
  readonly backend: string;
  readonly healthy: boolean;
  /** Most confident first. */
  readonly symptoms: readonly SeededSymptom[];
  readonly cannotTell: readonly CannotTell[];
  /** Best first within each symptom; empty when fixes were not asked for. */
  readonly fixes: readonly FixResult[];
  readonly seeds: number;
  /** End loss over the reference's, median over seeds. */
  readonly ratio: number;
  readonly run: RunResult;
  readonly referenceRun: RunResult;
  readonly seconds: number;
  /** The verdict in one or two sentences: proxy evidence, never a prophecy. */
  readonly verdict: Text;
  /** Caveats to show beside it, resolution first. */
  readonly caveats: readonly Text[];
}
