import { createRunner, RunnerError } from '../../training/runner.ts';
import type { NoPlan, Runner } from '../../training/types.ts';
import { type CliIo, UsageError } from '../io.ts';
import { runSelection, wholeNumber } from './open-run.ts';
import { progressLine } from './progress-line.ts';
import { runnerOptions } from './runner-path.ts';

/** Options of every command that trains a proxy. */
export const trainingOptions = {
  ...runSelection,
  seeds: { type: 'string' },
  seed: { type: 'string' },
  steps: { type: 'string' },
  proxy: { type: 'string' },
  format: { type: 'string', default: 'pretty' },
} as const;

type Said = { readonly [name in 'seeds' | 'seed' | 'steps' | 'proxy']?: string | undefined };

/** What was said of the training, checked; what was not said is absent. */
export function trainingChoice(said: Said): {
  readonly seeds?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly proxy?: string;
} {
  const seeds = wholeNumber('seeds', said.seeds, 1);
  const seed = wholeNumber('seed', said.seed, 0);
  const steps = wholeNumber('steps', said.steps, 1);
  return {
    ...(seeds !== undefined && { seeds }),
    ...(seed !== undefined && { seed }),
    ...(steps !== undefined && { steps }),
    ...(said.proxy !== undefined && { proxy: said.proxy }),
  };
}

export function checkFormat<F extends string>(format: string, known: readonly [F, F]): asserts format is F {
  if (!(known as readonly string[]).includes(format))
    throw new UsageError(`--format ${format}: expected ${known.join(' or ')}`);
}

/** What a training command works with while it trains. */
export interface Training {
  readonly runner: Runner;
  /** Share done, from 0 to 1, and what is being done. */
  progress(done: number, doing: Readonly<Record<CliIo['lang'], string>>): void;
}

/**
 * Trains, shows how far it is, and prints: the exit code is what `print` answers, or 2 with one line on stderr where
 * nothing could be planned or a training process failed. The processes end with it.
 */
export async function trainAndPrint<R extends object>(
  command: string,
  io: CliIo,
  train: (training: Training) => Promise<R | NoPlan>,
  print: (result: R) => number,
): Promise<number> {
  const line = progressLine(io);
  const runner = createRunner(runnerOptions());
  try {
    const result = await train({ runner, progress: (done, doing) => line.update(done, doing[io.lang]) });
    line.end();
    if (!('impossible' in result)) return print(result);
    io.stderr.write(`trainlint ${command}: ${(result as NoPlan).impossible[io.lang]}\n`);
    return 2;
  } catch (fault) {
    line.end();
    if (!(fault instanceof RunnerError)) throw fault;
    io.stderr.write(`trainlint ${command}: ${fault.message}\n`);
    return 2;
  } finally {
    runner.close();
  }
}
