import type { StepRecord } from '@trainlint/kernels';
import { writeChange } from '../../dialects/write.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import type { Change } from '../../run/change.ts';
import { switchingAdvice } from '../../run/switching.ts';
import type { TrainingRun } from '../../run/training-run.ts';
import { type Language, type Text, text } from '../../text.ts';
import { otherPlayer } from '../../training/players.ts';
import { canSwitch } from '../../training/switching.ts';
import type { FixResult, RunPlan, SanityEvent, SanityReport, SeededSymptom } from '../../training/types.ts';
import { headline, lowerFirst } from '../../training/wording.ts';
import type { Analysis } from '../analysis.ts';
import { symptomName } from '../features/symptom-names.ts';
import {
  method,
  type RunDone,
  type RunFixMessage,
  type RunParams,
  type RunSpecMessage,
  type RunStepsMessage,
} from '../protocol.ts';
import { FixIds } from './fix-ids.ts';
import type { RunResults } from './run-results.ts';
import type { SanityRunner } from './sanity-runner.ts';

export interface SanityCheckContext {
  readonly language: Language;
  readonly runner: SanityRunner;
  readonly results: RunResults;
  readonly trusted: boolean;
  /** Sends a notification of this run to the client. */
  readonly notify: (method: string, message: object) => void;
  /** Tells the progress in per cent and words. */
  readonly report: (percentage: number, message: string) => void;
  readonly signal: AbortSignal;
}

/** A run that has ended, with the changes that were tried, so that one of them can be applied later. */
export interface FinishedRun {
  readonly done: RunDone;
  readonly changes: ReadonlyMap<string, Change>;
}

/** Trains the run on its proxy, tells the client as it goes, and keeps what was found. Never rejects. */
export async function sanityCheck(
  analysis: Analysis,
  params: RunParams,
  context: SanityCheckContext,
): Promise<FinishedRun> {
  const started = performance.now();
  const changes = new Map<string, Change>();
  const finish = (ending: Ending): FinishedRun => ({
    done: {
      token: params.token,
      outcome: ending.outcome,
      headline: ending.headline[context.language],
      detail: ending.detail[context.language],
      notes: (ending.notes ?? []).map((note) => note[context.language]),
      cannotTell: (ending.cannotTell ?? []).map(({ symptom, why }) => ({
        symptom: symptomName(symptom)[context.language],
        why: why[context.language],
      })),
      seconds: (performance.now() - started) / 1000,
      version: analysis.version,
    },
    changes,
  });
  const { file } = analysis.opened;
  const index = params.run ?? 0;
  const run = file?.runs[index];
  if (!context.trusted) return finish(refused(untrusted));
  if (!file || !run) return finish(refused(analysis.silent ?? noRun));
  try {
    const { steps, seed, verifyFixes } = params;
    const other = otherPlayer(file.runs, run);
    const report = await context.runner.run(run, {
      verifyFixes,
      signal: context.signal,
      onEvent: teller(file, index, params.token, changes, context),
      ...(other && { otherPlayer: other }),
      ...(steps === undefined ? {} : { steps }),
      ...(seed === undefined ? {} : { seed }),
    });
    if (context.signal.aborted) return finish(cancelled);
    if ('impossible' in report) return finish(refused(report.impossible));
    context.results.keep(analysis.uri, run, index, report);
    return finish(endingOf(report));
  } catch (error) {
    if (context.signal.aborted) return finish(cancelled);
    const why = error instanceof Error ? error.message : String(error);
    return finish(refused(text(why, why)));
  }
}

/** Turns the events of a training into messages for the client. */
function teller(
  file: ConfigFile,
  index: number,
  token: string,
  changes: Map<string, Change>,
  { language, notify, report }: SanityCheckContext,
): (event: SanityEvent) => void {
  const ids = new FixIds();
  const drawn = new Set<string>();
  const run = file.runs[index];
  let share = 0;
  const tellFix = (symptom: string, change: Change, fix?: FixResult) => {
    const id = ids.of(symptom, change);
    changes.set(id, change);
    notify(method.runFix, {
      token,
      id,
      symptom,
      title: change.title[language],
      verdict: fix?.verdict ?? null,
      ...(fix && Number.isFinite(fix.ratio) ? { ratio: fix.ratio } : {}),
      applicable: (writeChange(file, index, change)?.length ?? 0) > 0,
    } satisfies RunFixMessage);
    return id;
  };
  return (event) => {
    switch (event.type) {
      case 'plan':
        return notify(method.runSpec, specMessage(token, run, event.plan, event.backend, language));
      case 'steps':
        return notify(
          method.runSteps,
          stepsMessage(token, event.of === 'run' ? 'yours' : 'reference', event.records),
        );
      case 'symptom': {
        const { symptom, step, confidence, message } = event.symptom;
        const name = headline(event.symptom)[language];
        return notify(method.runSymptom, {
          token,
          symptom,
          name,
          step,
          confidence,
          message: message[language],
        });
      }
      case 'fix-start':
        tellFix(event.symptom, event.change);
        return report(share, tryingWords(event.change)[language]);
      case 'fix': {
        const id = tellFix(event.fix.symptom, event.fix.change, event.fix);
        // A verdict that is told again with more seeds has the same curve.
        if (helps(event.fix) && !drawn.has(id))
          notify(method.runSteps, stepsMessage(token, id, event.fix.records));
        drawn.add(id);
        return;
      }
      case 'progress':
        share = Math.round(event.done * 100);
        return report(share, '');
    }
  };
}

