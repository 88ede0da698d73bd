import type { MetricId } from '../metric-series.ts';

/**
 * The names frameworks log a metric under, as {@link plainName} spells them, most specific first: Hugging Face Trainer,
 * Lightning, Ultralytics, timm, Keras, torchtune, torchtitan, LLaMA-Factory, NeMo, Megatron, fairseq, kohya, MMEngine
 * and plain training loops. The first name that a log has is used.
 */
const names: Readonly<Record<Exclude<MetricId, 'probeLoss'>, readonly string[]>> = {
  loss: [
    'train_loss_step',
    'train/loss_step',
    'train/step_loss',
    'step_loss',
    'train/loss',
    'train_loss',
    'training_loss',
    'training/loss',
    'loss/train',
    'loss/train/total',
    'losses/train',
    'train/total_loss',
    'loss_metrics/global_avg_loss',
    'loss/current',
    'train/loss_epoch',
    'train_loss_epoch',
    'loss/epoch_average',
    'reduced_train_loss',
    'lm_loss_training/lm_loss',
    'lm_loss',
    'loss',
    'total_loss',
    'train/epoch_loss',
    'epoch_loss',
    'loss_train',
    'loss/average',
    'train_mse',
    'train_mae',
  ],
  valLoss: [
    'eval_loss',
    'eval/loss',
    'val_loss',
    'val/loss',
    'valid_loss',
    'valid/loss',
    'validation_loss',
    'validation/loss',
    'validation_metrics/loss',
    'val_loss_epoch',
    'val/loss_epoch',
    'loss/val',
    'loss/valid',
    'loss/validation',
    'validation/epoch_loss',
    'lm_loss_validation/lm_loss',
    'loss_val',
    'test_loss',
    'test/loss',
    'eval_loss/dataloader_idx_0',
    'val_loss/dataloader_idx_0',
    'val_mse',
    'val_mae',
  ],
  gradNorm: [
    'grad_norm',
    'train/grad_norm',
    'grad_norm/grad_norm',
    'gradient_norm',
    'train/gradient_norm',
    'grad_2_0_norm_total',
    'grad_2_0_norm/total',
    'grad_norm_total',
    'total_grad_norm',
    'train/grad_norm_total',
    'gnorm',
    'train_gnorm',
    'train/gnorm',
    'optim/grad_norm',
  ],
  // Ultralytics warms the biases of group 0 up from a rate of their own; the weights are group 1.
  lr: [
    'learning_rate',
    'train/learning_rate',
    'lr',
    'train/lr',
    'train_lr',
    'lr/pg1',
    'x/lr1',
    'lr/pg0',
    'x/lr0',
    'learning_rate/pg0',
    'learning_rate/learning_rate',
    'optim/learning_rate',
    'train/lr_0',
    'lr/unet',
    'lr/group0',
    'train/epoch_learning_rate',
    'epoch_learning_rate',
  ],
  updateRatio: ['update_ratio', 'train/update_ratio'],
  deadUnits: ['dead_units', 'dead_fraction', 'train/dead_fraction', 'dead_relu_fraction'],
  approxKl: ['approx_kl', 'train/approx_kl', 'losses/approx_kl', 'ppo/policy/approxkl'],
  clipFraction: [
    'clip_fraction',
    'train/clip_fraction',
    'clipfrac',
    'losses/clipfrac',
    'ppo/policy/clipfrac',
  ],
  qMax: ['q_max', 'train/q_max'],
  return: [
    'rollout/ep_rew_mean',
    'charts/episodic_return',
    'eval/mean_reward',
    'episode_reward',
    'reward',
    'train/reward',
    'objective/rlhf_reward',
    'critic/rewards/mean',
  ],
  discriminatorAccuracy: ['discriminator_accuracy', 'd_accuracy'],
  modes: ['modes'],
};

/** Columns that count optimizer steps, best first. */
export const stepNames = [
  'trainer/global_step',
  'train/global_step',
  'global_step',
  'train_num_updates',
  'num_updates',
  'step',
  'steps',
  'current_steps',
  'iteration',
  'iter',
  '_step',
  'batch',
];
export const epochNames = ['epoch', 'train/epoch', 'epochs'];

