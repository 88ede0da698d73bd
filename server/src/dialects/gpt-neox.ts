import type { Objective } from '../run/fields.ts';
import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { implySize } from './support/model-size.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';
import { precisionFlags } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('GPT-NeoX 2');
const optimizers = optimizerNames('gpt-neox', { adamw: 'Adam', sgd: 'sgd', lion: 'Lion' });

/** `train_impl`, which may be missing. */
const objectives: Readonly<Record<string, Objective>> = {
  normal: 'pretraining',
  dpo: 'preference',
  kto: 'preference',
  rm: 'reward-model',
  reinforce: 'online-rl',
};

/** Keys may be written with `_` or with `-`. */
const both = (name: string) => [name, name.replaceAll('_', '-')];

export const gptNeox: Dialect = {
  id: 'gpt-neox',
  name: 'GPT-NeoX',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    'kept',
    'gpt-neox megatron/neox_arguments: yaml.FullLoader, wrong types refused',
  ),
  recognise(view) {
    const marks = [
      'pipe_parallel_size',
      'model_parallel_size',
      'num_layers',
      'hidden_size',
      'num_attention_heads',
      'train_micro_batch_size_per_gpu',
      'lr_decay_style',
      'train_iters',
      'lr_decay_iters',
      'rotary_pct',
      'attention_config',
    ].flatMap((name) => [...new Set(both(name))]);
    const none = ['trainer', 'model'];
    return present(view, [
      ...both('pipe_parallel_size'),
      ...both('num_layers'),
      'attention_config',
      'attention-config',
    ]).length > 0
      ? byKeys(view, { any: marks, min: 4, none, confidence: 0.95 })
      : undefined;
  },
  layouts: () => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', 'optimizer.type', { ...optimizers, fallback: usual('adamw') }),
        bind('learningRate', 'optimizer.params.lr'),
        ...betaPair(['optimizer.params.betas'], [0.9, 0.999], () => [0.9, 0.999], 'GPT-NeoX'),
        bind('eps', 'optimizer.params.eps', { fallback: usual(1e-8) }),
        bind('weightDecay', both('weight_decay'), { fallback: usual(0.1) }),
        bind('batchPerDevice', both('train_micro_batch_size_per_gpu')),
        bind('gradientAccumulation', both('gradient_accumulation_steps'), { fallback: usual(1) }),
        bind('globalBatch', both('train_batch_size')),
        bind('maxSteps', both('train_iters')),
        bind('schedule', both('lr_decay_style'), {
          read: scheduleByWord,
          write: (kind) =>
            ['constant', 'linear', 'cosine', 'exponential'].includes(kind) ? kind : undefined,
          fallback: usual('linear'),
        }),
        bind('decaySteps', both('lr_decay_iters')),
        bind('warmupRatio', 'warmup', { fallback: usual(0.01) }),
        bind('minLearningRate', both('min_lr'), { fallback: usual(0) }),
        bind('clipNorm', both('gradient_clipping'), { fallback: usual(1) }),
        bind('dropout', both('hidden_dropout')),
        ...precisionFlags({ bf16: 'bf16.enabled', fp16: 'fp16.enabled', fallback: usual('fp32') }),
        bind('sequenceLength', both('seq_length')),
      ],
      finish(settings, view) {
        implySize(settings, view, { layers: both('num_layers'), width: both('hidden_size') });
        const objective = objectives[view.string(['train_impl']) ?? view.string(['train-impl']) ?? 'normal'];
        imply(
          settings,
          {
            domain: 'llm',
            architecture: 'gpt',
            objective,
            ...(objective !== 'pretraining' || view.boolean(['finetune']) ? { fromScratch: false } : {}),
          },
          text('GPT-NeoX trains GPT models', 'GPT-NeoX는 GPT 모델을 학습하는 도구'),
        );
      },
    },
  ],
};
