import type { StepRecord } from '@trainlint/kernels';
import pc from 'picocolors';
import { symptomById } from '../../knowledge/symptoms.ts';
import { show } from '../../number-text.ts';
import { largest, smallest } from '../../symptoms/statistics.ts';
import type { FixResult, SanityReport, Verdict } from '../../training/types.ts';
import { headline } from '../../training/wording.ts';
import type { CliIo } from '../io.ts';
import { displayWidth, wrap } from '../wrap.ts';
import { type PlotLine, plot } from './plot.ts';
import { table } from './text-table.ts';

type Colors = ReturnType<typeof pc.createColors>;

const words = {
  en: {
    config: 'your config',
    reference: 'reference',
    fixed: 'with the best fix',
    loss: 'Loss of the proxy',
    return: 'Return',
    modes: 'Modes reached',
    gradNorm: 'Gradient norm (before clipping)',
    steps: 'step',
    scaled: 'What was carried over',
    yours: 'yours',
    proxy: 'proxy',
    setting: 'setting',
    rule: 'rule',
    fixes: 'Fixes, each trained on the proxy with the same seeds and data',
    fix: 'fix',
    verdict: 'verdict',
    ratio: 'end loss / reference',
    seeds: 'seeds',
    blind: 'This proxy cannot show',
    mind: 'Mind',
    unknown: 'not said',
    diverged: 'diverged',
    healthy: 'healthy',
    sick: 'symptoms',
  },
  ko: {
    config: '내 설정',
    reference: '기준 실행',
    fixed: '가장 나은 수정 적용',
    loss: '대리 모델의 손실',
    return: '리턴',
    modes: '도달한 모드 수',
    gradNorm: '그래디언트 노름(클리핑 전)',
    steps: '스텝',
    scaled: '대리 모델로 옮긴 값',
    yours: '설정',
    proxy: '대리 모델',
    setting: '항목',
    rule: '규칙',
    fixes: '수정안(대리 모델에서 같은 시드와 데이터로 각각 학습)',
    fix: '수정',
    verdict: '결과',
    ratio: '마지막 손실 / 기준',
    seeds: '시드',
    blind: '이 대리 모델로는 알 수 없는 증상',
    mind: '유의할 점',
    unknown: '없음',
    diverged: '발산',
    healthy: '정상',
    sick: '증상 있음',
  },
} as const;

const verdicts: Readonly<
  Record<Verdict, { en: string; ko: string; paint: 'green' | 'yellow' | 'dim' | 'red' }>
> = {
  heals: { en: 'heals', ko: '낫습니다', paint: 'green' },
  partly: { en: 'partly', ko: '일부 나아짐', paint: 'yellow' },
  no: { en: 'no', ko: '효과 없음', paint: 'dim' },
  worse: { en: 'worse', ko: '나빠짐', paint: 'red' },
};