/** One spelling for `Train Loss`, `trainLoss`, `train-loss` and `train.loss`; a slash stays, it separates groups. */
export function plainName(column: string): string {
  return column
    .trim()
    .replace(/([a-z\d])([A-Z])(?=[a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
}

/** A name further up the list is not taken when it holds less than this share of the values of one further down. */
const enoughValues = 0.25;

/** Which of the columns a log has holds which metric; `counts` says how many values each column has. */
export function columnsByMetric(
  columns: readonly string[],
  counts?: ReadonlyMap<string, number>,
): ReadonlyMap<MetricId, readonly string[]> {
  const byName = new Map<string, string>();
  for (const column of columns) if (!byName.has(plainName(column))) byName.set(plainName(column), column);
  const present = [...byName.keys()];
  const found = new Map<MetricId, readonly string[]>();
  for (const [metric, known] of Object.entries(names) as [MetricId, readonly string[]][]) {
    const candidates = known.filter((each) => byName.has(each));
    const count = (name: string) => counts?.get(byName.get(name) ?? '') ?? 1;
    const most = Math.max(...candidates.map(count));
    const name =
      candidates.find((each) => count(each) >= enoughValues * most) ?? other(metric, columns, present);
    const column = name !== undefined ? (byName.get(name) ?? name) : undefined;
    if (column !== undefined) found.set(metric, [column]);
  }
  // A detector logs the parts of its loss and no sum: the parts together are the loss.
  for (const [metric, prefix] of [
    ['loss', 'train/'],
    ['valLoss', 'val/'],
  ] as const) {
    if (found.has(metric)) continue;
    const parts = present.filter((name) => name.startsWith(prefix) && name.endsWith('_loss'));
    if (parts.length > 0)
      found.set(
        metric,
        parts.flatMap((name) => byName.get(name) ?? []),
      );
  }
  // Two networks against each other: their losses are not judged, but one that is not a number ends the run.
  if (!found.has('loss')) {
    const players = [generatorLoss, discriminatorLoss].map((pattern) =>
      present.find((name) => pattern.test(name)),
    );
    if (players.every((name) => name !== undefined))
      found.set(
        'loss',
        players.flatMap((name) => byName.get(name ?? '') ?? []),
      );
  }
  return found;
}

/** Names with a changing part: Lightning's `lr-AdamW/pg1`, a Trainer's `eval_<name of the set>_loss`. */
function other(metric: MetricId, columns: readonly string[], present: readonly string[]): string | undefined {
  if (metric === 'lr')
    return columns.find((name) => /^lr-/i.test(name) && !/momentum|weight_decay/.test(name));
  if (metric === 'loss')
    return present.find((name) => /^(train(ing)?[_/])?(elbo|overall|combined)_?loss$/.test(name));
  if (metric === 'valLoss')
    return present.find(
      (name) =>
        /^eval_\w+_loss$/.test(name) ||
        /^(val(id(ation)?)?|eval)[_/](elbo|overall|combined)_?loss$/.test(name),
    );
  return undefined;
}

/** Whether a column of this name says something: a metric, or the step or epoch of a row. */
export function isKnownName(column: string): boolean {
  return known.has(plainName(column));
}

const known: ReadonlySet<string> = new Set([...Object.values(names).flat(), ...stepNames, ...epochNames]);

const generatorLoss = /(^|[_/])(g|gen|generator)_?loss|loss[_/](g|gen|generator)$/;
const discriminatorLoss = /(^|[_/])(d|disc|discriminator)_?loss|loss[_/](d|disc|discriminator)$/;

/** A falling loss says nothing where a policy is trained on rewards, or two networks against each other. */
export function lossMeansProgress(columns: readonly string[]): boolean {
  const present = columns.map(plainName);
  if (names.return.some((name) => present.includes(name))) return false;
  const has = (pattern: RegExp) => present.some((name) => pattern.test(name));
  return !(has(generatorLoss) && has(discriminatorLoss));
}
