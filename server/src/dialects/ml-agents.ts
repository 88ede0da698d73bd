import type { Path } from '../document/types.ts';
import { text } from '../text.ts';
import type { Binding, ConfigView, Dialect, RunLayout } from './dialect.ts';
import { defaultsOf } from './support/bind.ts';
import { hasKeys, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('ML-Agents');
const old = [
  'buffer_size',
  'time_horizon',
  'summary_freq',
  'learning_rate',
  'num_epoch',
  'max_steps',
  'beta',
  'hidden_units',
  'batch_size',
];

/** Behaviours: below `behaviors:` since release 2, at the top before. */
function behaviours(view: ConfigView): { path: Path; inner: string[]; name: string }[] {
  const named = view.keys(['behaviors']);
  if (named.length > 0)
    return named.map((name) => ({ path: ['behaviors', name], inner: ['hyperparameters'], name }));
  return view
    .keys([])
    .filter((name) => {
      const keys = view.keys([name]);
      return old.filter((mark) => keys.includes(mark)).length >= 4;
    })
    .map((name) => ({ path: [name], inner: [], name }));
}

function layout({ path, inner, name }: ReturnType<typeof behaviours>[number]): RunLayout {
  const at = (key: string): Path => [...path, ...inner, key];
  // Before release 2 a behaviour took what it does not say from `default`.
  const both = (key: string): Path[] =>
    inner.length > 0 || name === 'default' ? [at(key)] : [at(key), ['default', key]];
  return {
    label: name,
    anchor: path,
    bindings: [
      { field: 'optimizer', paths: [], readOnly: true, fallback: usual('adam') },
      {
        field: 'learningRate',
        paths: both('learning_rate'),
        writeAll: (value: number) => [{ path: at('learning_rate'), value }],
      },
      {
        field: 'batchPerDevice',
        paths: both('batch_size'),
        writeAll: (value: number) => [{ path: at('batch_size'), value }],
      },
      {
        field: 'schedule',
        paths: [at('learning_rate_schedule')],
        read: scheduleByWord,
        write: (kind: string) => (kind === 'linear' || kind === 'constant' ? kind : undefined),
        fallback: (view: ConfigView) =>
          view.string([...path, 'trainer_type']) === 'sac' ? usual('constant')() : usual('linear')(),
      },
      { field: 'warmupSteps', paths: [], readOnly: true, fallback: usual(0) },
    ] as unknown as Binding[],
    finish(settings) {
      imply(
        settings,
        { domain: 'rl-policy', architecture: 'ppo', objective: 'online-rl' },
        text('settings of an ML-Agents trainer', 'ML-Agents 트레이너의 설정'),
      );
    },
  };
}

export const mlAgents: Dialect = {
  id: 'ml-agents',
  name: 'ML-Agents',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'cast', 'mlagents trainers/settings.py: yaml.safe_load, cattrs converts'),
  recognise(view) {
    const found = behaviours(view);
    const first = found[0];
    if (!first) return undefined;
    if (first.inner.length > 0)
      return view.has([...first.path, 'hyperparameters']) || view.has([...first.path, 'trainer_type'])
        ? recognised(0.96, hasKeys(['behaviors']))
        : undefined;
    return recognised(0.9, hasKeys(old.filter((mark) => view.keys(first.path).includes(mark))));
  },
  layouts: (view) => behaviours(view).map(layout),
};
