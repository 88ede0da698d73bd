/**
 * Measures how long a sanity run lets people wait, on configs with a planted trouble: to the first point of the curve,
 * to the verdict (user and reference), to the first fix that heals, to the end.
 *
 *   npx tsx server/scripts/bench-sanity.ts [architecture…] [--trouble x10|x30|no-warmup|low|healthy] [--rounds 3]
 *     [--warm] [--kept] [--draw]
 *
 * Prints medians over the rounds. Wall time depends on what else the machine does; the mini-runs, their steps and the
 * runners' CPU time (Linux) do not. `--warm` takes every round in one session, with a rate slightly off the last one's,
 * as somebody does who edits and runs again. `--kept` finds healthy twins and pre-trained weights in a cache folder, as
 * every run but the first does on a machine; without it there is none. `--trouble` takes the healthy rows of the evidence
 * page with one trouble in them, for every architecture; without it the configs below, where there may be two.
 * `--draw` draws the mini-runs of the last round, one line each, a twentieth of a second a character.
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
import type { Runner, RunPlan } from '../src/training/types.ts';
import { scenarios } from './evidence/scenarios.ts';
import { rateOf, runOf, subjects } from './evidence/subjects.ts';

const runnerPath = fileURLToPath(new URL('../../dist/runner.mjs', import.meta.url));
const example = readFileSync(new URL('../../examples/bert-finetune.yaml', import.meta.url), 'utf8');

/** A run for each round; `nudge` is a factor on its rate, close to one. */
type Make = (nudge: number) => TrainingRun;

/** Ten times the usual rate and more, a constant schedule: something to find, and something that heals it. */
const configs: Readonly<Record<string, Make>> = {
  bert: (nudge) => read(example.replace(/learning_rate: \S+/, `learning_rate: ${(1e-3 * nudge).toFixed(7)}`)),
  resnet: (nudge) => config('resnet', 'cv-cnn', 'sgd\nmomentum: 0.9', 3 * nudge, 'dataset-size=50000'),
  unet: (nudge) => config('unet', 'cv-cnn', 'adam', 1e-2 * nudge, 'dataset-size=20000'),
  gpt: (nudge) => config('gpt', 'llm', 'adamw', 2e-2 * nudge, ''),
  lstm: (nudge) => config('lstm', 'timeseries-rnn', 'adam', 0.1 * nudge, 'dataset-size=50000'),
  mlp: (nudge) => config('', 'on-device', 'adam', 0.1 * nudge, 'dataset-size=50000'),
};

function config(
  architecture: string,
  domain: string,
  optimizer: string,
  rate: number,
  more: string,
): TrainingRun {
  return read(`# trainlint: ${architecture && `architecture=${architecture} `}domain=${domain} ${more}
optimizer: ${optimizer}
learning_rate: ${rate.toFixed(7)}
batch_size: 32
epochs: 10
lr_scheduler: constant
`);
}

function read(text: string): TrainingRun {
  const run = openConfig(text, 'bench.yaml', {}).file?.runs[0];
  if (!run) throw new Error(`not read as a config:\n${text}`);
  return run;
}

/** Scenarios of the evidence page by the names of `--trouble`. */
const troubles: Readonly<Record<string, string | undefined>> = {
  x10: 'learning rate too high, ×10',
  x30: 'learning rate too high, ×30',
  low: 'learning rate too low, ÷10',
  'no-warmup': 'no warm-up, usual rate',
  healthy: undefined,
};

/** The healthy rows with one trouble; without those where it cannot be planted. */
async function planted(trouble: string): Promise<Record<string, Make>> {
  if (!(trouble in troubles))
    throw new Error(`no trouble ${trouble}; there are ${Object.keys(troubles).join(', ')}`);
  const asked = createRunner({ runnerPath });
  const { proxies } = await asked.info();
  asked.close();
  const made: Record<string, Make> = {};
  for (const subject of subjects(proxies)) {
    const scenario = scenarios(subject).find(({ id }) => id === troubles[trouble]);
    if (!scenario && troubles[trouble]) continue;
    const fields = { ...subject.fields, ...scenario?.fields };
    const rate = fields.learningRate ?? rateOf(subject);
    made[subject.id] = (nudge) => runOf({ ...fields, learningRate: rate * nudge });
  }
  return made;
}

interface Times {
  readonly first: number;
  readonly verdict: number;
  readonly best: number | undefined;
  readonly end: number;
  readonly runs: number;
  readonly steps: number;
  readonly cpu: number;
}

