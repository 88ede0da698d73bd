import { text } from '../text.ts';
import { absent, type Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('rl_games 1.6');
const at = (name: string) => `params.config.${name}`;

export const rlGames: Dialect = {
  id: 'rl-games',
  name: 'rl_games',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    (path) => (path.at(-1) === 'learning_rate' ? 'cast' : 'kept'),
    'rl_games: yaml.safe_load; float() on learning_rate only',
  ),
  recognise: (view) =>
    byKeys(view, {
      all: ['params.config'],
      any: [
        'params.algo',
        at('learning_rate'),
        at('minibatch_size'),
        at('horizon_length'),
        at('mini_epochs'),
        at('e_clip'),
      ],
      min: 3,
      confidence: 0.97,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('params.config'),
      bindings: [
        always('optimizer', usual('adam')),
        bind('learningRate', at('learning_rate')),
        bind('weightDecay', at('weight_decay'), { fallback: usual(0) }),
        bind('batchPerDevice', at('minibatch_size')),
        bind('epochs', at('max_epochs'), { readOnly: true }),
        bind('schedule', at('lr_schedule'), {
          // `adaptive` follows the KL divergence, step by step.
          read: (value) => {
            if (value.kind === 'null') return absent;
            if (value.kind !== 'string') return undefined;
            if (value.value === 'linear') return 'linear';
            return /^(none|constant|identity)$/i.test(value.value) ? 'constant' : 'other';
          },
          write: (kind) => (kind === 'linear' ? 'linear' : kind === 'constant' ? 'constant' : undefined),
          fallback: usual('constant'),
        }),
        always('warmupSteps', usual(0)),
        bind('clipNorm', at('grad_norm'), {
          // Only with `truncate_grads` is anything clipped.
          read: (value, view) => {
            const on = view.boolean(key(at('truncate_grads'))) === true;
            return value.kind === 'integer' || value.kind === 'float' ? (on ? value.value : 0) : undefined;
          },
          writeAll: (value) => [
            { path: key(at('truncate_grads')), value: value > 0 },
            { path: key(at('grad_norm')), value },
          ],
          fallback: usual(0),
        }),
        bind('precision', at('mixed_precision'), { ...mixedWhenOn(), fallback: usual('fp32') }),
      ],
      finish(settings) {
        imply(
          settings,
          { domain: 'rl-policy', architecture: 'ppo', objective: 'online-rl', fromScratch: true },
          text('rl_games trains policies', 'rl_games는 정책을 학습하는 도구'),
        );
      },
    },
  ],
};
