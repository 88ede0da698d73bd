/** One trouble in one architecture: does it show, what heals it, and does a random change of the same size? */
import type { RunSpec } from '@trainlint/kernels';
import type { SymptomId } from '../../src/knowledge/ids.ts';
import { symptomById } from '../../src/knowledge/symptoms.ts';
import { applyChange } from '../../src/run/apply-change.ts';
import type { Change } from '../../src/run/change.ts';
import { valueOf } from '../../src/run/training-run.ts';
import { median } from '../../src/symptoms/statistics.ts';
import { combinations } from '../../src/training/combined.ts';
import { candidates } from '../../src/training/fixes.ts';
import type { RunPlan } from '../../src/training/types.ts';
import {
  compareHealing,
  type Healing,
  judgeFix,
  judgeSeed,
  ratioOf,
  type SeedOutcome,
  shows,
} from '../../src/training/verdict.ts';
import { randomChange, sizeOf } from './controls.ts';
import type { Scenario } from './scenarios.ts';
import { planOf, rateOf, relativeRate, runOf, type Subject } from './subjects.ts';
import type { Trainer } from './trainer.ts';

/** As many as the product trains at once. */
const maxFixes = 6;

export interface Count {
  readonly healed: number;
  /** Seeds that were judged: those that showed the symptom. */
  readonly of: number;
}

export interface Cell {
  readonly scenario: Scenario;
  /** What the detectors called it on most of the seeds that show anything. */
  readonly target?: SymptomId;
  readonly shown: number;
  readonly seeds: number;
  /** Seeds with the very name the tables would give it. */
  readonly named: number;
  /** End loss over the reference's, median over seeds, before any fix. */
  readonly ratio: number;
  /** Absent where the table's cure would change nothing. */
  readonly table?: Count;
  readonly best?: Count & { readonly title: string };
  readonly random?: Count;
  /** The fix that heals most of the seeds with dead units, of those that were trained; only where some show them. */
  readonly deadUnits?: Count & { readonly title: string };
  /** Peak rate of the proxy over its tuned one: what of the planted factor arrived there. */
  readonly relativeRate: number;
  /** The config's rate over that of the healthy row. */
  readonly configFactor: number;
  readonly outcomes: readonly SeedOutcome[];
}

/** Undefined where the proxy has no such data. */
export async function evaluate(
  subject: Subject,
  scenario: Scenario,
  seeds: readonly number[],
  trainer: Trainer,
): Promise<Cell | undefined> {
  const run = runOf({ ...subject.fields, ...scenario.fields });
  const plan = planOf(subject, run);
  const on = (spec: RunSpec, seed: number): RunSpec => ({
    ...spec,
    seed,
    ...(scenario.dataset && { dataset: { ...spec.dataset, ...scenario.dataset } }),
  });
  if (!(await trainer.accepts(on(plan.spec, 0)))) return undefined;
  const trainAll = (change: Change | undefined, some: readonly number[]) => {
    const { spec, earlyStopping } = change ? planOf(subject, applyChange(run, change)) : plan;
    return Promise.all(
      some.map(async (seed) => {
        const [own, twin] = await Promise.all([
          trainer.train(on(spec, seed)),
          trainer.train(on(plan.reference, seed)),
        ]);
        return judgeSeed(seed, own, twin, plan.spec, earlyStopping);
      }),
    );
  };
  const outcomes = await trainAll(undefined, seeds);
  const names = [...(scenario.symptom ? [scenario.symptom] : []), ...scenario.alsoCalled];
  const counted = (scenario.symptom ? names : allNames(outcomes)).map((name) => ({
    name,
    count: outcomes.filter((outcome) => shows(outcome, name)).length,
  }));
  const shown = outcomes.filter((outcome) => counted.some(({ name }) => shows(outcome, name))).length;
  const target = counted.reduce((a, b) => (b.count > a.count ? b : a), { name: undefined, count: 0 } as {
    name: SymptomId | undefined;
    count: number;
  });
  const cell: Cell = {
    scenario,
    shown,
    seeds: seeds.length,
    named: scenario.symptom ? (counted[0]?.count ?? 0) : 0,
    ratio: median(outcomes.map((outcome) => ratioOf(outcome))),
    relativeRate: relativeRate(plan),
    configFactor: (valueOf(run, 'learningRate') ?? 0) / rateOf(subject),
    outcomes,
    ...(target.name && { target: target.name }),
  };
  // What the product would not report it would not try to heal.
  if (!scenario.symptom || !target.name || target.count * 2 <= seeds.length) return cell;
  return { ...cell, ...(await heal(subject, run, plan, outcomes, target.name, trainAll, scenario)) };
}

function allNames(outcomes: readonly SeedOutcome[]): SymptomId[] {
  return [
    ...new Set(outcomes.flatMap(({ diagnosis }) => diagnosis.symptoms.map(({ symptom }) => symptom))),
  ].sort();
}

type TrainAll = (change: Change, seeds: readonly number[]) => Promise<SeedOutcome[]>;

