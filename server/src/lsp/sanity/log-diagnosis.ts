import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { layToSettings } from '../../diagnosis/explain.ts';
import { findLogs, readLogFile } from '../../project/log-files.ts';
import { diagnose } from '../../symptoms/diagnose.ts';
import { unitOf } from '../../symptoms/metric-series.ts';
import { type Text, text } from '../../text.ts';
import { headline } from '../../training/wording.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { DiagnoseLogParams, FoundLog, LogDiagnosis } from '../protocol.ts';
import type { OpenFile } from '../session.ts';
import type { LogResults } from './log-results.ts';

/** Reads a log, lays what it shows to the open config's lines and keeps it there. Never throws. */
export function diagnoseLog(
  { analysis, language }: OpenFile,
  { log: uri, run: index = 0 }: DiagnoseLogParams,
  results: LogResults,
): LogDiagnosis {
  const answer = (
    outcome: LogDiagnosis['outcome'],
    head: Text,
    detail: Text,
    symptoms: LogDiagnosis['symptoms'] = [],
  ): LogDiagnosis => ({ outcome, headline: head[language], detail: detail[language], symptoms });
  const run = analysis.opened.file?.runs[index];
  if (!run) return answer('failed', notDone, analysis.silent ?? noRun);
  const path = filePath(uri);
  if (path === undefined) return answer('failed', notDone, notLocal);
  const log = readLogFile(path);
  if ('problem' in log) return answer('failed', notDone, log.problem);
  const { symptoms, cannotTell } = diagnose(log.series);
  const laid = layToSettings(run, log.series, symptoms);
  const said = symptoms.map((symptom) => ({
    name: headline(symptom)[language],
    step: symptom.step,
    message: symptom.message[language],
  }));
  if ('otherConfig' in laid) {
    results.forget(analysis.uri);
    return answer('otherConfig', notOfThis, laid.otherConfig, said);
  }
  const name = shortName(path);
  results.keep(analysis.uri, index, run, { name, uri, isText: log.format !== 'tensorboard' }, laid);
  const [first] = symptoms;
  if (!first) {
    const unjudged = cannotTell.find(({ symptom }) => symptom === 'loss-divergence');
    return unjudged
      ? answer('healthy', tooLittle, unjudged.cannotTell)
      : answer(
          'healthy',
          healthy,
          text(`Nothing stands out in ${name}.`, `${name}에서 이상을 찾지 못했습니다.`),
        );
  }
  const unit = unitOf(log.series);
  const more = symptoms.length - 1;
  const { en, ko } = headline(first);
  const head = text(
    `${en} from ${unit.en} ${first.step}${more > 0 ? `, and ${more} more` : ''}`,
    `${first.step} ${unit.ko}부터 ${ko}${more > 0 ? ` 외 ${more}개` : ''}`,
  );
  return answer('symptoms', head, first.message, said);
}

/** The logs that the config's run may have written, likeliest first. */
export function logsOf({ analysis }: OpenFile, projects: ProjectFiles): FoundLog[] {
  const { document } = analysis.opened;
  const path = filePath(analysis.uri);
  if (!document || path === undefined) return [];
  const { root } = projects.of(analysis.uri);
  return findLogs(document, path, root === undefined ? [] : [root])
    .slice(0, mostOffered)
    .map((log) => ({ uri: pathToFileURL(log).toString(), name: basename(log), folder: dirname(log) }));
}

const mostOffered = 20;

function filePath(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** `out/run-3/trainer_state.json`: the two folders above tell runs apart. */
function shortName(path: string): string {
  const above = dirname(path);
  return [basename(dirname(above)), basename(above), basename(path)].filter(Boolean).join('/');
}

const notDone = text('The log was not judged', '로그를 판단하지 못했습니다');
const notOfThis = text('A log of another config', '다른 설정의 로그입니다');
const healthy = text('No symptom in the log', '로그에 증상이 없습니다');
const tooLittle = text('Too little in this log to judge', '판단하기에는 기록이 너무 적습니다');
const noRun = text(
  'Nothing in this file describes a training run.',
  '이 파일에는 학습 실행을 설명하는 내용이 없습니다.',
);
const notLocal = text(
  'Only logs on this machine’s disk can be read.',
  '이 컴퓨터의 디스크에 있는 로그만 읽을 수 있습니다.',
);
