import type { LoadedValue } from '../document/types.ts';
import { text } from '../text.ts';
import { type Absent, absent, type ConfigView, type Dialect, type RunLayout } from './dialect.ts';
import { always, bind, defaultsOf } from './support/bind.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { numberIn, numberOf } from './support/numbers.ts';

const usual = defaultsOf('Stable-Baselines3 2');
const marks = [
  'n_timesteps',
  'policy',
  'learning_rate',
  'n_steps',
  'batch_size',
  'gamma',
  'buffer_size',
  'learning_starts',
  'n_envs',
  'ent_coef',
  'clip_range',
];

/** Environments of a hyperparameter file: blocks with a policy and a number of timesteps. */
function environments(view: ConfigView): string[] {
  return view.keys([]).filter((name) => {
    if (view.at([name])?.kind !== 'map') return false;
    const keys = view.keys([name]);
    return keys.includes('n_timesteps') && marks.filter((mark) => keys.includes(mark)).length >= 3;
  });
}

/** `lin_3e-4` falls linearly to 0; so does any other word in front of the number. */
function rate(value: LoadedValue): number | Absent | undefined {
  if (value.kind === 'null') return absent;
  if (value.kind === 'string') return numberIn(value.value.slice(value.value.indexOf('_') + 1));
  return numberOf(value);
}

const falls = (value: LoadedValue): 'linear' | 'constant' =>
  value.kind === 'string' && value.value.includes('_') ? 'linear' : 'constant';

function layout(view: ConfigView, name: string): RunLayout {
  const keys = view.keys([name]);
  const isPpo = keys.includes('clip_range') || keys.includes('n_epochs');
  const isValue = keys.includes('exploration_fraction') || keys.includes('target_update_interval');
  const at = (one: string) => [name, one];
  const path = { paths: [at('learning_rate')] };
  return {
    label: name,
    anchor: [name],
    bindings: [
      always('optimizer', usual('adam')),
      {
        ...bind('learningRate', '', {
          read: rate,
          write: (value, one) =>
            falls(one.value(at('learning_rate')) ?? { kind: 'null' }) === 'linear' ? `lin_${value}` : value,
          ...(isPpo ? { fallback: usual(3e-4) } : {}),
        }),
        ...path,
      },
      { ...bind('schedule', '', { read: falls, readOnly: true, fallback: usual('constant') }), ...path },
      { ...bind('batchPerDevice', '', isPpo ? { fallback: usual(64) } : {}), paths: [at('batch_size')] },
      {
        ...bind('clipNorm', '', { read: numberOf, ...(isPpo && { fallback: usual(0.5) }) }),
        paths: [at('max_grad_norm')],
      },
      always('warmupSteps', usual(0)),
    ] as RunLayout['bindings'],
    finish(settings) {
      imply(
        settings,
        {
          domain: isPpo ? 'rl-policy' : isValue ? 'rl-value' : undefined,
          architecture: isPpo ? 'ppo' : isValue ? 'dqn' : undefined,
          objective: 'online-rl',
          fromScratch: true,
        },
        text('hyperparameters of a reinforcement-learning agent', '강화 학습 에이전트의 하이퍼파라미터'),
      );
    },
  };
}

export const rlZoo3: Dialect = {
  id: 'rl-zoo3',
  name: 'RL Baselines3 Zoo',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'rl_zoo3 exp_manager.py: yaml.safe_load; a string rate is split at `_`'),
  recognise(view) {
    const found = environments(view);
    const first = found[0];
    if (first === undefined) return undefined;
    const keys = present(
      view,
      marks.map((mark) => mark),
    ).length;
    return keys > 2
      ? undefined
      : recognised(0.93, hasKeys(marks.filter((mark) => view.keys([first]).includes(mark))));
  },
  layouts: (view) => environments(view).map((name) => layout(view, name)),
};
