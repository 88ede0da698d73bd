import type { ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import { absent, type ConfigView, type Dialect } from './dialect.ts';
import { bind, defaultsOf, key, numberOr, positive, under } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('prime-rl');
const optimizers = optimizerNames('prime-rl', { adamw: 'adamw', 'sgd-momentum': 'sgd', nag: 'sgd' });

/** One file for all processes of reinforcement learning: the trainer has a block of its own. */
const launches = (view: ConfigView) => view.has(['orchestrator']);
/** Without data of its own a trainer learns from the rollouts that another process sends. */
const supervised = (view: ConfigView) => !launches(view) && view.has(['data']);

export const primeRl: Dialect = {
  id: 'prime-rl',
  name: 'prime-rl',
  formats: ['toml'],
  loader: loadedBy('pyyaml', 'cast', 'prime-rl configs: tomllib, then pydantic'),
  recognise: (view) =>
    launches(view)
      ? byKeys(view, {
          any: [
            'trainer.optim',
            'trainer.model',
            'trainer.scheduler',
            'orchestrator.train',
            'inference',
            'weight_broadcast',
          ],
          min: 2,
          confidence: 0.93,
        })
      : byKeys(view, {
          all: ['model.name', 'optim.lr'],
          any: [
            'data.type',
            'data.seq_len',
            'data.micro_batch_size',
            'ckpt',
            'deployment',
            'renderer',
            'monitors',
            'model.ac',
            'model.impl',
            'model.lora.rank',
            'weight_broadcast',
            'max_steps',
          ],
          min: 3,
          none: ['training', 'optimizer', 'optim.name'],
          confidence: 0.92,
        }),
  layouts(view) {
    const prefix = launches(view) ? 'trainer' : '';
    const at = (name: string) => under(prefix, [name])[0] ?? name;
    const scheduler = view.string(key(at('scheduler.type'))) ?? 'constant';
    const adamw = (view.string(key(at('optim.type'))) ?? 'adamw') === 'adamw';
    const sgd = view.string(key(at('optim.type'))) === 'sgd';
    const decay = numberOf(view.value(key(at('scheduler.decay_steps')))) ?? 10;
    const kinds: Readonly<Record<string, ScheduleKind>> = {
      constant: 'constant',
      cosine: 'cosine',
      linear: decay > 0 ? 'warmup-stable-decay' : 'constant',
    };
    return [
      {
        label: '',
        anchor: key(at('optim')),
        bindings: [
          bind('optimizer', at('optim.type'), { ...optimizers, fallback: usual('adamw'), readOnly: true }),
          bind('learningRate', at('optim.lr'), { fallback: usual(1e-6) }),
          bind('weightDecay', at('optim.weight_decay'), { fallback: usual(0.01) }),
          ...(adamw
            ? [
                bind('beta1', at('optim.betas1'), { fallback: usual(0.9) }),
                bind('beta2', at('optim.betas2'), { fallback: usual(0.999) }),
              ]
            : []),
          ...(sgd
            ? [
                bind('momentum', at('optim.momentum'), { fallback: usual(0.9) }),
                bind('nesterov', at('optim.nesterov'), { fallback: usual(true) }),
              ]
            : []),
          bind('clipNorm', at('optim.max_norm'), {
            read: (value) => (value.kind === 'string' && value.value === 'None' ? 0 : numberOr(0)(value)),
            fallback: usual(1),
          }),
          bind('globalBatch', launches(view) ? 'orchestrator.batch_size' : 'data.batch_size', {
            ...(supervised(view) ? { fallback: usual(128) } : {}),
          }),
          ...(supervised(view)
            ? [bind('batchPerDevice', 'data.micro_batch_size', { fallback: usual(1) })]
            : []),
          bind('maxSteps', prefix ? [at('max_steps'), 'max_steps'] : 'max_steps', { read: positive }),
          bind('schedule', at('scheduler.type'), {
            read: (value) =>
              value.kind === 'null'
                ? absent
                : value.kind === 'string'
                  ? (kinds[value.value] ?? 'other')
                  : undefined,
            // The two others refuse keys that are not theirs.
            writeAll: (kind, one) =>
              kind === 'cosine'
                ? [
                    { path: key(at('scheduler.type')), value: 'cosine' },
                    ...(one.has(key(at('scheduler.decay_steps')))
                      ? [{ path: key(at('scheduler.decay_steps')), value: undefined }]
                      : []),
                  ]
                : undefined,
            fallback: usual('constant'),
          }),
          bind('warmupSteps', at('scheduler.warmup_steps'), {
            write: (value) => (scheduler === 'constant' ? undefined : value),
            fallback: usual(scheduler === 'constant' ? 0 : 10),
          }),
          ...(scheduler === 'linear' && decay > 0
            ? [bind('cooldownSteps', at('scheduler.decay_steps'), { fallback: usual(10) })]
            : []),
          bind('minLearningRate', at('scheduler.min_lr'), {
            write: (value) => (scheduler === 'constant' ? undefined : value),
          }),
          bind('model', [at('model.name'), 'model.name']),
          bind('dataset', 'data.name'),
          bind('sequenceLength', [at('model.seq_len'), 'data.seq_len', 'seq_len']),
        ],
        finish(settings, one) {
          const adapters = one.has(key('model.lora')) || one.has(key(at('model.lora')));
          imply(
            settings,
            {
              domain: 'llm',
              architecture: 'gpt',
              goal: 'fine-tuning',
              fromScratch: false,
              method: adapters ? 'lora' : 'full',
              objective: supervised(one) ? 'supervised' : 'online-rl',
            },
            text('prime-rl tunes language models', 'prime-rl은 언어 모델을 튜닝하는 도구'),
          );
        },
      },
    ];
  },
};