async function heal(
  subject: Subject,
  run: ReturnType<typeof runOf>,
  plan: RunPlan,
  outcomes: readonly SeedOutcome[],
  target: SymptomId,
  trainAll: TrainAll,
  scenario: Scenario,
): Promise<Pick<Cell, 'table' | 'best' | 'random' | 'deadUnits'>> {
  const affected = outcomes.filter((outcome) => shows(outcome, target));
  const [first, ...others] = affected;
  const symptom = first?.diagnosis.symptoms.find((each) => each.symptom === target);
  if (!first || !symptom) return {};
  const norm = plan.spec.clipping?.norm;
  const userNorm = run.settings.clipNorm?.value;
  const all = candidates(run, symptom, {
    gradNorms: first.run.records.map(({ gradNorm }) => gradNorm),
    clipScale: norm && userNorm ? norm / userNorm : 1,
    dropout: subject.info.dropout,
  });
  // The row of what was planted; where the run has no such setting, that of the symptom it went by.
  const cure = [scenario.symptom, target]
    .map((name) => name && all.find((change) => isTableCure(change, run, name)))
    .find((change) => change !== undefined);
  const proposals = all.slice(0, maxFixes);
  if (cure && !proposals.includes(cure)) proposals.push(cure);
  const judge = (changes: readonly Change[], before: number) =>
    Promise.all(changes.map((change, index) => judgeOne(change, before + index)));
  const judgeOne = async (change: Change, rank: number) => {
    const early = await trainAll(change, [first.seed]);
    const verdict = judgeFix(target, [first], early).verdict;
    const hopeful = verdict === 'heals' || verdict === 'partly';
    const rest =
      hopeful || change === cure
        ? await trainAll(
            change,
            others.map(({ seed }) => seed),
          )
        : [];
    const after = [...early, ...rest];
    const healing = judgeFix(target, affected, after);
    return { change, rank, healing, units: judgeFix('dead-units', affected, after) };
  };
  const rankOf = ({ healing, rank }: { healing: Healing; rank: number }) => ({ ...healing, rank });
  const singles = await judge(proposals, 0);
  const [furthest, ...behind] = [...singles].sort((a, b) => compareHealing(rankOf(a), rankOf(b)));
  // As in the product: where no single change heals, what got furthest together with what else is off.
  const pairs =
    furthest && furthest.healing.verdict !== 'heals' && target !== 'overfitting'
      ? combinations(
          run,
          furthest.change,
          behind.map(({ change }) => change),
        )
      : [];
  const judged = [...singles, ...(await judge(pairs, singles.length))];
  const [best] = [...judged].sort((a, b) => compareHealing(rankOf(a), rankOf(b)));
  const table = judged.find(({ change }) => change === cure);
  const size = sizeOf(run, cure ?? proposals[0] ?? { title: symptom.message, safe: false, operations: [] });
  const random = await Promise.all(
    affected.map(async (outcome) => {
      const name = `${subject.id}, ${scenario.id}, ${outcome.seed}`;
      const after = await trainAll(randomChange(subject, run, size, name), [outcome.seed]);
      return judgeFix(target, [outcome], after).healed;
    }),
  );
  const [alive] = judged
    .filter(({ units }) => units.shown > 0)
    .sort((a, b) => b.units.healed - a.units.healed);
  const count = ({ healed }: Healing): Count => ({ healed, of: affected.length });
  return {
    ...(table && { table: count(table.healing) }),
    ...(best && { best: { ...count(best.healing), title: best.change.title.en } }),
    ...(alive && {
      deadUnits: {
        healed: alive.units.healed,
        of: affected.filter((outcome) => shows(outcome, 'dead-units')).length,
        title: alive.change.title.en,
      },
    }),
    random: { healed: random.reduce((sum, healed) => sum + healed, 0), of: affected.length },
  };
}

/** Fields that a table's setting is, in a run. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  learningRate: ['learningRate'],
  'gradientClipping.norm': ['clipNorm'],
  'schedule.kind': ['schedule'],
  weightDecay: ['weightDecay'],
  momentum: ['momentum', 'beta1'],
};

/** Whether a proposal is what the symptom's row of the tables says: same setting, same value or factor. */
function isTableCure({ operations }: Change, run: ReturnType<typeof runOf>, symptom: SymptomId): boolean {
  const cure = symptomById(symptom).change;
  const [only, ...more] = operations;
  if (!cure || !only || only.op !== 'set' || more.length > 0) return false;
  if (cure.kind === 'warmup') return only.field === 'warmupRatio' && only.value === cure.fraction;
  if (!fieldsOf[cure.setting]?.includes(only.field)) return false;
  if (cure.kind === 'set') return only.value === cure.value;
  const now: unknown = run.settings[only.field]?.value;
  if (typeof now !== 'number' || typeof only.value !== 'number') return false;
  // From no decay at all a factor leads nowhere; the product then takes its first proposal.
  return now === 0 ? true : Math.abs(Math.log(only.value / (now * cure.factor))) < 0.05;
}
