import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { show } from '../number-text.ts';
import { rateGrid, type SweepReport, sweepRates } from '../training/sweep.ts';
import { type CliIo, UsageError } from './io.ts';
import { openRun } from './training/open-run.ts';
import { plot } from './training/plot.ts';
import { table } from './training/text-table.ts';
import { checkFormat, trainAndPrint, trainingChoice, trainingOptions } from './training/train.ts';

const options = { ...trainingOptions, lr: { type: 'string' }, shard: { type: 'string' } } as const;

/** `trainlint sweep CONFIG`: exit 0 with a suggestion, 1 without one, 2 could not run. */
export async function sweepCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  checkFormat(values.format, ['pretty', 'json']);
  const { name, run } = openRun(positionals, values, io);
  const rates = values.lr === undefined ? undefined : readRange(values.lr);
  const shard = values.shard === undefined ? undefined : readShard(values.shard);
  const choice = trainingChoice(values);
  return trainAndPrint(
    'sweep',
    io,
    ({ runner, progress }) =>
      sweepRates(run, {
        ...choice,
        runner,
        ...(rates && { rates }),
        ...(shard && { shard }),
        onProgress: (done) => progress(done, { en: 'range test', ko: '범위 시험' }),
      }),
    (report) => {
      io.stdout.write(values.format === 'json' ? asJson(name, report, io) : pretty(name, report, io));
      return 'none' in report.suggestion ? 1 : 0;
    },
  );
}

function readRange(value: string): number[] {
  const [low, high, points] = value.split(':').map(Number);
  const number = points ?? 13;
  const fits =
    low !== undefined &&
    high !== undefined &&
    low > 0 &&
    high > low &&
    Number.isInteger(number) &&
    number > 1 &&
    number <= 200;
  if (!fits || value.split(':').length > 3)
    throw new UsageError(
      `--lr ${value}: expected MIN:MAX:N with 0 < MIN < MAX and N from 2 to 200, as in 1e-5:1e-1:13`,
    );
  return rateGrid(low, high, number);
}

function readShard(value: string): { index: number; count: number } {
  const [index, count, more] = value.split('/').map(Number);
  const fits =
    index !== undefined &&
    count !== undefined &&
    Number.isInteger(index) &&
    Number.isInteger(count) &&
    index >= 1 &&
    index <= count;
  if (!fits || more !== undefined) throw new UsageError(`--shard ${value}: expected I/N with 1 <= I <= N`);
  return { index, count };
}

function asJson(
  name: string,
  { plan, points, configured, startLoss, suggestion }: SweepReport,
  io: CliIo,
): string {
  const said =
    'none' in suggestion
      ? { none: suggestion.none[io.lang] }
      : { ...suggestion, why: suggestion.why[io.lang] };
  const record = {
    file: name,
    proxy: plan.proxy,
    optimizer: plan.spec.optimizer.kind,
    steps: plan.spec.steps,
    configured,
    startLoss,
    points,
    suggestion: said,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

const words = {
  en: {
    title: 'End loss by learning rate',
    rate: 'learning rate',
    proxy: 'in the proxy',
    loss: 'end loss',
    seeds: 'per seed',
    diverged: 'diverged',
    yours: '← your config',
    suggestion: 'Suggestion',
    none: 'No suggestion',
    range: 'good from',
    to: 'to',
    limit: 'breaks at',
    caveat: 'Proxy evidence: a factor of ten is resolved, one below three is not.',
  },
  ko: {
    title: '학습률별 마지막 손실',
    rate: '학습률',
    proxy: '대리 모델',
    loss: '마지막 손실',
    seeds: '시드별',
    diverged: '발산',
    yours: '← 현재 설정',
    suggestion: '제안',
    none: '제안 없음',
    range: '좋은 범위',
    to: '~',
    limit: '무너지는 값',
    caveat: '대리 모델 근거: 10배 차이는 드러나지만 3배 미만의 차이는 드러나지 않습니다.',
  },
} as const;

function pretty(
  name: string,
  { plan, points, configured, startLoss, suggestion }: SweepReport,
  io: CliIo,
): string {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(40, Math.min(io.width ?? 80, 110));
  // What diverged or went back above the start is drawn at the start's height.
  const drawn = (loss: number) => (Number.isFinite(loss) ? Math.min(loss, startLoss) : startLoss);
  const nearest = points.reduce(
    (a, b) => (distance(b.learningRate, configured) < distance(a.learningRate, configured) ? b : a),
    points[0] ?? { learningRate: 0 },
  );
  const rows = points.map(({ learningRate, proxyRate, loss, losses }) => [
    show(learningRate, 3),
    show(proxyRate, 3),
    Number.isFinite(loss) ? show(loss, 4) : colors.red(say.diverged),
    colors.dim(losses.map((each) => (Number.isFinite(each) ? show(each, 3) : '∞')).join(' ')),
    learningRate === nearest.learningRate ? colors.yellow(say.yours) : '',
  ]);
  const advice =
    'none' in suggestion
      ? `${colors.black(colors.bgYellow(` ${say.none} `))} ${suggestion.none[io.lang]}`
      : `${colors.black(colors.bgGreen(` ${say.suggestion} `))} ${colors.bold(show(suggestion.learningRate))}  ${colors.dim(suggestion.why[io.lang])}\n  ${say.range} ${show(suggestion.low)} ${say.to} ${show(suggestion.high)}${suggestion.limit === undefined ? '' : ` · ${say.limit} ${show(suggestion.limit)}`}`;
  return [
    `${colors.bold(colors.underline(name))}  ${colors.dim([plan.proxy, plan.spec.optimizer.kind, plan.spec.steps].join(' · '))}\n`,
    plot(
      [
        {
          name: say.loss,
          color: 'cyan',
          points: points.map(({ learningRate, loss }) => [learningRate, drawn(loss)] as const),
        },
      ],
      {
        title: say.title,
        width,
        height: 10,
        color: io.color,
        logX: true,
        formatX: (x) => show(x),
        ...(configured !== undefined && { markX: configured }),
      },
    ),
    table([say.rate, say.proxy, say.loss, say.seeds, ''], rows, width, 3),
    `${advice}\n`,
    `${colors.dim(say.caveat)}\n`,
  ].join('\n');
}

function distance(rate: number, configured: number | undefined): number {
  return configured ? Math.abs(Math.log(rate / configured)) : Number.POSITIVE_INFINITY;
}
