import pc from 'picocolors';
import type { ExplainedSymptom } from '../../diagnosis/explain.ts';
import { symptomById } from '../../knowledge/symptoms.ts';
import { curve, lastStep, type MetricSeries } from '../../symptoms/metric-series.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import { headline } from '../../training/wording.ts';
import { codeFrame, frameIndent } from '../code-frame.ts';
import type { DiagnosedLog } from '../diagnose.ts';
import type { CliIo } from '../io.ts';
import { wrap } from '../wrap.ts';
import type { OpenedRun } from './open-run.ts';
import { type PlotLine, plot } from './plot.ts';

const words = {
  en: {
    none: 'no symptom',
    little: 'too little in this log to judge',
    train: 'training loss',
    val: 'validation loss',
    grad: 'gradient norm',
    loss: 'Loss',
    usual: 'Usual cause',
    fix: 'Try',
    try: 'try',
    cause: 'cause',
    unknown: 'Cannot tell',
    untried: 'measured on your own run; what to try was not trained',
    withConfig: '--config FILE shows the line of your config that causes it.',
    step: 'step',
    epoch: 'epoch',
    many: { step: 'steps', epoch: 'epochs' },
  },
  ko: {
    none: '증상 없음',
    little: '판단하기에는 기록이 너무 적음',
    train: '학습 손실',
    val: '검증 손실',
    grad: '그래디언트 노름',
    loss: '손실',
    usual: '흔한 원인',
    fix: '해결책',
    try: '제안',
    cause: '원인',
    unknown: '판단할 수 없음',
    untried: '실제 학습에서 측정한 결과이며, 제안한 수정은 학습해 보지 않았습니다',
    withConfig: '--config FILE을 주면 설정에서 원인이 되는 줄을 보여 줍니다.',
    step: '스텝',
    epoch: '에폭',
    many: { step: '스텝', epoch: '에폭' },
  },
} as const;

/** For people: the curves, what was found in them, and the line of the config it is laid to. */
export function prettyDiagnosis(done: DiagnosedLog, io: CliIo): string {
  const { name, log, diagnosis, config, explained, otherConfig } = done;
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(40, Math.min(io.width ?? 80, 110));
  const { series } = log;
  const unit = say[series.unit];
  const chart = { width, color: io.color, formatX: (x: number) => `${unit} ${Math.round(x)}` };
  const found = diagnosis.symptoms.flatMap((symptom) => {
    const one = explained.find((each) => each.symptom === symptom);
    const place = `${symptom.symptom} · ${unit} ${symptom.step} · ${Math.round(100 * symptom.confidence)} %`;
    const title = `${colors.magenta('•')} ${colors.bold(headline(symptom)[io.lang])}  ${colors.dim(place)}`;
    return [title, ...(config && one ? explainedLines(one, config, io) : tableLines(symptom, io)), ''];
  });
  const silent = diagnosis.cannotTell.flatMap(({ symptom, cannotTell }) =>
    wrap(`${symptomById(symptom).name[io.lang]}: ${cannotTell[io.lang]}`, width - 4).map((line, index) =>
      colors.dim(`  ${index === 0 ? '·' : ' '} ${line}`),
    ),
  );
  const unjudged = diagnosis.cannotTell.some(({ symptom }) => symptom === 'loss-divergence');
  const nothing = unjudged
    ? colors.black(colors.bgYellow(` ${say.little} `))
    : colors.black(colors.bgGreen(` ${say.none} `));
  const foot = explained.length > 0 ? say.untried : config ? undefined : say.withConfig;
  return [
    `${colors.bold(colors.underline(name))}  ${colors.dim(`${log.format} · ${lastStep(series)} ${say.many[series.unit]}`)}\n`,
    plot(lossLines(series, io), { ...chart, title: say.loss, height: 8 }),
    plot([{ name: say.grad, color: 'cyan', points: points(series, 'gradNorm') }], {
      ...chart,
      title: say.grad,
      height: 5,
      logY: true,
    }),
    ...(found.length > 0 ? found : [nothing, '']),
    ...(otherConfig ? [...wrap(otherConfig[io.lang], width).map((line) => colors.yellow(line)), ''] : []),
    ...(silent.length > 0 ? [colors.dim(say.unknown), ...silent, ''] : []),
    ...(found.length > 0 && foot !== undefined ? [colors.dim(foot), ''] : []),
    '',
  ].join('\n');
}

/** What the table says, where no config was named. */
function tableLines(symptom: Symptom, io: CliIo): string[] {
  const say = words[io.lang];
  const { cause, fix } = symptomById(symptom.symptom);
  const body = `${symptom.message[io.lang]} ${say.usual}: ${cause[io.lang]}. ${say.fix}: ${fix[io.lang]}.`;
  return wrap(body, Math.min(io.width ?? 80, 110) - 4).map((line) => `  ${line}`);
}

/** What was seen, the line it is laid to and why, and what can be written instead. */
function explainedLines(
  { symptom, cause, span, fixes }: ExplainedSymptom,
  { file, name }: OpenedRun,
  io: CliIo,
): string[] {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = io.width ?? 80;
  const { document } = file;
  const label = colors.magenta(colors.bold(say.cause));
  const frame = codeFrame(document, span, { width: width - 2, colors, paint: colors.magenta, label });
  const indent = ' '.repeat(frameIndent(document) + 2);
  const room = Math.min(width - indent.length, 100);
  return [
    ...wrap(symptom.message[io.lang], Math.min(width, 110) - 4).map((line) => `  ${line}`),
    colors.dim(`  ${name}`),
    ...frame
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    ...wrap(cause.why[io.lang], room).map((line) => `${indent}${line}`),
    ...fixes.map(({ change }) => `${indent}${colors.cyan(say.try)} ${change.title[io.lang]}`),
  ];
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
