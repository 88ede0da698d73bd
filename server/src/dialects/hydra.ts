import type { ConfigView, Dialect } from './dialect.ts';
import { trainingEvidence } from './generic.ts';
import { adapterOf } from './support/adapter.ts';
import { bind, key } from './support/bind.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { torchOptimizer } from './support/optimizers.ts';
import { leavesOf } from './support/scan.ts';
import { scannedBindings, slipsIn } from './support/synonyms.ts';

/** `# @package _group_`: the header Hydra gives the files of a config group. */
export function isConfigGroup({ document }: ConfigView): boolean {
  return document.comments.some(({ text, ownLine }) => ownLine && /^@package\s+\S/.test(text));
}

/** What only Hydra's files have: a defaults list, its own block, objects by `_target_`. */
function hydraMarks(view: ConfigView): string[] {
  const defaults = view.at(['defaults']);
  return [
    ...(isConfigGroup(view) ? ['@package'] : []),
    ...(defaults?.kind === 'seq' ? ['defaults'] : []),
    ...present(view, ['hydra', '_target_', '_recursive_']),
    ...view
      .keys([])
      .filter((name) => view.has([name, '_target_']))
      .map((name) => `${name}._target_`),
  ];
}

/**
 * The block of an optimizer given as a class: `optimizer` of `optimizer._target_`; '' in a file of a config group,
 * whose own `_target_` is the class. In a block of another name only PyTorch's classes tell, and only one of them.
 */
function optimizerBlock(view: ConfigView): string | undefined {
  const targets = leavesOf(view).filter(({ key }) => key === '_target_');
  const torch = targets.filter(({ path }) => /^torch\.optim\.[A-Z]\w*$/.test(view.string(path) ?? ''));
  const leaf =
    targets.find(({ block }) => block === 'optimizer') ?? (torch.length === 1 ? torch[0] : undefined);
  return leaf?.path.slice(0, -1).join('.');
}

const targetOf = (block: string) => (block === '' ? '_target_' : `${block}._target_`);

const ofOptimizer = new Set([
  'optimizer',
  'learningRate',
  'momentum',
  'nesterov',
  'beta1',
  'beta2',
  'eps',
  'weightDecay',
]);

const omegaconf = loadedBy('omegaconf', 'kept', 'hydra: OmegaConf');
/** NeMo Automodel writes Hydra's `_target_` and reads it with a loader of its own. */
const automodel = loadedBy(
  'pyyaml',
  'evaluated',
  'NeMo Automodel components/config/loader.py: yaml.safe_load, strings through ast.literal_eval',
);

export const hydra: Dialect = {
  id: 'hydra',
  name: 'Hydra',
  formats: ['yaml'],
  loader: (document) => (/\bnemo_automodel\./.test(document.text) ? automodel : omegaconf)(document),
  recognise(view) {
    const marks = hydraMarks(view);
    if (marks.length === 0) return undefined;
    const evidence = trainingEvidence(view);
    if (!evidence) return undefined;
    const { optimizer, rate, rest } = evidence;
    const sure =
      optimizerBlock(view) !== undefined ||
      (rate && (optimizer ?? rest.length >= 1)) ||
      (optimizer && rest.length > 0);
    if (!sure) return undefined;
    const found = [optimizer, rate, ...rest].flatMap((leaf) => (leaf ? [leaf.path.join('.')] : []));
    return recognised(
      Math.min(0.76 + 0.02 * found.length, 0.86),
      hasKeys(marks),
      ...(found.length > 0 ? [hasKeys(found)] : []),
    );
  },
  slips: (view) => slipsIn(view, leavesOf(view)),
  layouts(view) {
    const leaves = leavesOf(view);
    const block = optimizerBlock(view);
    const scanned = scannedBindings(view, leaves);
    const bindings =
      block !== undefined
        ? [
            ...torchOptimizer({ name: targetOf(block), args: block, framework: 'hydra' }),
            ...scanned.filter(({ field }) => !ofOptimizer.has(field)),
          ]
        : scanned;
    // `model.net._target_: torch.nn.LSTM` says more than the module around it.
    const classes = leaves
      .filter(({ key, block }) => key === '_target_' && block === 'model')
      .map(({ path }) => path)
      .sort((a, b) => b.length - a.length);
    if (classes.length > 0)
      bindings.push(
        bind(
          'model',
          classes.map((path) => path.join('.')),
          { readOnly: true },
        ),
      );
    return [
      {
        label: '',
        ...(block === undefined ? {} : { anchor: key(targetOf(block)) }),
        bindings,
        finish: (settings) => adapterOf(view, settings),
      },
    ];
  },
};
