import { parseArgs } from 'node:util';
import { otherPlayer } from '../training/players.ts';
import { cacheFolder } from '../training/run-cache.ts';
import { createRunner, RunnerError } from '../training/runner.ts';
import { sanityRun } from '../training/sanity-run.ts';
import type { SanityEvent } from '../training/types.ts';
import { type CliIo, UsageError } from './io.ts';
import { openRun, runSelection, wholeNumber } from './training/open-run.ts';
import { progressLine } from './training/progress-line.ts';
import { jsonLines } from './training/run-jsonl.ts';
import { prettyReport } from './training/run-pretty.ts';
import { runnerOptions } from './training/runner-path.ts';

const options = {
  ...runSelection,
  steps: { type: 'string' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  proxy: { type: 'string' },
  format: { type: 'string', default: 'pretty' },
  'verify-fixes': { type: 'boolean', default: false },
} as const;

/** `trainlint run CONFIG`: exit 0 healthy, 1 symptoms found, 2 could not run. */
export async function runCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.format !== 'pretty' && values.format !== 'jsonl')
    throw new UsageError(`--format ${values.format}: expected pretty or jsonl`);
  const steps = wholeNumber('steps', values.steps, 1);
  const seed = wholeNumber('seed', values.seed, 0);
  const seeds = wholeNumber('seeds', values.seeds, 1);
  const cache = cacheFolder();
  const lines = values.format === 'jsonl' ? jsonLines(io) : undefined;
  const progress = progressLine(io);
  const runner = createRunner(runnerOptions());
  try {
    // The processes load the kernels while this one reads the config.
    runner.warm?.();
    const { name, run, file } = openRun(positionals, values, io);
    const other = otherPlayer(file.runs, run);
    const report = await sanityRun(run, {
      runner,
      verifyFixes: values['verify-fixes'],
      ...(cache !== undefined && { cache }),
      ...(other && { otherPlayer: other }),
      ...(steps !== undefined && { steps }),
      ...(seed !== undefined && { seed }),
      ...(seeds !== undefined && { seeds }),
      ...(values.proxy !== undefined && { proxy: values.proxy }),
      onEvent: (event) => {
        lines?.event(event);
        showProgress(event);
      },
    });
    progress.end();
    if ('impossible' in report) {
      io.stderr.write(`trainlint run: ${report.impossible[io.lang]}\n`);
      return 2;
    }
    if (lines) lines.end(report);
    else io.stdout.write(prettyReport(name, report, io));
    return report.healthy ? 0 : 1;
  } catch (fault) {
    progress.end();
    if (!(fault instanceof RunnerError)) throw fault;
    io.stderr.write(`trainlint run: ${fault.message}\n`);
    return 2;
  } finally {
    runner.close();
  }

  function showProgress(event: SanityEvent): void {
    if (event.type !== 'progress') return;
    const doing = { en: 'training the proxy', ko: '대리 모델 학습 중' };
    progress.update(event.done, doing[io.lang]);
  }
}
