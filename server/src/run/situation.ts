import type { TrainingMethod, TrainingStage } from '../knowledge/ids.ts';
import { possibleSituations, type Situation, type SituationQuery } from '../knowledge/situations.ts';
import { type TrainingRun, valueOf } from './training-run.ts';

/** How the weights are trained, in the words of the tables; undefined where it is not known. */
export function methodOf(run: TrainingRun): TrainingMethod | undefined {
  const method = valueOf(run, 'method');
  if (method === 'freeze') return 'frozen-backbone';
  return method === 'prompt' ? undefined : method;
}

/** Where the weights start and what is optimised; undefined where that is not known. */
export function stageOf(run: TrainingRun): TrainingStage | undefined {
  const objective = valueOf(run, 'objective');
  const architecture = valueOf(run, 'architecture');
  const goal = valueOf(run, 'goal');
  if (objective === 'preference' || objective === 'reward-model') return 'preference-tuning';
  if (objective === 'online-rl' || architecture === 'ppo' || architecture === 'dqn') return 'reinforcement';
  const scratch = valueOf(run, 'fromScratch');
  // Continued pretraining starts from weights and has rates of its own, listed under pretraining.
  if (scratch === true || objective === 'pretraining' || objective === 'masked-lm') return 'pretraining';
  return scratch === false || goal === 'fine-tuning' || goal === 'transfer-learning'
    ? 'fine-tuning'
    : undefined;
}

/** Rows listed under pretraining whose weights are pretrained already. */
const startsFromWeights: ReadonlySet<string> = new Set(['llm-continued-pretraining']);

/** Situations of the tables that nothing known about the run excludes, whatever the optimizer. */
export function situationsOf(run: TrainingRun): readonly Situation[] {
  // The tables hold no rates for prompt tuning.
  if (valueOf(run, 'method') === 'prompt') return [];
  const query: SituationQuery = {
    ...defined('architecture', valueOf(run, 'architecture')),
    ...defined('domain', valueOf(run, 'domain')),
    ...defined('parameters', valueOf(run, 'parameterCount')),
    ...defined('method', methodOf(run)),
    ...defined('stage', stageOf(run)),
    ...defined('objective', valueOf(run, 'objective')),
  };
  const fromScratch = valueOf(run, 'fromScratch') === true;
  return possibleSituations(query).filter(({ id }) => !(fromScratch && startsFromWeights.has(id)));
}

/** `roberta` alone names an architecture; `roberta-base` and `org/model` name weights. */
export function namesWeights(run: TrainingRun): boolean {
  return /[/-]/.test(valueOf(run, 'model') ?? '');
}

/**
 * The likeliest of them where the file leaves some open: all weights are trained unless it says otherwise, and a named
 * model is fine-tuned. Undefined where the file says a method or an objective that nobody here can read.
 */
export function likelySituations(run: TrainingRun): readonly Situation[] | undefined {
  // A method that the file says and nobody here knows (another kind of adapter) is not the usual one.
  if (run.opaque.has('method') || run.opaque.has('objective')) return undefined;
  const method = methodOf(run) ?? 'full';
  const stage = stageOf(run) ?? (namesWeights(run) ? 'fine-tuning' : undefined);
  return situationsOf(run).filter(
    (row) => row.methods.includes(method) && (stage === undefined || row.stages.includes(stage)),
  );
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** What the batch does to a rate of the row: 1 where it is not known or practice does not scale. */
export function batchFactor(run: TrainingRun, row: Situation): number {
  const batch = valueOf(run, 'globalBatch');
  if (row.scaling === 'none' || row.referenceBatch === undefined || !batch) return 1;
  const ratio = batch / row.referenceBatch;
  return row.scaling === 'linear' ? ratio : Math.sqrt(ratio);
}
