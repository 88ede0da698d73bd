import { writeChange } from '../../dialects/write.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { type Language, type Text, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { symptomName } from '../features/symptom-names.ts';
import {
  method,
  type RunDone,
  type RunFixMessage,
  type RunParams,
  type RunSpecMessage,
  type RunStepsMessage,
  type RunSymptomMessage,
} from '../protocol.ts';
import type { RunResults } from './run-results.ts';
import {
  CannotRun,
  type SanityEvents,
  type SanityFix,
  type SanityPoint,
  type SanityResult,
  type SanityRunner,
} from './sanity-runner.ts';

export interface SanityCheckContext {
  readonly language: Language;
  readonly runner: SanityRunner;
  readonly results: RunResults;
  readonly trusted: boolean;
  /** Sends a notification of this run to the client. */
  readonly notify: (method: string, message: unknown) => void;
  /** Tells the progress in words and per cent. */
  readonly report: (percentage: number, message: string) => void;
  readonly signal: AbortSignal;
}

/** A run that has ended, with what its fixes were, so that one of them can be applied later. */
export interface FinishedRun {
  readonly done: RunDone;
  readonly fixes: ReadonlyMap<string, SanityFix>;
}

/** Trains the run on its proxy, tells the client as it goes, and keeps what was found. Never rejects. */
export async function sanityCheck(
  analysis: Analysis,
  params: RunParams,
  context: SanityCheckContext,
): Promise<FinishedRun> {
  const { language } = context;
  const started = performance.now();
  const fixes = new Map<string, SanityFix>();
  const finish = (outcome: RunDone['outcome'], headline: Text, detail: Text): FinishedRun => ({
    done: {
      token: params.token,
      outcome,
      headline: headline[language],
      detail: detail[language],
      seconds: (performance.now() - started) / 1000,
      version: analysis.version,
    },
    fixes,
  });
  const { file } = analysis.opened;
  const index = params.run ?? 0;
  const run = file?.runs[index];
  if (!context.trusted) return finish('failed', couldNotRun, untrusted);
  if (!file || !run) return finish('failed', couldNotRun, analysis.silent ?? noRun);
  let proxy = '';
  try {
    const { steps, seed = 0, verifyFixes } = params;
    const events = eventsFor(file, index, params.token, context, fixes, (name) => {
      proxy = name;
    });
    const options = { seed, verifyFixes, ...(steps === undefined ? {} : { steps }) };
    const result = await context.runner.run(file, index, options, events, context.signal);
    if (result.cancelled) return finish('cancelled', cancelled, cancelledDetail);
    for (const fix of result.fixes) fixes.set(fix.id, fix);
    context.results.keep(analysis.uri, run, index, proxy, result);
    return result.symptoms.length
      ? finish('symptoms', symptomsHeadline(result), symptomsDetail(result, proxy))
      : finish('healthy', healthy, healthyDetail(result, proxy));
  } catch (error) {
    if (context.signal.aborted) return finish('cancelled', cancelled, cancelledDetail);
    const why = error instanceof CannotRun ? error.why : text(String(error), String(error));
    return finish('failed', couldNotRun, why);
  }
}

function eventsFor(
  file: ConfigFile,
  index: number,
  token: string,
  { language, notify, report }: SanityCheckContext,
  fixes: Map<string, SanityFix>,
  nameProxy: (proxy: string) => void,
): SanityEvents {
  let total = 1;
  return {
    spec: (spec) => {
      total = spec.steps;
      nameProxy(spec.proxy);
      const message: RunSpecMessage = {
        ...spec,
        token,
        description: spec.description[language],
        scaled: spec.scaled.map((one) => ({ ...one, name: one.name[language], why: one.why[language] })),
      };
      notify(method.runSpec, message);
    },
    steps: (series, points) => {
      notify(method.runSteps, stepsMessage(token, series, points));
      const last = points.at(-1)?.step ?? 0;
      if (series === 'yours') report((90 * last) / total, progressWords(last, total, language));
    },
    symptom: (symptom) => {
      const message: RunSymptomMessage = {
        token,
        symptom: symptom.symptom,
        name: symptomName(symptom.symptom)[language],
        step: symptom.step,
        confidence: symptom.confidence,
        message: symptom.message[language],
      };
      notify(method.runSymptom, message);
    },
    fix: (fix) => {
      fixes.set(fix.id, fix);
      const title = fix.change.title[language];
      report(95, text(`trying: ${title}`, `시험 중: ${title}`)[language]);
      const message: RunFixMessage = {
        token,
        id: fix.id,
        symptom: fix.symptom,
        title,
        verdict: fix.verdict ?? null,
        ...(fix.ratio === undefined ? {} : { ratio: fix.ratio }),
        applicable: (writeChange(file, index, fix.change)?.length ?? 0) > 0,
      };
      notify(method.runFix, message);
    },
  };
}

