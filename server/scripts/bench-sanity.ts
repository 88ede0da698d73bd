/**
 * Measures how long a sanity run lets people wait, on configs with a planted trouble: to the first point of the curve,
 * to the verdict (user and reference), to the first fix that heals, to the end.
 *
 *   npx tsx server/scripts/bench-sanity.ts [architecture…] [--rounds 3] [--warm] [--kept]
 *
 * Prints medians over the rounds. Wall time depends on what else the machine does; the mini-runs, their steps and the
 * runners' CPU time (Linux) do not. `--warm` takes every round in one session, with a rate slightly off the last one's,
 * as somebody does who edits and runs again. `--kept` finds healthy twins and pre-trained weights in a cache folder, as
 * every run but the first does on a machine; without it there is none.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openConfig } from '../src/engine/open.ts';
import type { TrainingRun } from '../src/run/training-run.ts';
import { median } from '../src/symptoms/statistics.ts';
import { createRunner } from '../src/training/runner.ts';
import { sanityRun } from '../src/training/sanity-run.ts';
import type { Runner } from '../src/training/types.ts';

const runnerPath = fileURLToPath(new URL('../../dist/runner.mjs', import.meta.url));
const example = readFileSync(new URL('../../examples/bert-finetune.yaml', import.meta.url), 'utf8');

/** Ten times the usual rate and more, a constant schedule: something to find, and something that heals it. */
const configs: Readonly<Record<string, (rate: (usual: number) => number) => string>> = {
  bert: (rate) => example.replace(/learning_rate: \S+/, `learning_rate: ${rate(1e-3).toFixed(7)}`),
  resnet: (rate) => config('resnet', 'cv-cnn', 'sgd\nmomentum: 0.9', rate(3), 'dataset-size=50000'),
  unet: (rate) => config('unet', 'cv-cnn', 'adam', rate(1e-2), 'dataset-size=20000'),
  gpt: (rate) => config('gpt', 'llm', 'adamw', rate(2e-2), ''),
  lstm: (rate) => config('lstm', 'timeseries-rnn', 'adam', rate(0.1), 'dataset-size=50000'),
  mlp: (rate) => config('', 'on-device', 'adam', rate(0.1), 'dataset-size=50000'),
};

function config(architecture: string, domain: string, optimizer: string, rate: number, more: string): string {
  return `# trainlint: ${architecture && `architecture=${architecture} `}domain=${domain} ${more}
optimizer: ${optimizer}
learning_rate: ${rate.toFixed(7)}
batch_size: 32
epochs: 10
lr_scheduler: constant
`;
}

interface Times {
  readonly first: number;
  readonly verdict: number;
  readonly best: number;
  readonly end: number;
  readonly runs: number;
  readonly steps: number;
  readonly cpu: number;
}

/** The face of each session's runner, see {@link sharing}. */
const counters = new WeakMap<Runner, { current: Runner; face: Runner }>();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    warm: { type: 'boolean', default: false },
    kept: { type: 'boolean', default: false },
  },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(configs);
const rounds = Number(values.rounds);
const cache = values.kept ? mkdtempSync(join(tmpdir(), 'trainlint-bench-')) : undefined;

process.stdout.write(
  `${values.warm ? 'warm' : 'cold'}${values.kept ? ', twins kept' : ''}, medians of ${rounds}\n` +
    'proxy     first point   verdict  best fix       all   mini-runs   steps   CPU of runners\n',
);
for (const name of chosen) {
  const make = configs[name];
  if (!make) throw new Error(`no config for ${name}; there are ${Object.keys(configs).join(', ')}`);
  const taken: Times[] = [];
  let runner = createRunner({ runnerPath, cache });
  if (values.warm || values.kept) await measure(runOf(make((usual) => usual * 0.97)), runner);
  for (let round = 0; round < rounds; round++) {
    if (!values.warm) {
      runner.close();
      runner = createRunner({ runnerPath, cache });
    }
    taken.push(await measure(runOf(make((usual) => usual * (1 + 0.01 * round))), runner));
  }
  runner.close();
  const of = (key: keyof Times) => median(taken.map((each) => each[key]));
  const seconds = (key: keyof Times) => `${(of(key) / 1000).toFixed(2)} s`.padStart(10);
  process.stdout.write(
    `${name.padEnd(9)}${`${Math.round(of('first'))} ms`.padStart(12)}${seconds('verdict')}${seconds('best')}${seconds('end')}` +
      `${String(of('runs')).padStart(12)}${String(of('steps')).padStart(8)}${seconds('cpu').padStart(17)}\n`,
  );
}
if (cache !== undefined) rmSync(cache, { recursive: true, force: true });

function runOf(text: string): TrainingRun {
  const run = openConfig(text, 'bench.yaml', {}).file?.runs[0];
  if (!run) throw new Error(`not read as a config:\n${text}`);
  return run;
}

async function measure(run: TrainingRun, runner: Runner): Promise<Times> {
  const counts = { runs: 0, steps: 0 };
  const counted: Runner = {
    ...runner,
    run: async (spec, options) => {
      const result = await runner.run(spec, options);
      counts.runs++;
      counts.steps += result.records.length;
      return result;
    },
  };
  const before = cpuOfChildren();
  const used = () => {
    let sum = 0;
    for (const [pid, milliseconds] of cpuOfChildren()) sum += milliseconds - (before.get(pid) ?? 0);
    return sum;
  };
  const began = performance.now();
  let first: number | undefined;
  let verdict: number | undefined;
  let best: number | undefined;
  const since = () => performance.now() - began;
  await sanityRun(run, {
    runner: values.warm ? sharing(runner, counted) : counted,
    verifyFixes: true,
    ...(cache !== undefined && { cache }),
    onEvent: (event) => {
      if (event.type === 'steps' && event.of === 'run') first ??= since();
      if (event.type === 'symptom' || event.type === 'fix-start') verdict ??= since();
      if (event.type === 'fix' && event.fix.verdict === 'heals') best ??= since();
    },
  });
  const end = since();
  return {
    first: first ?? end,
    verdict: verdict ?? end,
    best: best ?? end,
    end,
    ...counts,
    cpu: used(),
  };
}

/** One and the same object for a session, so that what is kept by runner is found again, counting for this round. */
function sharing(runner: Runner, counted: Runner): Runner {
  const known = counters.get(runner);
  if (known) {
    known.current = counted;
    return known.face;
  }
  const entry = {
    current: counted,
    face: { ...runner, run: (...args: Parameters<Runner['run']>) => entry.current.run(...args) } as Runner,
  };
  counters.set(runner, entry);
  return entry.face;
}

/** Milliseconds of CPU that each of our living children has used; empty where there is no /proc. */
function cpuOfChildren(): Map<string, number> {
  const used = new Map<string, number>();
  if (process.platform !== 'linux') return used;
  for (const pid of readdirSync('/proc')) {
    const fields = /^\d+$/.test(pid) ? statOf(pid) : undefined;
    // Linux counts in hundredths of a second.
    if (fields && Number(fields[1]) === process.pid)
      used.set(pid, 10 * (Number(fields[11]) + Number(fields[12])));
  }
  return used;
}

/** Fields of /proc/PID/stat after the name, which may hold blanks: state, parent, …, user and system ticks at 11 and 12. */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
