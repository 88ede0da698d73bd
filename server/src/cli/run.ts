import { parseArgs } from 'node:util';
import { otherPlayer } from '../training/players.ts';
import { cacheFolder } from '../training/run-cache.ts';
import { sanityRun } from '../training/sanity-run.ts';
import type { CliIo } from './io.ts';
import { openRun } from './training/open-run.ts';
import { jsonLines } from './training/run-jsonl.ts';
import { prettyReport } from './training/run-pretty.ts';
import { checkFormat, trainAndPrint, trainingChoice, trainingOptions } from './training/train.ts';

const options = { ...trainingOptions, 'verify-fixes': { type: 'boolean', default: false } } as const;

/** `trainlint run CONFIG`: exit 0 healthy, 1 symptoms found, 2 could not run. */
export async function runCommand(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  checkFormat(values.format, ['pretty', 'jsonl']);
  const choice = trainingChoice(values);
  const cache = cacheFolder();
  const lines = values.format === 'jsonl' ? jsonLines(io) : undefined;
  let name = '';
  return trainAndPrint(
    'run',
    io,
    ({ runner, progress }) => {
      // The processes load the kernels while this one reads the config.
      runner.warm?.();
      const opened = openRun(positionals, values, io);
      name = opened.name;
      const other = otherPlayer(opened.file.runs, opened.run);
      return sanityRun(opened.run, {
        ...choice,
        runner,
        verifyFixes: values['verify-fixes'],
        ...(cache !== undefined && { cache }),
        ...(other && { otherPlayer: other }),
        onEvent: (event) => {
          lines?.event(event);
          if (event.type === 'progress')
            progress(event.done, { en: 'training the proxy', ko: '대리 모델 학습 중' });
        },
      });
    },
    (report) => {
      if (lines) lines.end(report);
      else io.stdout.write(prettyReport(name, report, io));
      return report.healthy ? 0 : 1;
    },
  );
}