/** Columns instead of rows: a run streams hundreds of steps, and JSON has no NaN. */
export function stepsMessage(token: string, series: string, points: readonly SanityPoint[]): RunStepsMessage {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    token,
    series,
    steps: points.map(({ step }) => step),
    loss: points.map(({ loss }) => finite(loss)),
    gradNorm: points.map(({ gradNorm }) => finite(gradNorm)),
    lr: points.map(({ lr }) => finite(lr)),
  };
}

function progressWords(step: number, total: number, language: Language): string {
  return text(`step ${step} of ${total}`, `${total}스텝 중 ${step}`)[language];
}

const couldNotRun = text('No sanity run', '학습 점검을 하지 못했습니다');
const untrusted = text(
  'This workspace is not trusted, so Trainlint starts no process in it. Trust the workspace to run the check.',
  '신뢰하지 않는 작업 영역에서는 프로세스를 시작하지 않습니다. 작업 영역을 신뢰한 뒤 다시 실행하세요.',
);
const noRun = text(
  'Nothing in this file describes a training run.',
  '이 파일에는 학습 실행을 설명하는 내용이 없습니다.',
);
const cancelled = text('Cancelled', '취소됨');
const cancelledDetail = text(
  'The run was stopped before it could say anything.',
  '판단할 만큼 학습하기 전에 멈췄습니다.',
);
const healthy = text('No symptom at the scale of the proxy', '프록시 규모에서는 증상이 없습니다');

function healthyDetail(result: SanityResult, proxy: string): Text {
  const open = result.cannotTell.length;
  return text(
    `With these settings ${proxy} trains like its healthy twin. That is no promise for the real model: a proxy sees faults of about a factor of ten, not finer ones.${open ? ` ${open} ${open === 1 ? 'question' : 'questions'} it cannot answer.` : ''}`,
    `이 설정으로 ${proxy} 프록시는 정상 쌍둥이처럼 학습됩니다. 실제 모델을 보장하지는 않습니다. 프록시는 열 배 안팎의 잘못만 알아봅니다.${open ? ` 답할 수 없는 질문이 ${open}개 있습니다.` : ''}`,
  );
}

function symptomsHeadline(result: SanityResult): Text {
  const names = [...new Set(result.symptoms.map(({ symptom }) => symptom))].map(symptomName);
  return text(names.map((name) => name.en).join(', '), names.map((name) => name.ko).join(', '));
}

function symptomsDetail(result: SanityResult, proxy: string): Text {
  const first = result.symptoms[0];
  const healed = result.fixes.filter(({ verdict }) => verdict === 'heals').length;
  const tried = result.fixes.length;
  const fixes = tried
    ? text(
        ` ${healed} of ${tried} fixes healed it.`,
        ` 시험한 수정 ${tried}개 중 ${healed}개가 낫게 했습니다.`,
      )
    : text('', '');
  return text(
    `${first?.message.en ?? ''} Seen on the proxy ${proxy}; your model may show it earlier, later or not at all.${fixes.en}`,
    `${first?.message.ko ?? ''} ${proxy} 프록시에서 본 것이며, 실제 모델에서는 더 일찍, 더 늦게 나타나거나 나타나지 않을 수 있습니다.${fixes.ko}`,
  );
}
