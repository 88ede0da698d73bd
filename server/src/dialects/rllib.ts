import type { Path } from '../document/types.ts';
import { text } from '../text.ts';
import type { Binding, ConfigView, Dialect, RunLayout } from './dialect.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';

const marks = [
  'train_batch_size',
  'rollout_fragment_length',
  'num_workers',
  'sgd_minibatch_size',
  'num_sgd_iter',
  'env',
  'timesteps_per_iteration',
  'learning_starts',
  'lr',
  'actor_lr',
  'num_gpus',
  'env_config',
  'observation_filter',
  'kl_coeff',
];

/** Blocks of settings: `config` of each experiment, or the top of a saved params file. */
function blocks(view: ConfigView): { path: Path; label: string; run: string | undefined }[] {
  const of = view.keys([]).flatMap((name) => {
    const run = view.string([name, 'run']);
    return run !== undefined && view.at([name, 'config'])?.kind === 'map'
      ? [{ path: [name, 'config'], label: name, run }]
      : [];
  });
  if (of.length > 0) return of;
  const own = marks.filter((mark) => view.has([mark]));
  return own.length >= 5 && own.includes('train_batch_size') ? [{ path: [], label: '', run: undefined }] : [];
}

function layout(view: ConfigView, { path, label, run }: ReturnType<typeof blocks>[number]): RunLayout {
  const at = (...names: readonly string[]) => names.map((name) => [...path, name]);
  const keys = view.keys(path);
  const isPpo = /PPO/.test(run ?? '') || keys.includes('sgd_minibatch_size');
  const isDqn = /DQN|APEX|Rainbow/i.test(run ?? '') || keys.includes('dueling');
  return {
    label,
    ...(path.length > 0 ? { anchor: [label] } : {}),
    bindings: [
      { field: 'learningRate', paths: at('lr') },
      { field: 'eps', paths: at('adam_epsilon') },
      // An optimizer step sees a minibatch where there is one, else the train batch.
      {
        field: 'batchPerDevice',
        paths: keys.includes('sgd_minibatch_size') ? at('sgd_minibatch_size') : at('train_batch_size'),
      },
      { field: 'clipNorm', paths: at('grad_clip') },
    ] as unknown as Binding[],
    finish(settings) {
      imply(
        settings,
        {
          domain: isPpo ? 'rl-policy' : isDqn ? 'rl-value' : undefined,
          architecture: isPpo ? 'ppo' : isDqn ? 'dqn' : undefined,
          objective: 'online-rl',
        },
        text('settings of an RLlib algorithm', 'RLlib 알고리즘의 설정'),
      );
    },
  };
}

export const rllib: Dialect = {
  id: 'rllib',
  name: 'RLlib',
  formats: ['yaml', 'json'],
  loader: loadedBy('pyyaml', 'kept', 'rllib train: yaml.safe_load'),
  recognise(view) {
    const [first] = blocks(view);
    if (!first) return undefined;
    const keys =
      first.path.length > 0 ? [`${first.label}.run`, `${first.label}.config`] : present(view, marks);
    return recognised(first.path.length > 0 ? 0.9 : 0.85, hasKeys(keys));
  },
  layouts: (view) => blocks(view).map((block) => layout(view, block)),
};