/** The report for people: curves, verdict, fixes, what was scaled, what to mind. */
export function prettyReport(name: string, report: SanityReport, io: CliIo): string {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(40, Math.min(io.width ?? 80, 110));
  const parts = [
    heading(name, report, io, colors),
    curves(report, width, io),
    verdict(report, width, io, colors),
    report.fixes.length > 0 ? fixesTable(report, width, io, colors) : '',
    `${colors.bold(say.scaled)}\n${scaledTable(report, width, io, colors)}`,
    list(
      say.mind,
      report.caveats.map((caveat) => caveat[io.lang]),
      width,
      colors,
    ),
    list(
      say.blind,
      report.cannotTell.map(
        ({ symptom, cannotTell }) => `${symptomById(symptom).name[io.lang]}: ${cannotTell[io.lang]}`,
      ),
      width,
      colors,
    ),
    report.cannotTell.length > 0 ? ownModel(name, width, io) : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

/** What a proxy cannot show, the user's own model can. */
function ownModel(name: string, width: number, { lang }: CliIo): string {
  // Quoted where a shell would take it apart.
  const file = /^[\w./@:+-]+$/.test(name) ? name : `'${name}'`;
  const sentence = {
    en: `Measure the same on your own model: trainlint snippet ${file} writes a Python script for it.`,
    ko: `실제 모델에서 직접 측정하려면: trainlint snippet ${file} 명령이 파이썬 스크립트를 만들어 줍니다.`,
  }[lang];
  return `${wrap(sentence, width).join('\n')}\n`;
}

function heading(
  name: string,
  { plan, backend, seconds, seeds }: SanityReport,
  io: CliIo,
  colors: Colors,
): string {
  const facts = [
    plan.proxy,
    plan.spec.optimizer.kind,
    io.lang === 'ko' ? `${plan.spec.steps} 스텝` : `${plan.spec.steps} steps`,
    io.lang === 'ko' ? `시드 ${seeds}개` : `${seeds} seeds`,
    backend,
    `${seconds.toFixed(1)} s`,
  ];
  return `${colors.bold(colors.underline(name))}  ${colors.dim(facts.join(' · '))}\n${colors.dim(plan.why[io.lang])}\n`;
}

function curves(report: SanityReport, width: number, io: CliIo): string {
  const say = words[io.lang];
  const best = report.fixes.find(({ verdict: each }) => each === 'heals' || each === 'partly');
  const lines = (value: (record: StepRecord) => number | undefined): PlotLine[] => [
    {
      name: say.config,
      points: points(report.run.records, value),
      color: report.healthy ? 'cyan' : 'magenta',
    },
    { name: say.reference, points: points(report.referenceRun.records, value), color: 'dim' },
    ...(best ? [{ name: say.fixed, points: points(best.records, value), color: 'green' as const }] : []),
  ];
  const objective = (['return', 'modes'] as const).find(
    (each) => report.run.records.at(-1)?.metrics?.[each] !== undefined,
  );
  const losses = lines(({ loss, probeLoss, metrics }) =>
    objective
      ? metrics?.[objective]
      : (probeLoss ?? (report.run.initial.probeLoss === undefined ? loss : undefined)),
  );
  const lossValues = losses.flatMap((line) => line.points.map(([, y]) => y));
  const spread = largest(lossValues) / smallest(lossValues);
  const shared = {
    width,
    height: 8,
    color: io.color,
    formatX: (x: number) => `${say.steps} ${Math.round(x)}`,
  };
  return [
    plot(losses, {
      ...shared,
      title: say[objective ?? 'loss'],
      logY: spread > 30 && smallest(lossValues) > 0,
    }),
    plot(
      lines(({ gradNorm }) => gradNorm),
      { ...shared, title: say.gradNorm, height: 6, logY: true },
    ),
  ].join('\n');
}

function points(
  records: readonly StepRecord[],
  value: (record: StepRecord) => number | undefined,
): (readonly [number, number])[] {
  return records.flatMap((record) => {
    const y = value(record);
    return y !== undefined && Number.isFinite(y) ? [[record.step, y] as const] : [];
  });
}

function verdict(
  { healthy, symptoms, verdict: sentence }: SanityReport,
  width: number,
  io: CliIo,
  colors: Colors,
): string {
  const say = words[io.lang];
  const badge = healthy
    ? colors.black(colors.bgGreen(` ${say.healthy} `))
    : colors.black(colors.bgMagenta(` ${say.sick} `));
  const lines = wrap(sentence[io.lang], width - 2).map((line) => `  ${line}`);
  const rest = symptoms
    .slice(1)
    .flatMap(({ shown, seeds, message, ...symptom }) =>
      wrap(`${headline(symptom)[io.lang]} (${shown}/${seeds}): ${message[io.lang]}`, width - 4).map(
        (line, part) => `  ${part === 0 ? colors.magenta('•') : ' '} ${line}`,
      ),
    );
  return `${badge}\n${[...lines, ...rest].join('\n')}\n`;
}

function fixesTable({ fixes, symptoms }: SanityReport, width: number, io: CliIo, colors: Colors): string {
  const say = words[io.lang];
  const number = (ratio: number) => (Number.isFinite(ratio) ? `${ratio.toFixed(2)}×` : say.diverged);
  const groups = new Map<string, FixResult[]>();
  for (const fix of fixes) groups.set(fix.symptom, [...(groups.get(fix.symptom) ?? []), fix]);
  const rows = [...groups].flatMap(([, group]) => {
    const [first] = group;
    const named = symptoms.find(({ symptom }) => symptom === first?.symptom);
    const title = named && groups.size > 1 ? [[colors.dim(headline(named)[io.lang])]] : [];
    return [
      ...title,
      ...group.map(({ change, verdict: each, before, ratio, healed, shown }) => [
        change.title[io.lang],
        colors[verdicts[each].paint](verdicts[each][io.lang]),
        `${number(before)} → ${number(ratio)}`,
        `${healed}/${shown}`,
      ]),
    ];
  });
  return `${colors.bold(say.fixes)}\n${table([say.fix, say.verdict, say.ratio, say.seeds], rows, width)}`;
}

/** Four columns; a rule that does not fit goes on in the next lines. */
function scaledTable({ plan }: SanityReport, width: number, io: CliIo, colors: Colors): string {
  const say = words[io.lang];
  const value = (each: number | string | undefined) =>
    each === undefined ? say.unknown : typeof each === 'number' ? show(each, 4) : each;
  const cells = plan.scaled.map(({ what, from, to }) => [what[io.lang], value(from), value(to)]);
  const header = [say.setting, say.yours, say.proxy];
  const taken = header.map((title, column) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[column] ?? ''))),
  );
  const room = Math.max(20, width - 2 - taken.reduce((sum, each) => sum + each + 2, 0));
  const rows = plan.scaled.flatMap(({ rule }, index) =>
    wrap(rule[io.lang], room).map((line, part) => [
      ...(part === 0 ? (cells[index] ?? []) : ['', '', '']),
      colors.dim(line),
    ]),
  );
  return table([...header, say.rule], rows, width, 3);
}

function list(title: string, entries: readonly string[], width: number, colors: Colors): string {
  if (entries.length === 0) return '';
  const body = entries.flatMap((entry) =>
    wrap(entry, width - 4).map((line, index) => `  ${index === 0 ? '·' : ' '} ${line}`),
  );
  return `${colors.bold(title)}\n${colors.dim(body.join('\n'))}\n`;
}
