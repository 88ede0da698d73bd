import type { ConfigDocument } from '../document/types.ts';
import { optimizerByFrameworkName } from '../knowledge/optimizers.ts';
import type { FieldId } from '../run/fields.ts';
import { text } from '../text.ts';
import type { ConfigView, Dialect, LoaderFacts, Recognition, RunLayout } from './dialect.ts';
import { adapterOf } from './support/adapter.ts';
import { hasKeys, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { trainsMaskedModel } from './support/masked-lm.ts';
import { numberOf } from './support/numbers.ts';
import { isMarked, type Leaf, leavesOf, type Player } from './support/scan.ts';
import { leavesFor, scannedBindings, silences, slipsIn } from './support/synonyms.ts';

/** `evaluate: true`, `mode: test`: a run that trains nothing. */
function evaluatesOnly(view: ConfigView, { key, path }: Leaf): boolean {
  if (/^(evaluate|evaluate_only|eval_only|test_only|only_test|inference_only|inference)$/.test(key))
    return view.boolean(path) === true;
  return (
    key === 'mode' &&
    /^(eval|evaluate|test|val|validate|inference|infer|predict|export)$/i.test(view.string(path) ?? '')
  );
}

/** `loss: 0.31`, `top1: 76.1`: what a run measured, written beside the settings it ran with. */
function isRecord(view: ConfigView, { key, path }: Leaf): boolean {
  return (
    /^(?:(?:train|training|val|valid|validation|eval|test|best|final)_)?loss$|^(?:best_)?(?:top_?[15]|acc_?[15])$|^(?:val|test|eval|best)_acc(?:uracy)?$|^train_runtime$/.test(
      key,
    ) && numberOf(view.value(path)) !== undefined
  );
}

/** `metrics: {loss: 0.31}`: the same in a block of its own. */
function hasMetrics(view: ConfigView): boolean {
  return view.keys(['metrics']).some((name) => numberOf(view.value(['metrics', name])) !== undefined);
}

const layout = (view: ConfigView): RunLayout => {
  const leaves = leavesOf(view);
  const silent = silences(view);
  return {
    label: '',
    bindings: scannedBindings(view, leaves),
    finish(settings) {
      const masking = leaves.find(
        ({ key, path }) =>
          (key === 'mlm' && view.boolean(path)) ||
          (/^(?:mlm_probability|mlm_prob|masked_lm_prob)$/.test(key) &&
            (numberOf(view.value(path)) ?? 0) > 0),
      );
      if (masking) trainsMaskedModel(settings, masking.path.join('.'));
      adapterOf(view, settings);
      silent(settings);
    },
  };
};

/** One of the two runs of a GAN, whose optimizers or rates the file tells apart. */
const playerLayout = (view: ConfigView, player: Player): RunLayout => {
  const leaves = leavesOf(view, player);
  const silent = silences(view);
  return {
    label: player,
    bindings: scannedBindings(view, leaves),
    finish(settings) {
      imply(
        settings,
        { architecture: player === 'generator' ? 'gan-generator' : 'gan-discriminator' },
        text('the file sets generator and discriminator apart', '파일이 생성자와 판별자를 따로 설정함'),
      );
      silent(settings);
    },
  };
};

const players = ['generator', 'discriminator'] as const;

/** Both players have a rate or an optimizer of their own. */
function isAdversarial(view: ConfigView): boolean {
  return players.every((player) => {
    const leaves = leavesOf(view, player);
    return [...leavesFor(leaves, 'learningRate'), ...leavesFor(leaves, 'optimizer')].some((leaf) =>
      isMarked(leaf, player),
    );
  });
}

const numeric = (view: ConfigView, leaf: Leaf) =>
  leaf.node.kind === 'scalar' && numberOf(view.value(leaf.path)) !== undefined;

/** Optimizer, rate and whatever else is said of training in blocks and keys of the usual names. */
export function trainingEvidence(
  view: ConfigView,
): { optimizer?: Leaf; rate?: Leaf; length: Leaf[]; batch: Leaf[]; rest: Leaf[] } | undefined {
  if (hasMetrics(view)) return undefined;
  const leaves = isAdversarial(view) ? leavesOf(view, 'generator') : leavesOf(view);
  if (leaves.some((leaf) => evaluatesOnly(view, leaf) || isRecord(view, leaf))) return undefined;
  const numbers = (...fields: readonly FieldId[]) =>
    fields.flatMap((field) =>
      leavesFor(leaves, field)
        .filter((leaf) => numeric(view, leaf))
        .slice(0, 1),
    );
  const optimizer = leavesFor(leaves, 'optimizer').find((leaf) => {
    const name = view.string(leaf.path);
    return name !== undefined && optimizerByFrameworkName(name) !== undefined;
  });
  const [rate] = numbers('learningRate');
  const length = numbers('epochs', 'maxSteps');
  const batch = numbers('batchPerDevice', 'globalBatch');
  const others = numbers(
    'weightDecay',
    'momentum',
    'warmupSteps',
    'warmupRatio',
    'warmupEpochs',
    'clipNorm',
    'minLearningRate',
  );
  const schedule = leavesFor(leaves, 'schedule')
    .filter((leaf) => leaf.node.kind === 'scalar')
    .slice(0, 1);
  return {
    ...(optimizer && { optimizer }),
    ...(rate && { rate }),
    length,
    batch,
    rest: [...length, ...batch, ...others, ...schedule],
  };
}

function judge(view: ConfigView): Recognition | undefined {
  const found = trainingEvidence(view);
  if (!found?.rate) return undefined;
  const { optimizer, rate, length, batch, rest } = found;
  const names = [...(optimizer ? [optimizer] : []), rate, ...rest].map(({ path }) => path.join('.'));
  if (optimizer && rest.length >= 1)
    return recognised(Math.min(0.6 + 0.03 * rest.length, 0.75), hasKeys(names));
  // Without an optimizer's name: rate, batch and length together are said of nothing but training.
  if (length.length > 0 && batch.length > 0) return recognised(0.55, hasKeys(names));
  return undefined;
}

/** `${model.width}`, `${oc.env:HOME}`: a reference by path or a resolver, which of all loaders OmegaConf follows. */
const interpolates = /^[^#\n]*\$\{(?:[a-z_]\w*(?:\.\w+)+|[a-z_][\w.]*:[^}\n]*)\}/m;

const pyyaml = loadedBy(
  'pyyaml',
  'unverified',
  'unknown framework: the program that reads this file is not known',
);
const omegaconf = loadedBy(
  'omegaconf',
  'unverified',
  'unknown framework: the file refers to other keys as OmegaConf does',
);

const hyperpyyaml = loadedBy(
  'yaml-1.2',
  'unverified',
  'unknown framework: the file has the tags of HyperPyYAML, which reads with ruamel.yaml',
);
const hyperpyyamlTag = /:\s*!(?:new|name|apply|ref|module|copy)[: <]/;

function loaderOf(document: ConfigDocument): LoaderFacts {
  const { text } = document;
  return (hyperpyyamlTag.test(text) ? hyperpyyaml : interpolates.test(text) ? omegaconf : pyyaml)(document);
}

export const generic: Dialect = {
  id: 'generic',
  name: 'training config',
  formats: ['yaml', 'json', 'toml'],
  loader: loaderOf,
  recognise(view) {
    if (view.has(['$trainlint']) || view.document.comments.some(({ text }) => /^trainlint:/.test(text)))
      return recognised(
        1,
        text('the file says so in a trainlint comment', '파일의 trainlint 주석에 적혀 있음'),
      );
    return judge(view);
  },
  slips: (view) => slipsIn(view, leavesOf(view)),
  layouts: (view) =>
    isAdversarial(view) ? players.map((player) => playerLayout(view, player)) : [layout(view)],
};
