import { text } from '../text.ts';
import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, key } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, torchOptimizer } from './support/optimizers.ts';
import { computeType } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';
import { accumulationFromGlobal, worldOf } from './support/world.ts';

const methods = ['grpo', 'sft', 'dpo', 'rm', 'distillation'];

/** The optimizer of the back end in use: torch's by class name, or Megatron's block. */
function optimizer(view: ConfigView): RunLayout['bindings'] {
  if (view.has(key('policy.optimizer.name')))
    return torchOptimizer({
      name: 'policy.optimizer.name',
      args: 'policy.optimizer.kwargs',
      framework: 'nemo-rl',
    });
  const at = (name: string) => `policy.megatron_cfg.optimizer.${name}`;
  return [
    bind('optimizer', at('optimizer'), {
      read: (value) => (value.kind === 'string' && value.value === 'adam' ? 'adamw' : undefined),
      write: (id) => (id === 'adamw' ? 'adam' : undefined),
    }),
    bind('learningRate', [at('lr'), 'policy.optimizer.kwargs.lr']),
    bind('weightDecay', at('weight_decay')),
    bind('beta1', at('adam_beta1')),
    bind('beta2', at('adam_beta2')),
    ...betaPair(['policy.optimizer.kwargs.betas']),
    bind('minLearningRate', at('min_lr')),
  ];
}

export const nemoRl: Dialect = {
  id: 'nemo-rl',
  name: 'NeMo RL',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'NeMo RL: OmegaConf'),
  recognise: (view) =>
    byKeys(view, {
      all: ['policy'],
      any: [
        'policy.train_global_batch_size',
        'policy.train_micro_batch_size',
        'policy.optimizer',
        'policy.megatron_cfg',
        'policy.dtensor_cfg',
        'policy.generation',
        'cluster',
        'loss_fn',
        ...methods,
      ],
      min: 4,
      confidence: 0.93,
    }),
  layouts(view) {
    const method = methods.find((name) => view.has([name])) ?? 'grpo';
    return [
      {
        label: '',
        anchor: key('policy'),
        bindings: [
          ...optimizer(view),
          bind('globalBatch', 'policy.train_global_batch_size'),
          bind('batchPerDevice', 'policy.train_micro_batch_size'),
          worldOf('cluster.gpus_per_node', 'cluster.num_nodes'),
          bind('maxSteps', [`${method}.max_num_steps`]),
          bind('epochs', [`${method}.max_num_epochs`]),
          bind('warmupSteps', 'policy.megatron_cfg.scheduler.lr_warmup_iters'),
          bind('schedule', 'policy.megatron_cfg.scheduler.lr_decay_style', {
            read: scheduleByWord,
            write: () => undefined,
          }),
          bind('clipNorm', ['policy.max_grad_norm', 'policy.megatron_cfg.optimizer.clip_grad']),
          bind('precision', 'policy.precision', computeType),
          bind('sequenceLength', 'policy.max_total_sequence_length'),
          bind('model', 'policy.model_name'),
        ],
        finish(settings) {
          accumulationFromGlobal(settings);
          const objective = (
            {
              grpo: 'online-rl',
              sft: 'supervised',
              dpo: 'preference',
              rm: 'reward-model',
              distillation: 'distillation',
            } as const
          )[method as 'grpo'];
          imply(
            settings,
            {
              domain: 'llm',
              goal: 'fine-tuning',
              fromScratch: false,
              objective: present(view, methods).length > 0 ? objective : undefined,
            },
            text('NeMo RL post-trains language models', 'NeMo RL은 언어 모델을 후속 학습하는 도구'),
          );
        },
      },
    ];
  },
};