/** A mini-run on the clock, in milliseconds since the sanity run began. */
interface Stretch {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The face of each session's runner, see {@link sharing}. */
const counters = new WeakMap<Runner, { current: Runner; face: Runner }>();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    trouble: { type: 'string' },
    warm: { type: 'boolean', default: false },
    kept: { type: 'boolean', default: false },
    draw: { type: 'boolean', default: false },
  },
});
const known = values.trouble === undefined ? configs : await planted(values.trouble);
const chosen = positionals.length > 0 ? positionals : Object.keys(known);
const rounds = Number(values.rounds);
const cache = values.kept ? mkdtempSync(join(tmpdir(), 'trainlint-bench-')) : undefined;

process.stdout.write(
  `${values.trouble ?? 'configs'}, ${values.warm ? 'warm' : 'cold'}${values.kept ? ', twins kept' : ''}, medians of ${rounds}\n` +
    `${'proxy'.padEnd(24)} first point   verdict  best fix       all   mini-runs   steps   CPU of runners\n`,
);
for (const name of chosen) {
  const make = known[name];
  if (!make) throw new Error(`no config for ${name}; there are ${Object.keys(known).join(', ')}`);
  const taken: Times[] = [];
  let drawn: readonly Stretch[] = [];
  let runner = createRunner({ runnerPath, cache });
  if (values.warm || values.kept) await measure(make(0.97), runner);
  for (let round = 0; round < rounds; round++) {
    if (!values.warm) {
      runner.close();
      runner = createRunner({ runnerPath, cache });
    }
    const { times, stretches } = await measure(make(1 + 0.01 * round), runner);
    taken.push(times);
    drawn = stretches;
  }
  runner.close();
  const of = (key: keyof Times) => {
    const there = taken.flatMap((each) => each[key] ?? []);
    return there.length * 2 > taken.length ? median(there) : undefined;
  };
  const seconds = (key: keyof Times) => {
    const value = of(key);
    return (value === undefined ? 'none' : `${(value / 1000).toFixed(2)} s`).padStart(10);
  };
  process.stdout.write(
    `${name.padEnd(24)}${`${Math.round(of('first') ?? 0)} ms`.padStart(12)}${seconds('verdict')}${seconds('best')}${seconds('end')}` +
      `${String(of('runs')).padStart(12)}${String(of('steps')).padStart(8)}${seconds('cpu').padStart(17)}\n`,
  );
  if (values.draw) process.stdout.write(draw(drawn));
}
if (cache !== undefined) rmSync(cache, { recursive: true, force: true });

async function measure(
  run: TrainingRun,
  runner: Runner,
): Promise<{ times: Times; stretches: readonly Stretch[] }> {
  const counts = { runs: 0, steps: 0 };
  const stretches: Stretch[] = [];
  const fixes = new Map<string, string>();
  let plan: RunPlan | undefined;
  /** `u0` the run on seed 0, `r0` its twin, `a0`, `b0` … fixes in the order in which they were begun. */
  const nameOf = (spec: object, seed: number): string => {
    const same = (other: object | undefined) => JSON.stringify({ ...other, seed }) === JSON.stringify(spec);
    if (same(plan?.spec)) return `u${seed}`;
    if (same(plan?.reference)) return `r${seed}`;
    const key = JSON.stringify({ ...spec, seed: 0 });
    const letter = fixes.get(key) ?? String.fromCharCode(97 + fixes.size);
    fixes.set(key, letter);
    return `${letter}${seed}`;
  };
  const counted: Runner = {
    ...runner,
    run: async (spec, options) => {
      const name = nameOf(spec, spec.seed);
      const result = await runner.run(spec, options);
      counts.runs++;
      counts.steps += result.records.length;
      const to = since();
      stretches.push({ name, from: to - 1000 * result.seconds, to });
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
      if (event.type === 'plan') plan = event.plan;
      if (event.type === 'steps' && event.of === 'run') first ??= since();
      if (event.type === 'symptom' || event.type === 'fix-start') verdict ??= since();
      if (event.type === 'fix' && event.fix.verdict === 'heals') best ??= since();
    },
  });
  const end = since();
  const times = { first: first ?? end, verdict: verdict ?? end, best, end, ...counts, cpu: used() };
  return { times, stretches };
}

function draw(stretches: readonly Stretch[]): string {
  return [...stretches]
    .sort((a, b) => a.from - b.from)
    .map(({ name, from, to }) => {
      const [start, end] = [Math.round(from / 50), Math.round(to / 50)];
      return `  ${name.padEnd(4)}${' '.repeat(start)}${'█'.repeat(Math.max(1, end - start))} ${(from / 1000).toFixed(2)}–${(to / 1000).toFixed(2)}\n`;
    })
    .join('');
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
