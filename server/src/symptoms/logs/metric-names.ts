import type { MetricId } from '../metric-series.ts';

/**
 * The names frameworks log a metric under, lower case, most specific first: Hugging Face Trainer, Lightning,
 * Ultralytics, timm, Keras, torchtune, LLaMA-Factory, NeMo, fairseq and plain training loops. The first name that a
 * log has is used.
 */
const names: Readonly<Record<Exclude<MetricId, 'probeLoss'>, readonly string[]>> = {
  loss: [
    'train_loss_step',
    'train/loss_step',
    'train/step_loss',
    'train/loss',
    'train_loss',
    'training_loss',
    'training/loss',
    'loss/train',
    'losses/train',
    'train/total_loss',
    'train/loss_epoch',
    'train_loss_epoch',
    'reduced_train_loss',
    'lm-loss-training/lm loss',
    'lm loss',
    'loss',
    'total_loss',
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
    'val_loss_epoch',
    'val/loss_epoch',
    'loss/val',
    'loss/valid',
    'loss/validation',
    'test_loss',
    'test/loss',
  ],
  gradNorm: [
    'grad_norm',
    'train/grad_norm',
    'grad-norm',
    'grad-norm/grad-norm',
    'gradient_norm',
    'train/gradient_norm',
    'grad_2.0_norm_total',
    'grad_norm_total',
    'total_grad_norm',
    'train/grad_norm_total',
    'gnorm',
    'train/gnorm',
  ],
  lr: [
    'learning_rate',
    'train/learning_rate',
    'lr',
    'train/lr',
    'lr/pg0',
    'x/lr0',
    'learning_rate/pg0',
    'learning-rate/learning-rate',
    'train/lr_0',
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
  return: ['rollout/ep_rew_mean', 'charts/episodic_return', 'eval/mean_reward', 'episode_reward'],
  discriminatorAccuracy: ['discriminator_accuracy', 'd_accuracy'],
  modes: ['modes'],
};

/** Columns that count optimizer steps, best first. */
export const stepNames = [
  'trainer/global_step',
  'train/global_step',
  'global_step',
  'step',
  'steps',
  'current_steps',
  'iteration',
  'iter',
  '_step',
];
export const epochNames = ['epoch', 'train/epoch'];

/** Which of the columns a log has holds which metric; matching ignores case and surrounding blanks. */
export function columnsByMetric(columns: readonly string[]): ReadonlyMap<MetricId, readonly string[]> {
  const byName = new Map(columns.map((column) => [column.trim().toLowerCase(), column]));
  const found = new Map<MetricId, readonly string[]>();
  for (const [metric, known] of Object.entries(names) as [MetricId, readonly string[]][]) {
    const name = known.find((each) => byName.has(each)) ?? other(metric, [...byName.keys()]);
    const column = name !== undefined ? byName.get(name) : undefined;
    if (column !== undefined) found.set(metric, [column]);
  }
  // A detector logs the parts of its loss and no sum: the parts together are the loss.
  for (const [metric, prefix] of [
    ['loss', 'train/'],
    ['valLoss', 'val/'],
  ] as const) {
    if (found.has(metric)) continue;
    const parts = [...byName.keys()].filter((name) => name.startsWith(prefix) && name.endsWith('_loss'));
    if (parts.length > 0)
      found.set(
        metric,
        parts.flatMap((name) => byName.get(name) ?? []),
      );
  }
  return found;
}

/** Names with a changing part: Lightning's `lr-AdamW/pg1`. */
function other(metric: MetricId, present: readonly string[]): string | undefined {
  return metric === 'lr'
    ? present.find((name) => /^lr-/.test(name) && !/momentum|weight_decay/.test(name))
    : undefined;
}
