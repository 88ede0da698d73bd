import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { benchmarks } from '../knowledge/benchmarks.ts';
import { show } from '../number-text.ts';
import { type Comparison, type Contestant, compareOptimizers, phases } from '../training/compare.ts';
import { type CliIo, UsageError } from './io.ts';
import { openRun } from './training/open-run.ts';
import { table } from './training/text-table.ts';
import { checkFormat, trainAndPrint, trainingChoice, trainingOptions } from './training/train.ts';

const options = { ...trainingOptions, optimizers: { type: 'string' } } as const;

const published = benchmarks.convergenceSpeed.rows;

/** `trainlint compare CONFIG`: exit 0, or 2 when it could not run. Without `--optimizers` those of the source's table. */
export async function compareCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  checkFormat(values.format, ['pretty', 'json']);
  const optimizers =
    values.optimizers === undefined
      ? published.map(({ id }) => id as string)
      : values.optimizers
          .split(',')
          .map((each) => each.trim())
          .filter((each) => each !== '');
  if (optimizers.length === 0)
    throw new UsageError('--optimizers: expected ids separated by commas, as in sgd,adam');
  const { name, run } = openRun(positionals, values, io);
  const choice = trainingChoice(values);
  return trainAndPrint(
    'compare',
    io,
    ({ runner, progress }) =>
      compareOptimizers(run, {
        ...choice,
        runner,
        optimizers: [...new Set(optimizers)],
        onProgress: (done) => progress(done, { en: 'training', ko: '학습 중' }),
      }),
    (result) => {
      io.stdout.write(values.format === 'json' ? asJson(name, result, io) : pretty(name, result, io));
      return 0;
    },
  );
}

function asJson(name: string, { why, ...result }: Comparison, io: CliIo): string {
  const contestants = result.contestants.map((each) => ({
    ...each,
    published: publishedRow(each.optimizer) ?? null,
  }));
  const record = {
    file: name,
    ...result,
    why: why[io.lang],
    contestants,
    caveat: benchmarks.caveat[io.lang],
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

function publishedRow(optimizer: string) {
  const row = published.find(({ id }) => id === optimizer);
  return (
    row && {
      early: row.early.factor,
      middle: row.middle.factor,
      final: row.final.factor,
      timePercent: row.totalTimePercent,
    }
  );
}

const words = {
  en: {
    optimizer: 'optimizer',
    rate: 'rate',
    end: 'end loss',
    early: 'early',
    middle: 'middle',
    final: 'final',
    time: 'time',
    here: 'measured on the proxy',
    there: '(in brackets: what the comparison table says)',
    target: 'Target loss',
    diverged: 'diverged',
    untuned: 'rate not tuned on this proxy',
    caveat:
      'Steps to the loss that all reached, each at its own tuned rate; relative to the first. The order can differ on your model.',
  },
  ko: {
    optimizer: '옵티마이저',
    rate: '학습률',
    end: '마지막 손실',
    early: '초기',
    middle: '중기',
    final: '최종',
    time: '시간',
    here: '대리 모델에서 측정',
    there: '(괄호 안: 비교 표의 값)',
    target: '목표 손실',
    diverged: '발산',
    untuned: '이 대리 모델에서 조정하지 않은 학습률',
    caveat:
      '모두가 도달한 손실까지의 스텝 수를 첫 번째 옵티마이저와 비교한 값입니다. 각각 조정한 학습률을 썼으며, 실제 모델에서는 순서가 달라질 수 있습니다.',
  },
} as const;

function pretty(name: string, result: Comparison, io: CliIo): string {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(60, Math.min(io.width ?? 80, 110));
  const beside = (own: number | undefined, theirs: number | undefined, unit: string) => {
    const left = own === undefined ? '–' : `${show(own, own >= 10 ? 3 : 2)}${unit}`;
    return theirs === undefined ? left : `${left} ${colors.dim(`(${theirs}${unit})`)}`;
  };
  const row = (each: Contestant) => {
    const theirs = publishedRow(each.optimizer);
    return [
      each.optimizer,
      `${show(each.learningRate)}${each.tuned ? '' : colors.yellow('*')}`,
      Number.isFinite(each.endLoss) ? show(each.endLoss, 3) : colors.red(say.diverged),
      ...phases.map((phase) => beside(each.speed[phase], theirs?.[phase], '×')),
      beside(each.timePercent && Math.round(each.timePercent), theirs?.timePercent, '%'),
    ];
  };
  return [
    `${colors.bold(colors.underline(name))}  ${colors.dim(`${result.proxy} · ${result.steps} · ${result.seeds} seeds`)}`,
    colors.dim(result.why[io.lang]),
    '',
    `${colors.bold(say.here)} ${colors.dim(say.there)}  ${say.target} ${show(result.target, 3)}`,
    table(
      [say.optimizer, say.rate, say.end, say.early, say.middle, say.final, say.time],
      result.contestants.map(row),
      width,
    ),
    ...(result.contestants.some(({ tuned }) => !tuned) ? [`${colors.yellow('*')} ${say.untuned}`] : []),
    colors.dim(say.caveat),
    colors.dim(benchmarks.caveat[io.lang]),
    '',
  ].join('\n');
}
