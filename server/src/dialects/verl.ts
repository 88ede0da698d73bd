import type { LoadedValue } from '../document/types.ts';
import { text } from '../text.ts';
import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { absent } from './dialect.ts';
import { bind, defaultsOf, key, numberOr } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { betaPair } from './support/optimizers.ts';
import { hfSchedules } from './support/schedules.ts';

const usual = defaultsOf('verl 0.5');

/** `-1` leaves the warm-up to the ratio. */
function known(value: LoadedValue) {
  const number = numberOf(value);
  return number === undefined ? absent : number < 0 ? absent : number;
}

function layout(view: ConfigView, label: string, place: string): RunLayout {
  const at = (name: string) => `${place}.${name}`;
  const supervised = place === '';
  const optim = (name: string) => (supervised ? `optim.${name}` : at(`optim.${name}`));
  return {
    label,
    anchor: key(supervised ? 'optim' : at('optim')),
    bindings: [
      bind('optimizer', optim('optimizer'), {
        read: () => undefined,
        readOnly: true,
        fallback: usual('adamw'),
      }),
      bind('learningRate', optim('lr')),
      ...betaPair([optim('betas')]),
      bind('weightDecay', optim('weight_decay'), { fallback: usual(0.01) }),
      bind('globalBatch', supervised ? 'data.train_batch_size' : at('ppo_mini_batch_size')),
      bind(
        'batchPerDevice',
        supervised ? 'data.micro_batch_size_per_gpu' : at('ppo_micro_batch_size_per_gpu'),
      ),
      bind('epochs', 'trainer.total_epochs'),
      bind('maxSteps', 'trainer.total_training_steps'),
      bind('warmupSteps', optim('lr_warmup_steps'), { read: known }),
      bind('warmupRatio', optim('lr_warmup_steps_ratio'), { fallback: usual(0) }),
      bind('schedule', [optim('lr_scheduler_type'), optim('warmup_style'), optim('lr_scheduler')], {
        ...hfSchedules,
        fallback: usual('constant'),
      }),
      bind('clipNorm', supervised ? 'optim.clip_grad' : at('grad_clip'), {
        read: numberOr(0),
        fallback: usual(1),
      }),
      bind(
        'model',
        supervised
          ? 'model.partial_pretrain'
          : label === 'critic'
            ? 'critic.model.path'
            : 'actor_rollout_ref.model.path',
        { readOnly: true },
      ),
    ],
    finish(settings) {
      imply(
        settings,
        {
          domain: 'llm',
          goal: 'fine-tuning',
          fromScratch: false,
          objective: view.has(['actor_rollout_ref']) ? 'online-rl' : 'supervised',
        },
        text(
          'verl trains language models with reinforcement learning',
          'verl은 강화 학습으로 언어 모델을 학습하는 도구',
        ),
      );
    },
  };
}

export const verl: Dialect = {
  id: 'verl',
  name: 'verl',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'verl: Hydra and OmegaConf'),
  recognise: (view) =>
    byKeys(view, {
      all: ['actor_rollout_ref'],
      any: ['data', 'actor_rollout_ref.actor', 'actor_rollout_ref.rollout', 'algorithm', 'critic', 'trainer'],
      confidence: 0.97,
    }) ??
    byKeys(view, {
      all: ['optim', 'data', 'model.partial_pretrain'],
      any: ['data.train_batch_size', 'data.micro_batch_size_per_gpu', 'trainer'],
      confidence: 0.92,
    }),
  layouts(view) {
    if (!view.has(['actor_rollout_ref'])) return [layout(view, '', '')];
    const critic = view.has(key('critic.optim'));
    return [
      layout(view, critic ? 'actor' : '', 'actor_rollout_ref.actor'),
      ...(critic ? [layout(view, 'critic', 'critic')] : []),
    ];
  },
};
