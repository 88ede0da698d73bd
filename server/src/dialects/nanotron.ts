import { text } from '../text.ts';
import { absent, type ConfigView, type Dialect } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { implySize } from './support/model-size.ts';
import { optimizerNames } from './support/optimizers.ts';
import { computeType, parameterType } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('nanotron');
const optimizers = optimizerNames('nanotron', { adamw: 'adamW', sgd: 'sgd' });
const at = (name: string) => `optimizer.${name}`;
const schedule = (name: string) => `optimizer.learning_rate_scheduler.${name}`;

const warmupOf = (view: ConfigView) => view.number(key(schedule('lr_warmup_steps'))) ?? 0;
/** Decay starts at a step of its own or with the end of the warm-up; `lr_decay_steps` counts from there. */
const decayStart = (view: ConfigView) =>
  view.number(key(schedule('lr_decay_starting_step'))) ?? warmupOf(view);

export const nanotron: Dialect = {
  id: 'nanotron',
  name: 'nanotron',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'nanotron config: yaml safe loader, dacite with type checks'),
  recognise: (view) =>
    byKeys(view, {
      all: ['optimizer.learning_rate_scheduler'],
      any: ['parallelism', 'tokens', 'checkpoints', 'data_stages', 'general'],
      min: 2,
      confidence: 0.96,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('optimizer'),
      bindings: [
        bind('optimizer', at('optimizer_factory.name'), { ...optimizers, fallback: usual('adamw') }),
        bind('learningRate', schedule('learning_rate')),
        bind('beta1', [at('optimizer_factory.adam_beta1'), at('adam_beta1')]),
        bind('beta2', [at('optimizer_factory.adam_beta2'), at('adam_beta2')]),
        bind('eps', [at('optimizer_factory.adam_eps'), at('adam_eps')]),
        bind('weightDecay', at('weight_decay')),
        bind('batchPerDevice', 'tokens.micro_batch_size'),
        bind('gradientAccumulation', 'tokens.batch_accumulation_per_replica'),
        // Only data-parallel replicas multiply the batch.
        bind('worldSize', 'parallelism.dp', { readOnly: true }),
        bind('maxSteps', 'tokens.train_steps'),
        bind('schedule', schedule('lr_decay_style'), {
          // A decay with a starting step of its own comes after a stretch at the full rate.
          read: (value, view) =>
            decayStart(view) > warmupOf(view) ? 'warmup-stable-decay' : scheduleByWord(value),
          write: (kind) =>
            kind === 'warmup-stable-decay'
              ? 'linear'
              : kind === 'linear' || kind === 'cosine'
                ? kind
                : undefined,
          fallback: usual('linear'),
        }),
        bind('warmupSteps', schedule('lr_warmup_steps'), { fallback: usual(0) }),
        bind('decaySteps', schedule('lr_decay_steps'), {
          read: (value, view) => (value.kind === 'integer' ? value.value + decayStart(view) : undefined),
          write: (value, view) => value - decayStart(view),
        }),
        bind('cooldownSteps', schedule('lr_decay_steps'), {
          read: (value, view) =>
            decayStart(view) > warmupOf(view) && value.kind === 'integer' && value.value > 0
              ? value.value
              : absent,
          writeAll: (value, view) => {
            const total = view.number(key('tokens.train_steps'));
            return total === undefined
              ? undefined
              : [
                  { path: key(schedule('lr_decay_steps')), value: Math.round(value) },
                  { path: key(schedule('lr_decay_starting_step')), value: total - Math.round(value) },
                ];
          },
        }),
        bind('minLearningRate', schedule('min_decay_lr')),
        bind('clipNorm', at('clip_grad'), { fallback: usual(0) }),
        bind('precision', 'model.dtype', {
          // With fp32 accumulation the optimizer updates a copy of the weights in 32 bits.
          read: (value, view) =>
            (view.boolean(key(at('accumulate_grad_in_fp32'))) === true ? computeType : parameterType).read(
              value,
            ),
          write: (value, view) =>
            (view.boolean(key(at('accumulate_grad_in_fp32'))) === true ? computeType : parameterType).write(
              value,
            ),
        }),
        bind('sequenceLength', 'tokens.sequence_length'),
      ],
      finish(settings, view) {
        implySize(settings, view, {
          layers: ['model.model_config.num_hidden_layers'],
          width: ['model.model_config.hidden_size'],
          feedForward: ['model.model_config.intermediate_size'],
          vocabulary: ['model.model_config.vocab_size'],
        });
        imply(
          settings,
          {
            domain: 'llm',
            architecture: 'gpt',
            objective: 'pretraining',
            ...(view.string(key('checkpoints.resume_checkpoint_path')) ? { fromScratch: false } : {}),
          },
          text('nanotron pretrains language models', 'nanotron은 언어 모델을 사전 학습하는 도구'),
        );
      },
    },
  ],
};
