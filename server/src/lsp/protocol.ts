/**
 * What client and server say to each other beyond the LSP. Plain data; the client imports this file and nothing
 * else of the server. Every text is already in the language of the session.
 */

/** Names of the requests and notifications. */
export const method = {
  /** Client → server, request: {@link StatusParams} → {@link FileStatus}. */
  status: 'trainlint/status',
  /** Client → server, notification: the user trusts the workspace now. */
  trusted: 'trainlint/trusted',
  /** Client → server, request: {@link RuleDocsParams} → {@link RuleDocs}. */
  ruleDocs: 'trainlint/ruleDocs',
  /** Client → server, request: {@link RunParams} → {@link RunDone}; cancelling it stops the training. */
  run: 'trainlint/run',
  /** Server → client, notifications of one run. */
  runSpec: 'trainlint/runSpec',
  runSteps: 'trainlint/runSteps',
  runSymptom: 'trainlint/runSymptom',
  runFix: 'trainlint/runFix',
  /** Server → client, notification: {@link RunStaleMessage}, when the config leaves or regains what was trained. */
  runStale: 'trainlint/runStale',
  /** Client → server, request: {@link ApplyFixParams} → {@link ApplyFixResult}. */
  applyFix: 'trainlint/applyFix',
  /** Client → server, request: {@link SwitchingParams} → {@link SwitchingResult}; cancelling it stops the training. */
  switching: 'trainlint/switching',
  /** Client → server, request: {@link FindLogsParams} → {@link FoundLog}[], likeliest first. */
  findLogs: 'trainlint/findLogs',
  /** Client → server, request: {@link DiagnoseLogParams} → {@link LogDiagnosis}; the config's diagnostics follow. */
  diagnoseLog: 'trainlint/diagnoseLog',
  /** Client → server, request: {@link FindLogsParams} → null; takes what a log showed off the config's lines. */
  forgetLog: 'trainlint/forgetLog',
  /** Client → server, request: {@link ChooseOptimizerParams} → {@link OptimizerChoices}. */
  chooseOptimizer: 'trainlint/chooseOptimizer',
  /** Client → server, request: {@link ApplyOptimizerParams} → {@link ApplyFixResult}. */
  applyOptimizer: 'trainlint/applyOptimizer',
  /** Client → server, request: {@link OwnModelParams} → {@link OwnModelSnippet}. */
  ownModelSnippet: 'trainlint/ownModelSnippet',
  /** Client → server, request: {@link MeasurementParams} → {@link MeasurementRead}. */
  readMeasurement: 'trainlint/readMeasurement',
} as const;

/** Commands: of the editor when it says so in its initialization options, else of the server. */
export const command = {
  runSanityCheck: 'trainlint.runSanityCheck',
  /** Only of an editor with our client: it opens the script as a document. */
  measureOwnModel: 'trainlint.measureOwnModel',
  diagnoseLog: 'trainlint.diagnoseLog',
} as const;

/** The scheme under which our client shows a rule's page: a document of its own, made by the server, no network. */
export const ruleDocsScheme = 'trainlint-rule';

/** Address of a rule's page in an editor that has our client. */
export function ruleDocsAddress(rule: string): string {
  return `${ruleDocsScheme}:/${rule}.md`;
}

export interface InitializationOptions {
  /** The editor's display language (`ko`, `en-US`); wins over `InitializeParams.locale`. */
  readonly locale?: string;
  /** The client runs `trainlint.*` commands itself (it has a panel); the server then offers none of its own. */
  readonly clientCommands?: boolean;
  /** False in a workspace the user does not trust: the server then starts no training process. */
  readonly trusted?: boolean;
}

export interface StatusParams {
  readonly uri: string;
}

/** What Trainlint makes of a file, for the status bar. */
export type FileStatus =
  | { readonly kind: 'none'; readonly why: string; readonly dialects: readonly DialectName[] }
  | {
      readonly kind: 'config';
      readonly version: number;
      readonly dialect: DialectName;
      /** 0.5 to 1. */
      readonly confidence: number;
      readonly reasons: readonly string[];
      /** What was understood of each run, in one line. */
      readonly runs: readonly string[];
      readonly findings: number;
      readonly suppressed: number;
      /** Silence that is not coverage. */
      readonly notRun: readonly { readonly rule: string; readonly why: string }[];
      /** Dialects to choose from when this one is wrong. */
      readonly dialects: readonly DialectName[];
    };

export interface DialectName {
  readonly id: string;
  readonly name: string;
}

export interface RuleDocsParams {
  readonly rule: string;
  /** The file in whose settings the language is looked up. */
  readonly uri?: string;
}

/** Null when there is no such rule. */
export type RuleDocs = { readonly title: string; readonly markdown: string } | null;

export interface RunParams {
  /** Chosen by the client; comes back with every notification of this run. */
  readonly token: string;
  readonly uri: string;
  /** Which run of the file, 0 for the only one. */
  readonly run?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly verifyFixes: boolean;
}

/** One line of "what the proxy does instead": `learning rate`, `5e-5`, `1.2e-3`, why. */
export interface ScaledSetting {
  readonly name: string;
  readonly yours: string;
  readonly proxy: string;
  readonly why: string;
}

export interface RunSpecMessage {
  readonly token: string;
  readonly proxy: string;
  /** Why this proxy, and how far it is from the user's model. */
  readonly description: string;
  readonly optimizer: string;
  readonly steps: number;
  readonly seed: number;
  readonly backend: string;
  readonly scaled: readonly ScaledSetting[];
  /** Whether the tables advise to finish such a run with SGD: {@link SwitchingParams} then tries it. */
  readonly switchable: boolean;
}

