import type { TrainingMethod, TrainingStage } from '../../knowledge/ids.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';

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
  if (scratch === true || objective === 'pretraining') return 'pretraining';
  return scratch === false || goal === 'fine-tuning' || goal === 'transfer-learning'
    ? 'fine-tuning'
    : undefined;
}
