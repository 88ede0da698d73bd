import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { type ExplainedSymptom, layToSettings, placeIn } from '../diagnosis/explain.ts';
import { type Measured, readMeasured } from '../own-model/measured.ts';
import { findLogs, readLogFile } from '../project/log-files.ts';
import { diagnose } from '../symptoms/diagnose.ts';
import type { ReadLog } from '../symptoms/logs/read-log.ts';
import type { Diagnosis } from '../symptoms/symptom.ts';
import type { Text } from '../text.ts';
import { type CliIo, UsageError } from './io.ts';
import {
  measurementRecords,
  prettyMeasurement,
  type ReadMeasurement,
  readMeasurement,
} from './measurement.ts';
import { diagnosisRecords } from './training/diagnosis-json.ts';
import { prettyDiagnosis } from './training/diagnosis-pretty.ts';
import { type OpenedRun, openRun, runSelection } from './training/open-run.ts';

const options = {
  ...runSelection,
  config: { type: 'string' },
  format: { type: 'string', default: 'pretty' },
} as const;

/** A log that was read and judged, and laid to a config's lines where one was named. */
export interface DiagnosedLog {
  readonly name: string;
  readonly log: ReadLog;
  readonly diagnosis: Diagnosis;
  readonly config?: OpenedRun;
  /** In the order of the symptoms; none where no config was named or the log is of another. */
  readonly explained: readonly ExplainedSymptom[];
  readonly otherConfig?: Text;
}

/**
 * `trainlint diagnose LOG… [--config FILE]`: exit 0 no symptom, 1 symptoms (or a measurement that warns), 2 a log could
 * not be read. Without a log the newest one that the config's run has written is taken.
 */
export async function diagnoseCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.format !== 'pretty' && values.format !== 'json')
    throw new UsageError(`--format ${values.format}: expected pretty or json`);
  const config = values.config === undefined ? undefined : openRun([values.config], values, io);
  if (positionals.length === 0 && !config)
    throw new UsageError('expected at least one log file, or --config and its newest log is taken');
  const done: DiagnosedLog[] = [];
  const measurements: ReadMeasurement[] = [];
  let failed = false;
  for (const path of positionals.length > 0 ? positionals : newestLog(config, io)) {
    const full = resolve(io.cwd, path);
    const name = relative(io.cwd, full).split(sep).join('/') || '.';
    const measured = readMeasurementIn(full);
    const log = measured && 'problem' in measured ? measured : readLogFile(full);
    if (measured && !('problem' in measured))
      measurements.push(readMeasurement(full, measured, values.config, io));
    else if ('problem' in log) {
      io.stderr.write(`trainlint diagnose: ${name}: ${log.problem[io.lang]}\n`);
      failed = true;
    } else done.push(judged(name, log, config));
  }
  if (values.format === 'json') {
    const records = [
      ...diagnosisRecords(done, io),
      ...measurements.flatMap((each) => measurementRecords(each, io)),
    ];
    io.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
  } else {
    for (const each of done) io.stdout.write(prettyDiagnosis(each, io));
    for (const each of measurements) io.stdout.write(prettyMeasurement(each, io));
  }
  if (failed) return 2;
  const warns = measurements.some(({ judgements }) => judgements.some(({ level }) => level === 'warning'));
  return warns || done.some(({ diagnosis }) => diagnosis.symptoms.length > 0) ? 1 : 0;
}

/** A measurement ends what a snippet prints: it is looked for in this many bytes. */
const tail = 65_536;

function readMeasurementIn(full: string): Measured | { readonly problem: Text } | undefined {
  try {
    return readMeasured(readFileSync(full).subarray(-tail).toString('utf8'));
  } catch {
    // No file, or a folder of event files: whoever reads the log says so.
    return undefined;
  }
}

function judged(name: string, log: ReadLog, config: OpenedRun | undefined): DiagnosedLog {
  const diagnosis = diagnose(log.series);
  if (!config) return { name, log, diagnosis, explained: [] };
  const laid = layToSettings(config.run, log.series, diagnosis.symptoms);
  if ('otherConfig' in laid) return { name, log, diagnosis, config, explained: [], ...laid };
  return { name, log, diagnosis, config, explained: placeIn(config.file, config.index, laid) };
}

function newestLog(config: OpenedRun | undefined, io: CliIo): string[] {
  const logs = config ? findLogs(config.file.document, config.path, [io.cwd]) : [];
  const log = logs.find((path) => 'series' in readLogFile(path));
  if (log !== undefined) return [log];
  const why = {
    en: `no training log was found where ${config?.name} writes; name one`,
    ko: `${config?.name}의 출력 폴더에서 학습 로그를 찾지 못했습니다. 로그 파일을 지정하세요`,
  };
  throw new UsageError(why[io.lang]);
}
