import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { symptomById } from '../knowledge/symptoms.ts';
import { type Measured, readMeasured } from '../own-model/measured.ts';
import { diagnose } from '../symptoms/diagnose.ts';
import { type ReadLog, readLog } from '../symptoms/logs/read-log.ts';
import { curve, lastStep, type MetricSeries } from '../symptoms/metric-series.ts';
import type { Diagnosis } from '../symptoms/symptom.ts';
import type { Text } from '../text.ts';
import { headline } from '../training/wording.ts';
import { type CliIo, UsageError } from './io.ts';
import {
  measurementRecords,
  prettyMeasurement,
  type ReadMeasurement,
  readMeasurement,
} from './measurement.ts';
import { type PlotLine, plot } from './training/plot.ts';
import { wrap } from './wrap.ts';

const options = { format: { type: 'string', default: 'pretty' }, config: { type: 'string' } } as const;

interface Diagnosed {
  readonly name: string;
  readonly log: ReadLog;
  readonly diagnosis: Diagnosis;
}

/** `trainlint diagnose LOG…`: exit 0 no symptom, 1 symptoms (or a measurement that warns), 2 a log could not be read. */
export async function diagnoseCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.format !== 'pretty' && values.format !== 'json')
    throw new UsageError(`--format ${values.format}: expected pretty or json`);
  if (positionals.length === 0) throw new UsageError('expected at least one log file');
  let failed = false;
  const done: Diagnosed[] = [];
  const measurements: ReadMeasurement[] = [];
  for (const path of positionals) {
    const full = resolve(io.cwd, path);
    const name = relative(io.cwd, full).split(sep).join('/');
    const log = read(full);
    if ('measured' in log) measurements.push(readMeasurement(full, log.measured, values.config, io));
    else if ('problem' in log) {
      io.stderr.write(`trainlint diagnose: ${name}: ${log.problem[io.lang]}\n`);
      failed = true;
    } else done.push({ name, log, diagnosis: diagnose(log.series) });
  }
  if (values.format === 'json') io.stdout.write(asJson(done, measurements, io));
  else {
    for (const each of done) io.stdout.write(pretty(each, io));
    for (const each of measurements) io.stdout.write(prettyMeasurement(each, io));
  }
  if (failed) return 2;
  const warns = measurements.some(({ judgements }) => judgements.some(({ level }) => level === 'warning'));
  return warns || done.some(({ diagnosis }) => diagnosis.symptoms.length > 0) ? 1 : 0;
}

/** A measurement ends what a snippet prints: it is looked for in this many bytes. */
const tail = 65_536;

function read(full: string): ReadLog | { readonly problem: Text } | { readonly measured: Measured } {
  try {
    const bytes = new Uint8Array(readFileSync(full));
    const measured = readMeasured(new TextDecoder().decode(bytes.subarray(-tail)));
    if (measured) return 'problem' in measured ? measured : { measured };
    return readLog(bytes);
  } catch (fault) {
    const reason =
      (fault as NodeJS.ErrnoException).code === 'ENOENT' ? 'ENOENT' : String((fault as Error).message);
    return {
      problem:
        reason === 'ENOENT'
          ? { en: 'there is no such file', ko: '파일이 없습니다' }
          : { en: `cannot be read: ${reason}`, ko: `읽을 수 없습니다: ${reason}` },
    };
  }
}

function asJson(done: readonly Diagnosed[], measurements: readonly ReadMeasurement[], io: CliIo): string {
  const symptoms = done.flatMap(({ name, diagnosis }) =>
    diagnosis.symptoms.map(({ message, ...symptom }) => ({
      type: 'symptom',
      file: name,
      ...symptom,
      message: message[io.lang],
    })),
  );
  const records = [...symptoms, ...measurements.flatMap((each) => measurementRecords(each, io))];
  return `${JSON.stringify(records, null, 2)}\n`;
}

const words = {
  en: {
    none: 'no symptom',
    train: 'training loss',
    val: 'validation loss',
    grad: 'gradient norm',
    loss: 'Loss',
    usual: 'Usual cause',
    fix: 'Try',
    unknown: 'Cannot tell',
    step: 'step',
    epoch: 'epoch',
    at: 'from',
  },
  ko: {
    none: '증상 없음',
    train: '학습 손실',
    val: '검증 손실',
    grad: '그래디언트 노름',
    loss: '손실',
    usual: '흔한 원인',
    fix: '해결책',
    unknown: '판단할 수 없음',
    step: '스텝',
    epoch: '에폭',
    at: '시작',
  },
} as const;

function pretty({ name, log, diagnosis }: Diagnosed, io: CliIo): string {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(40, Math.min(io.width ?? 80, 110));
  const { series } = log;
  const unit = say[series.unit];
  const found = diagnosis.symptoms.flatMap((symptom) => {
    const { cause, fix } = symptomById(symptom.symptom);
    const title = `${colors.magenta('•')} ${colors.bold(headline(symptom)[io.lang])}  ${colors.dim(`${symptom.symptom} · ${unit} ${symptom.step} · ${Math.round(100 * symptom.confidence)} %`)}`;
    const body = `${symptom.message[io.lang]} ${say.usual}: ${cause[io.lang]}. ${say.fix}: ${fix[io.lang]}.`;
    return [title, ...wrap(body, width - 4).map((line) => `  ${line}`)];
  });
  const silent = diagnosis.cannotTell.flatMap(({ symptom, cannotTell }) =>
    wrap(`${symptomById(symptom).name[io.lang]}: ${cannotTell[io.lang]}`, width - 4).map((line, index) =>
      colors.dim(`  ${index === 0 ? '·' : ' '} ${line}`),
    ),
  );
  return [
    `${colors.bold(colors.underline(name))}  ${colors.dim(`${log.format} · ${lastStep(series)} ${unit}`)}\n`,
    plot(lossLines(series, io), {
      title: say.loss,
      width,
      height: 8,
      color: io.color,
      formatX: (x) => `${unit} ${Math.round(x)}`,
    }),
    plot([{ name: say.grad, color: 'cyan', points: points(series, 'gradNorm') }], {
      title: say.grad,
      width,
      height: 5,
      color: io.color,
      logY: true,
      formatX: (x) => `${unit} ${Math.round(x)}`,
    }),
    ...(found.length > 0 ? found : [colors.black(colors.bgGreen(` ${say.none} `))]),
    '',
    ...(silent.length > 0 ? [colors.dim(say.unknown), ...silent, ''] : []),
    '',
  ].join('\n');
}

function lossLines(series: MetricSeries, io: CliIo): PlotLine[] {
  const say = words[io.lang];
  const lines: PlotLine[] = [
    { name: say.train, color: 'cyan', points: points(series, 'loss') },
    { name: say.val, color: 'magenta', points: points(series, 'valLoss') },
  ];
  return lines.filter((line) => line.points.length > 0);
}

function points(
  series: MetricSeries,
  metric: 'loss' | 'valLoss' | 'gradNorm',
): (readonly [number, number])[] {
  const { steps, values } = curve(series, metric);
  return steps.map((step, index) => [step, values[index] ?? Number.NaN] as const);
}
