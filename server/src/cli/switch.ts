import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { show } from '../number-text.ts';
import { type Arm, type ArmId, type SwitchReport, trySwitching } from '../training/switching.ts';
import { armName, percent, ratesText } from '../training/switching-words.ts';
import { type CliIo, UsageError } from './io.ts';
import { openRun } from './training/open-run.ts';
import { type PlotLine, plot } from './training/plot.ts';
import { table } from './training/text-table.ts';
import { checkFormat, trainAndPrint, trainingChoice, trainingOptions } from './training/train.ts';
import { wrap } from './wrap.ts';

const options = { ...trainingOptions, at: { type: 'string' } } as const;

/** `trainlint switch CONFIG`: exit 0, or 2 when it could not run. */
export async function switchCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  checkFormat(values.format, ['pretty', 'json']);
  const { name, run } = openRun(positionals, values, io);
  const at = share(values.at);
  const choice = trainingChoice(values);
  return trainAndPrint(
    'switch',
    io,
    ({ runner, progress }) =>
      trySwitching(run, {
        ...choice,
        runner,
        ...(at !== undefined && { at }),
        onProgress: (done) => progress(done, { en: 'training', ko: '학습 중' }),
      }),
    (report) => {
      io.stdout.write(values.format === 'json' ? asJson(name, report, io) : pretty(name, report, io));
      return 0;
    },
  );
}

function share(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !(number > 0 && number < 1))
    throw new UsageError(`--at ${value}: expected a share of the run between 0 and 1, as in 0.6`);
  return number;
}

function asJson(
  name: string,
  { plan, change, rates, arms, verdict, stages, ...report }: SwitchReport,
  io: CliIo,
): string {
  const record = {
    file: name,
    evidence: 'proxy',
    proxy: plan.proxy,
    why: plan.why[io.lang],
    steps: plan.spec.steps,
    ...report,
    at: report.at ?? null,
    rates: { ...rates, what: rates.what[io.lang] },
    change: { title: change.title[io.lang], operations: change.operations },
    arms: arms.map(({ records: _, ...arm }) => arm),
    verdict: verdict[io.lang],
    stages: stages.map((stage) => stage[io.lang]),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

const words = {
  en: {
    title: 'Validation loss',
    step: 'step',
    seeds: 'seeds',
    way: 'how it was trained',
    end: 'end validation loss by seed',
    beside: "median over Adam's",
    better: 'lower on',
    evidence: 'Proxy evidence',
    diverged: 'diverged',
    stalls: 'Stalls from, by seed:',
    switches: 'Switched after:',
    rates: 'Learning rates',
    how: 'How to do it',
  },
  ko: {
    title: '검증 손실',
    step: '스텝',
    seeds: '시드',
    way: '학습 방식',
    end: '시드별 마지막 검증 손실',
    beside: 'Adam 대비(중앙값)',
    better: '더 낮은 시드',
    evidence: '대리 모델 근거',
    diverged: '발산',
    stalls: '시드별 정체 시작:',
    switches: '시드별 전환 시점:',
    rates: '학습률',
    how: '실제로 전환하려면',
  },
} as const;

const colorOf: Readonly<Record<ArmId, PlotLine['color']>> = { adam: 'cyan', switch: 'green', sgd: 'yellow' };

function pretty(name: string, report: SwitchReport, io: CliIo): string {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(60, Math.min(io.width ?? 80, 110));
  const { plan, arms, points, rates, seeds } = report;
  const facts = [plan.proxy, `${plan.spec.steps} ${say.step}`, `${seeds} × ${say.seeds}`];
  const loss = (value: number) => (Number.isFinite(value) ? show(value, 3) : colors.red(say.diverged));
  const row = (arm: Arm) => [
    armName(arm.id, report)[io.lang],
    arm.losses.map(loss).join(' · '),
    arm.id === 'adam' || !Number.isFinite(arm.ratio) ? '' : `${arm.ratio.toFixed(2)}×`,
    arm.id === 'adam' ? '' : `${arm.better}/${arm.losses.length}`,
  ];
  const paragraph = (text: string) =>
    wrap(text, width - 2)
      .map((line) => `  ${line}`)
      .join('\n');
  const shares = (of: (point: SwitchReport['points'][number]) => number | undefined) =>
    points.flatMap((point) => of(point) ?? []).map(percent);
  const begins = shares((point) => point.begins);
  const places =
    report.at === undefined
      ? []
      : [
          ...(begins.length > 0 ? [`${say.stalls} ${begins.join(' · ')}`] : []),
          `${say.switches} ${shares((point) => point.at).join(' · ')}`,
        ];
  return [
    `${colors.bold(colors.underline(name))}  ${colors.dim(facts.join(' · '))}`,
    colors.dim(plan.why[io.lang]),
    '',
    curves(report, width, io),
    `${colors.black(colors.bgCyan(` ${say.evidence} `))}`,
    paragraph(report.verdict[io.lang]),
    ...places.map((place) => colors.dim(paragraph(place))),
    '',
    table([say.way, say.end, say.beside, say.better], arms.map(row), width),
    colors.bold(say.rates),
    paragraph(ratesText(report)[io.lang]),
    colors.dim(paragraph(rates.source)),
    '',
    colors.bold(say.how),
    ...report.stages.flatMap((stage) =>
      wrap(stage[io.lang], width - 4).map((line, part) => `  ${part === 0 ? '·' : ' '} ${line}`),
    ),
    '',
  ].join('\n');
}

function curves(report: SwitchReport, width: number, io: CliIo): string {
  const { step, title } = words[io.lang];
  const lines = report.arms.map(
    (arm): PlotLine => ({
      name: armName(arm.id, report)[io.lang],
      color: colorOf[arm.id],
      points: arm.records.flatMap(({ step: at, valLoss }) =>
        valLoss !== undefined && valLoss > 0 ? [[at, valLoss] as const] : [],
      ),
    }),
  );
  const first = report.points[0];
  return plot(lines, {
    title,
    width,
    height: 10,
    color: io.color,
    logY: true,
    formatX: (x) => `${step} ${Math.round(x)}`,
    ...(first && report.at !== undefined && { markX: first.at * report.plan.spec.steps }),
  });
}
