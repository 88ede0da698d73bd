import type { LoadedValue, Path } from '../document/types.ts';
import type { Binding, ConfigView, Dialect, RunLayout } from './dialect.ts';
import { optimizerIdOf } from './read.ts';
import { bind, defaultsOf } from './support/bind.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { torchDefault } from './support/optimizers.ts';
import { acceleratePrecision } from './support/precision.ts';

const usual = defaultsOf('SpeechBrain 1');

/** `!name:torch.optim.AdamW` or `!new:...`: the optimizer is the tag of its block. */
const optimizerTag = /^!(?:name|new|apply):(?:.*\.)?(?:optim\.)?(\w+)$/;

interface Found {
  readonly name: string;
  readonly optimizer: string;
}

function optimizers(view: ConfigView): Found[] {
  return view.keys([]).flatMap((name) => {
    const tag = view.at([name])?.tag;
    if (tag === undefined || !/optim/.test(tag)) return [];
    const optimizer = optimizerTag.exec(tag)?.[1];
    return optimizer === undefined ? [] : [{ name, optimizer }];
  });
}

/** Where `!ref <lr>` leads: values that are only references are read and written at what they name. */
function followed(view: ConfigView, path: Path): Path {
  const node = view.at(path);
  const name =
    node?.kind === 'scalar' && node.tag === '!ref' ? /^<(\w+)>$/.exec(node.text.trim())?.[1] : undefined;
  return name !== undefined && view.has([name]) ? [name] : path;
}

/** `lr: 0` beside a scheduler is a place holder: SpeechBrain's schedulers put in a rate of their own each step. */
function rateUnlessScheduled(value: LoadedValue, view: ConfigView): number | undefined {
  const rate = numberOf(value);
  const scheduled = view.keys([]).some((name) => /schedulers?\./.test(view.at([name])?.tag ?? ''));
  return rate === 0 && scheduled ? undefined : rate;
}

function layout(view: ConfigView, found: Found | undefined, label: string): RunLayout {
  const id = found && optimizerIdOf(found.optimizer, 'speechbrain');
  const torch = (argument: string) => {
    const value = torchDefault(id, argument);
    return typeof value === 'number' ? usual(value)() : undefined;
  };
  const of = (argument: string): Path[] => (found ? [followed(view, [found.name, argument])] : []);
  const own: Binding[] = found
    ? ([
        { field: 'optimizer', paths: [[found.name]], readNode: () => id, readOnly: true },
        {
          field: 'learningRate',
          paths: [...of('lr'), ...(view.has(['lr']) ? [['lr']] : [])],
          read: (value: LoadedValue) => rateUnlessScheduled(value, view),
          fallback: () => torch('lr'),
        },
        { field: 'weightDecay', paths: of('weight_decay'), fallback: () => torch('weightDecay') },
        { field: 'momentum', paths: of('momentum'), fallback: () => torch('momentum') },
        { field: 'eps', paths: of('eps'), fallback: () => torch('eps') },
        { field: 'beta1', paths: [[found.name, 'betas', 0]], readOnly: true },
        { field: 'beta2', paths: [[found.name, 'betas', 1]], readOnly: true },
      ] as unknown as Binding[])
    : [bind('learningRate', ['lr', 'lr_adam'])];
  return {
    label,
    ...(found ? { anchor: [found.name] } : {}),
    bindings: [
      ...own,
      bind('epochs', ['number_of_epochs', 'N_epochs', 'num_epochs']),
      bind('batchPerDevice', ['batch_size', 'batch_size_train', 'train_batch_size']),
      bind('gradientAccumulation', ['grad_accumulation_factor', 'gradient_accumulation'], {
        fallback: usual(1),
      }),
      bind('clipNorm', ['max_grad_norm', 'clip_grad_norm'], { fallback: usual(5) }),
      bind('precision', 'precision', acceleratePrecision),
      bind('warmupSteps', ['n_warmup_steps', 'warmup_steps', 'warmup']),
      bind('maxSteps', 'optimizer_step_limit'),
    ],
  };
}

const marks = [
  'number_of_epochs',
  'epoch_counter',
  'train_logger',
  'checkpointer',
  '__set_seed',
  'output_folder',
  'save_folder',
  'train_log',
  'N_epochs',
];

export const speechbrain: Dialect = {
  id: 'speechbrain',
  name: 'SpeechBrain',
  formats: ['yaml'],
  // HyperPyYAML: every key is a variable of the recipe.
  freeKeys: true,
  loader: loadedBy('yaml-1.2', 'unverified', 'HyperPyYAML: ruamel.yaml since its change #17, PyYAML before'),
  recognise(view) {
    const found = optimizers(view);
    const keys = present(view, marks);
    const trains = found.length > 0 || (view.has(['epoch_counter']) && view.has(['number_of_epochs']));
    if (!trains || keys.length < 3) return undefined;
    return recognised(
      Math.min(0.85 + 0.02 * keys.length, 0.97),
      hasKeys([...found.map(({ name }) => name), ...keys]),
    );
  },
  layouts(view) {
    const found = optimizers(view);
    if (found.length === 0) return [layout(view, undefined, '')];
    return found.map((one) => layout(view, one, found.length > 1 ? one.name : ''));
  },
};