export function helps({ verdict }: Pick<FixResult, 'verdict'>): boolean {
  return verdict === 'heals' || verdict === 'partly';
}

function specMessage(
  token: string,
  run: TrainingRun | undefined,
  plan: RunPlan,
  backend: string,
  language: Language,
): RunSpecMessage {
  const { proxy, spec, why, scaled } = plan;
  const shown = (value: number | string | undefined) => (value === undefined ? '–' : String(value));
  return {
    token,
    proxy,
    description: why[language],
    optimizer: spec.optimizer.kind,
    steps: spec.steps,
    seed: spec.seed,
    backend,
    switchable: run !== undefined && canSwitch(run) && switchingAdvice(run) !== undefined,
    scaled: scaled.map(({ what, from, to, rule, source }) => ({
      name: what[language],
      yours: shown(from),
      proxy: shown(to),
      why: `${rule[language]} (${source})`,
    })),
  };
}

/** Columns instead of rows: a run streams hundreds of steps, and JSON has no NaN. */
export function stepsMessage(token: string, series: string, records: readonly StepRecord[]): RunStepsMessage {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    token,
    series,
    steps: records.map(({ step }) => step),
    loss: records.map(({ loss }) => finite(loss)),
    gradNorm: records.map(({ gradNorm }) => finite(gradNorm)),
    lr: records.map(({ lr }) => finite(lr)),
  };
}

interface Ending {
  readonly outcome: RunDone['outcome'];
  readonly headline: Text;
  readonly detail: Text;
  readonly notes?: readonly Text[];
  readonly cannotTell?: readonly { readonly symptom: string; readonly why: Text }[];
}

function endingOf({ symptoms, verdict, caveats, cannotTell }: SanityReport): Ending {
  return {
    outcome: symptoms.length > 0 ? 'symptoms' : 'healthy',
    headline: headlineOf(symptoms),
    detail: verdict,
    notes: caveats,
    cannotTell: cannotTell.map(({ symptom, cannotTell: why }) => ({ symptom, why })),
  };
}

/** The surest symptom by name; a list of all would be read by nobody. */
function headlineOf(symptoms: readonly SeededSymptom[]): Text {
  const [first, ...others] = symptoms;
  if (first === undefined) return healthy;
  const { en, ko } = headline(first);
  return others.length === 0
    ? text(`On the proxy: ${lowerFirst(en)}`, `대리 모델에서 ${ko}`)
    : text(
        `On the proxy: ${lowerFirst(en)}, and ${others.length} more`,
        `대리 모델에서 ${ko} 외 ${others.length}개`,
      );
}

function refused(why: Text): Ending {
  return { outcome: 'failed', headline: text('No sanity run', '학습 점검을 하지 못했습니다'), detail: why };
}

function tryingWords({ title }: Change): Text {
  return text(`trying: ${title.en}`, `시험 중: ${title.ko}`);
}

const healthy = text('No symptom on the proxy', '대리 모델에서 증상이 없습니다');
export const untrusted = text(
  'This workspace is not trusted, so Trainlint starts no process in it. Trust the workspace to run the check.',
  '신뢰하지 않는 작업 영역에서는 프로세스를 시작하지 않습니다. 작업 영역을 신뢰한 뒤 다시 실행하세요.',
);
export const noRun = text(
  'Nothing in this file describes a training run.',
  '이 파일에는 학습 실행을 설명하는 내용이 없습니다.',
);
const cancelled: Ending = {
  outcome: 'cancelled',
  headline: text('Cancelled', '취소됨'),
  detail: text('The run was stopped before it could say anything.', '판단할 만큼 학습하기 전에 멈췄습니다.'),
};