/** `yours` is the config as it stands, `reference` the healthy twin; any other id is a fix being tried. */
export interface RunStepsMessage {
  readonly token: string;
  readonly series: string;
  readonly steps: readonly number[];
  /** null = not finite. */
  readonly loss: readonly (number | null)[];
  readonly gradNorm: readonly (number | null)[];
  readonly lr: readonly (number | null)[];
}

export interface RunSymptomMessage {
  readonly token: string;
  readonly symptom: string;
  /** The symptom's name in words. */
  readonly name: string;
  readonly step: number;
  /** 0 to 1, not a probability. */
  readonly confidence: number;
  readonly message: string;
}

export type FixVerdict = 'heals' | 'partly' | 'no' | 'worse';

/** Whether the config still says what a finished run was trained with. */
export interface RunStaleMessage {
  readonly token: string;
  readonly stale: boolean;
}

export interface RunFixMessage {
  readonly token: string;
  readonly id: string;
  readonly symptom: string;
  readonly title: string;
  /** Null while it is still being trained. */
  readonly verdict: FixVerdict | null;
  /** Final loss with the fix over the healthy twin's; absent where it is not finite. */
  readonly ratio?: number;
  /** Whether this file's framework can say it; otherwise it is advice only. */
  readonly applicable: boolean;
}

export type RunOutcome = 'healthy' | 'symptoms' | 'cancelled' | 'failed';

export interface RunDone {
  readonly token: string;
  readonly outcome: RunOutcome;
  /** The verdict in a few words, then in a sentence or two. */
  readonly headline: string;
  readonly detail: string;
  /** Caveats to show beside the verdict, the most important first. */
  readonly notes: readonly string[];
  /** Questions the proxy cannot answer, with the reason. */
  readonly cannotTell: readonly { readonly symptom: string; readonly why: string }[];
  readonly seconds: number;
  /** Version of the text that was trained. */
  readonly version: number;
}

export interface SwitchingParams {
  /** Comes back with the result. */
  readonly token: string;
  readonly uri: string;
  /** Which run of the file, 0 for the only one. */
  readonly run?: number;
  readonly steps?: number;
  readonly seed?: number;
}

/** One of three ways to train: as configured, with a switch in mid-run, with SGD all the way. */
export interface SwitchingArm {
  readonly id: 'adam' | 'switch' | 'sgd';
  readonly name: string;
  /** End validation loss of each seed; null = diverged. */
  readonly losses: readonly (number | null)[];
  /** Median over seeds of the loss over Adam's; null = diverged. */
  readonly ratio: number | null;
  /** Seeds on which it ended below Adam. */
  readonly better: number;
  /** Validation loss on the first seed. */
  readonly steps: readonly number[];
  readonly valLoss: readonly (number | null)[];
}

export interface SwitchingResult {
  readonly token: string;
  readonly outcome: 'better' | 'worse' | 'unresolved' | 'no-stall' | 'cancelled' | 'failed';
  /** One or two sentences; why not, when it failed. */
  readonly detail: string;
  /** Share of the run after which it switched, median over seeds; null = it did not. */
  readonly at: number | null;
  /** First step after the switch on the first seed that switched; null = none did. */
  readonly step: number | null;
  readonly arms: readonly SwitchingArm[];
  /** The rates used and where they come from. */
  readonly rates: string;
  /** How one does it with a real model. */
  readonly stages: readonly string[];
}

export interface ApplyFixParams {
  readonly token: string;
  readonly id: string;
}

export interface ApplyFixResult {
  readonly applied: boolean;
  /** Why not. */
  readonly why?: string;
}

export interface FindLogsParams {
  /** The config. */
  readonly uri: string;
}

export interface FoundLog {
  readonly uri: string;
  readonly name: string;
  /** The path of the folder it lies in. */
  readonly folder: string;
}

export interface DiagnoseLogParams {
  /** The config that the log is of; it must be open. */
  readonly uri: string;
  /** A log file, or a folder of TensorBoard event files. */
  readonly log: string;
  /** Which run of the config, 0 for the only one. */
  readonly run?: number;
}

export interface LogDiagnosis {
  /** `otherConfig`: the log's rates are not this config's, so nothing was laid to its lines. */
  readonly outcome: 'healthy' | 'symptoms' | 'otherConfig' | 'failed';
  readonly headline: string;
  readonly detail: string;
  readonly symptoms: readonly { readonly name: string; readonly step: number; readonly message: string }[];
}

export interface ChooseOptimizerParams {
  readonly uri: string;
  readonly offset: number;
  /** Answers so far, option ids from the root of the decision tree downwards. */
  readonly answers: readonly string[];
}

/** Either the next question or what the tree advises. */
export type OptimizerChoices =
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly options: readonly { readonly id: string; readonly label: string; readonly detail?: string }[];
    }
  | { readonly kind: 'advice'; readonly optimizers: readonly OptimizerAdvice[] };

export interface OptimizerAdvice {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  readonly applicable: boolean;
}

export interface ApplyOptimizerParams {
  readonly uri: string;
  readonly offset: number;
  readonly optimizer: string;
}

export interface OwnModelParams {
  readonly uri: string;
  /** Which run of the file, 0 for the only one. */
  readonly run?: number;
}

/** A Python file that measures on the user's own model; null where the file describes no such run. */
export type OwnModelSnippet = { readonly fileName: string; readonly text: string } | null;

export interface MeasurementParams {
  /** The config that was measured. */
  readonly uri: string;
  /** What the script printed. */
  readonly output: string;
}

/** What was read: from now on shown on the config's lines, until its settings change. */
export type MeasurementRead =
  | { readonly read: true; readonly warnings: number; readonly notes: number }
  | { readonly read: false; readonly why: string };
