import type { LoadedValue, Path } from '../../document/types.ts';
import { editDistance } from '../../edit-distance.ts';
import type { FieldId } from '../../run/fields.ts';
import type { MutableSettings } from '../../run/setting.ts';
import { text } from '../../text.ts';
import { absent, type Binding, type ConfigView } from '../dialect.ts';
import { optimizerIdOf } from '../read.ts';
import { numberOr, positive } from './bind.ts';
import { imply } from './imply.ts';
import { numberOf } from './numbers.ts';
import { betaPair, spelled, torchClasses } from './optimizers.ts';
import { acceleratePrecision, lightningPrecision } from './precision.ts';
import type { Leaf } from './scan.ts';
import { scheduleByWord } from './schedules.ts';

type Block = Leaf['block'];
/** Blocks in which a key means the field, and the keys, most telling first. */
type Synonyms = readonly (readonly [readonly Block[], string])[];

const anywhere: readonly Block[] = ['general', 'optimizer', 'scheduler', 'data'];
const outside: readonly Block[] = ['general'];
const rates =
  'learning_rate lr base_lr lr0 init_lr initial_lr initial_learning_rate base_learning_rate peak_lr max_lr start_lr peak_learning_rate max_learning_rate lr_max lr_initial';

const synonyms: Readonly<Partial<Record<FieldId, Synonyms>>> = {
  optimizer: [
    [['optimizer'], '_target_ class_path name type class optimizer optimizer_type optim algorithm opt'],
    [
      outside,
      'optimizer optim optimizer_name optimizer_type optim_type optimiser opt optimizer_class optim_name opt_type opt_name',
    ],
  ],
  learningRate: [
    [['optimizer'], rates],
    [outside, rates],
    [['scheduler'], 'base_lr max_lr peak_lr learning_rate lr initial_lr'],
  ],
  momentum: [[['optimizer', 'general'], 'momentum sgd_momentum']],
  nesterov: [[['optimizer', 'general'], 'nesterov']],
  beta1: [[['optimizer', 'general'], 'beta1 beta_1 adam_beta1 b1']],
  beta2: [[['optimizer', 'general'], 'beta2 beta_2 adam_beta2 b2']],
  // Outside the optimizer's block `epsilon` is as often the clip range or the exploration of an RL run.
  eps: [
    [['optimizer'], 'adam_epsilon adam_eps eps epsilon opt_eps'],
    [['general'], 'adam_epsilon adam_eps eps opt_eps'],
  ],
  weightDecay: [
    [
      ['optimizer', 'general'],
      'weight_decay wd weightdecay l2 decay_weight adam_weight_decay weight_decay_rate',
    ],
  ],
  batchPerDevice: [
    [
      ['general', 'data'],
      'train_batch_size batch_size per_device_train_batch_size per_device_batch_size batch_size_per_gpu ' +
        'batch_size_per_device micro_batch_size train_bs bs batchsize batch_size_train batch per_gpu_batch_size per_gpu_train_batch_size batch_size_training local_batch_size samples_per_gpu imgs_per_gpu train_batch',
    ],
  ],
  globalBatch: [
    [
      ['general', 'data'],
      'global_batch_size total_batch_size effective_batch_size global_train_batch_size ims_per_batch',
    ],
  ],
  gradientAccumulation: [
    [
      anywhere,
      'gradient_accumulation_steps accumulate_grad_batches grad_accum_steps accumulation_steps gradient_accumulation ' +
        'grad_accum accum_steps accum_iter accum_grad grad_accumulation_steps accumulate_steps iter_size gradient_accumulate_every gradient_accumulation_every gradient_accumulate_steps grad_acc_steps update_freq',
    ],
  ],
  worldSize: [[outside, 'world_size num_gpus n_gpus num_gpu gpus ngpu num_devices']],
  epochs: [
    [
      anywhere,
      'epochs max_epochs num_epochs n_epochs total_epochs num_train_epochs max_epoch epoch_num nepochs epoches num_epoch n_epoch total_epoch epoch train_epochs end_epoch max_num_epochs number_of_epochs',
    ],
  ],
  maxSteps: [
    [
      outside,
      'max_steps total_steps max_train_steps train_steps num_train_steps training_steps num_training_steps max_iters ' +
        'max_iter total_iters num_iters train_iters num_iterations max_iterations iterations num_steps total_iter max_updates num_updates total_train_steps training_iters max_num_steps steps',
    ],
  ],
  schedule: [
    [['scheduler'], '_target_ class_path name type class policy schedule scheduler sched lr_decay_style'],
    [
      ['general', 'optimizer'],
      'lr_scheduler scheduler lr_sched lr_scheduler_type scheduler_type lr_schedule schedule sched lr_policy lr_decay_style ' +
        'scheduler_name lr_scheduler_name decay_schedule lr_decay_type learning_rate_schedule',
    ],
  ],
  warmupSteps: [
    [
      anywhere,
      'warmup_steps num_warmup_steps warmup_iters lr_warmup_steps warmup_iterations n_warmup_steps warmup_iter ' +
        'lr_warmup_iters warmup_updates warm_up_steps num_warmup_updates',
    ],
  ],
  warmupRatio: [
    [
      anywhere,
      'warmup_ratio warmup_fraction warmup_proportion warmup_pct lr_warmup_fraction warm_up_ratio warmup_steps_fraction warmup_steps_ratio',
    ],
  ],
  warmupEpochs: [
    [anywhere, 'warmup_epochs warmup_epoch num_warmup_epochs lr_warmup_epochs warm_up_epochs warm_up_epoch'],
  ],
  minLearningRate: [
    [anywhere, 'min_lr eta_min lr_min final_lr end_lr min_learning_rate lr_end end_learning_rate eta_min_lr'],
  ],
  minLearningRateRatio: [[anywhere, 'min_lr_ratio final_lr_ratio lr_min_ratio min_lr_rate']],
  clipNorm: [
    [
      ['general', 'optimizer'],
      'max_grad_norm grad_clip_norm clip_grad_norm gradient_clip_norm grad_norm_clip clip_norm gradient_clip_val ' +
        'gradient_clipping grad_clip clip_grad gradient_clip clip_gradients max_norm clip_max_norm grad_norm ' +
        'clip_gradient grad_clip_val max_gradient_norm gradient_clipping_threshold clip_gradient_norm clipnorm global_clipnorm global_grad_clip',
    ],
    [['optimizer'], 'clip'],
  ],
  clipValue: [[['general', 'optimizer'], 'clip_value grad_clip_value clip_grad_value']],
  dropout: [
    [
      ['model', 'general'],
      'dropout hidden_dropout_prob hidden_dropout dropout_rate dropout_prob resid_pdrop drop_rate dropout_p',
    ],
  ],
  earlyStoppingPatience: [[outside, 'early_stopping_patience early_stop_patience early_stopping_rounds']],
  precision: [[outside, 'mixed_precision precision']],
  model: [
    [
      ['model'],
      'name model_name model_name_or_path pretrained_model_name_or_path arch type architecture backbone pretrained',
    ],
    [
      outside,
      'model_name_or_path model_name model base_model base_model_name pretrained_model arch architecture backbone network encoder model_type',
    ],
  ],
  dataset: [
    [['data'], 'name dataset dataset_name'],
    [outside, 'dataset dataset_name data'],
  ],
  task: [[outside, 'task task_name task_type algo algorithm']],
  datasetSize: [
    [anywhere, 'dataset_size num_train_examples num_train_samples train_samples num_train_images'],
  ],
};

/** The keys of one field in this file: in the order of the synonyms, outer blocks before inner ones. */
export function leavesFor(leaves: readonly Leaf[], field: FieldId): readonly Leaf[] {
  const found: Leaf[] = [];
  for (const [where, names] of synonyms[field] ?? [])
    for (const name of names.split(' '))
      for (const leaf of leaves)
        if (leaf.key === name && where.includes(leaf.block) && !found.includes(leaf)) found.push(leaf);
  return found;
}

/** Fields whose keys are long words of training and of nothing else, and so tell a slip of the pen. */
const tellingFields: readonly FieldId[] = [
  'learningRate',
  'weightDecay',
  'batchPerDevice',
  'globalBatch',
  'gradientAccumulation',
  'epochs',
  'maxSteps',
  'warmupSteps',
  'warmupRatio',
  'warmupEpochs',
  'clipNorm',
];
/** Shorter words have neighbours that mean something else. */
const shortestWord = 8;

/** A key that is one slip away from a word of training. */
export interface KeySlip {
  readonly path: Path;
  readonly field: FieldId;
  /** As the key is to be written, in the style of the slip. */
  readonly meant: string;
}

const tellingWords = tellingFields.flatMap((field) =>
  (synonyms[field] ?? []).flatMap(([, names]) =>
    names
      .split(' ')
      .filter((word) => word.length >= shortestWord && !/\d/.test(word))
      .map((word) => ({ field, word })),
  ),
);
const allWords = new Set(
  Object.values(synonyms).flatMap((rows) => rows.flatMap(([, names]) => names.split(' '))),
);

/** What a misspelt key was to be: `leanring_rate`, or nothing where the word is known, too short or a mere plural. */
export function wordMeant(key: string): { field: FieldId; word: string } | undefined {
  if (key.length < shortestWord - 1 || /\d/.test(key) || allWords.has(key)) return undefined;
  return tellingWords.find(
    ({ word }) =>
      // The first letter is rarely the wrong one: `patch_size` is no `batch_size`.
      word[0] === key[0] &&
      Math.abs(word.length - key.length) <= 1 &&
      // Words parted otherwise are another spelling, no slip: `warm_up_epoch`.
      word.replaceAll('_', '') !== key.replaceAll('_', '') &&
      `${word}s` !== key &&
      `${key}s` !== word &&
      editDistance(key, word) === 1,
  );
}

/** The numbers of a file of unknown framework whose keys are misspelt, where the field has no key spelt well. */
export function slipsIn(view: ConfigView, leaves: readonly Leaf[]): readonly KeySlip[] {
  return leaves.flatMap(({ key, path, node, block }) => {
    if (node.kind !== 'scalar' || block === 'model' || numberOf(view.value(path)) === undefined) return [];
    const meant = wordMeant(key);
    if (!meant || leavesFor(leaves, meant.field).length > 0) return [];
    const written = String(path.at(-1));
    return [{ path, field: meant.field, meant: inStyleOf(written, meant.word) }];
  });
}

/** `learning_rate` as its neighbours are spelt: `LEARNING_RATE`, `learning-rate`, `learningRate`. */
function inStyleOf(written: string, word: string): string {
  if (/^[A-Z_]+$/.test(written)) return word.toUpperCase();
  if (written.includes('-')) return word.replaceAll('_', '-');
  if (/[a-z][A-Z]/.test(written))
    return word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return word;
}

/** Only keys that are there are bound: in a framework we do not know, a new key would be read by nobody. */
export function scannedBindings(view: ConfigView, leaves: readonly Leaf[]): Binding[] {
  const list: Binding[] = [];
  for (const field of Object.keys(synonyms) as FieldId[]) {
    const found = leavesFor(leaves, field);
    const paths = (
      field === 'warmupRatio' ? found.filter((leaf) => !isStartFactor(leaf, leaves)) : found
    ).map(({ path }) => path);
    if (field === 'batchPerDevice') drop(paths, (path) => !countsSamples(view, path));
    const read = field === 'learningRate' && paths.length > 1 ? { read: rateOrPlaceholder } : {};
    if (paths.length > 0) list.push({ field, paths, ...readers(field, view), ...read } as unknown as Binding);
  }
  const betas = leaves.filter(
    (leaf) => /^(adam_)?betas$|^opt_betas$/.test(leaf.key) && leaf.block !== 'model',
  );
  const pair = betaPair([]);
  const paths = betas.map(({ path }) => path);
  for (const binding of betas.length > 0 ? pair : [])
    list.push({ ...binding, paths, ...pairWriter(binding, paths) } as Binding);
  list.push(...warmupOfUnknownUnit(view, leaves), ...precisionSwitches(leaves));
  return list;
}

function drop<T>(list: T[], unwanted: (item: T) => boolean): void {
  for (let index = list.length - 1; index >= 0; index--)
    if (unwanted(list[index] as T)) list.splice(index, 1);
}

/** `batch_size: 38400` beside `batch_size_type: frame` is a number of frames, of how many samples nobody can say. */
function countsSamples(view: ConfigView, path: Path): boolean {
  const block = path.slice(0, -1);
  return !['batch_type', 'batch_size_type'].some((name) =>
    /^(?:frame|token|length|numel|bin|folded)/i.test(view.string([...block, name]) ?? ''),
  );
}

/** Beside `warmup_iters`, `warmup_ratio` is the share of the rate a warm-up begins with (OpenMMLab), no length. */
function isStartFactor({ key, path }: Leaf, leaves: readonly Leaf[]): boolean {
  const block = JSON.stringify(path.slice(0, -1));
  return (
    key === 'warmup_ratio' &&
    leaves.some((leaf) => leaf.key === 'warmup_iters' && JSON.stringify(leaf.path.slice(0, -1)) === block)
  );
}

/** `lr: 0.` beside `base_lr: 0.004` is filled in by the code. */
const rateOrPlaceholder = (value: LoadedValue) => {
  const rate = numberOf(value);
  return rate === 0 || value.kind === 'null' ? absent : rate;
};

/** A pair is only replaced number by number where it is a list. */
function pairWriter(binding: Binding, paths: readonly Path[]): Partial<Binding> {
  const index = binding.field === 'beta1' ? 0 : 1;
  return {
    writeAll: (value: number, view: ConfigView) => {
      const path = paths.find((candidate) => view.at([...candidate, index]));
      return path ? [{ path: [...path, index], value }] : undefined;
    },
  } as unknown as Partial<Binding>;
}

function readers(field: FieldId, view: ConfigView): object {
  switch (field) {
    case 'optimizer':
      return {
        read: (value: LoadedValue) => (value.kind === 'string' ? optimizerIdOf(value.value) : absent),
        write: (id: string, _view: ConfigView, path: readonly (string | number)[]) =>
          spellLike(view.string(path), id),
      };
    case 'schedule':
      return { read: scheduleOf, write: () => undefined };
    case 'maxSteps':
      return { read: positive };
    case 'epochs':
      return { read: (value: LoadedValue) => positiveNumber(value) };
    case 'clipNorm':
    case 'clipValue':
      return { read: numberOr(0) };
    case 'weightDecay':
      return { read: numberOr(0) };
    case 'precision':
      return {
        read: (value: LoadedValue) =>
          value.kind === 'boolean'
            ? absent
            : (acceleratePrecision.read(value) ?? lightningPrecision.read(value)),
        write: () => undefined,
      };
    case 'worldSize':
      return { read: (value: LoadedValue) => positive(value) ?? absent, readOnly: true };
    case 'model':
    case 'dataset':
    case 'task':
      return {
        readOnly: true,
        read: (value: LoadedValue) => (value.kind === 'string' ? value.value : absent),
      };
    case 'datasetSize':
      return { readOnly: true };
    default:
      return {};
  }
}

/** ESPnet's `warmuplr` and its heirs' decays with the root of the step; DeepSpeed's of the same name stays constant. */
const scheduleOf = (value: LoadedValue, view: ConfigView, path: Path) =>
  value.kind === 'string' &&
  /^warmuplr$/i.test(value.value) &&
  view.has([...path.slice(0, -1), 'scheduler_conf'])
    ? 'inverse-sqrt'
    : scheduleByWord(value);

function positiveNumber(value: LoadedValue) {
  const number = numberOf(value);
  return number === undefined ? undefined : number > 0 ? number : absent;
}

/** The new optimizer in the style of the old name: `adam` to `adamw`, `Adam` to `AdamW`, `torch.optim.Adam` likewise. */
function spellLike(before: string | undefined, id: string): string | undefined {
  if (before === undefined) return undefined;
  const name = before.slice(before.lastIndexOf('.') + 1);
  const module = before.slice(0, before.length - name.length);
  const style =
    name === name.toLowerCase()
      ? (word: string) => word.toLowerCase()
      : name === name.toUpperCase()
        ? (word: string) => word.toUpperCase()
        : (word: string) => word;
  const next = spelled(style, torchClasses)[id];
  return next === undefined ? undefined : module + next;
}

/** `warmup: 0.1` is a share of the run, `warmup: 500` a number of steps; the key alone does not say. */
function warmupOfUnknownUnit(view: ConfigView, leaves: readonly Leaf[]): Binding[] {
  const paths = leaves
    .filter((leaf) => (leaf.key === 'warmup' || leaf.key === 'warm_up') && leaf.block !== 'model')
    .map(({ path }) => path)
    .filter((path) => numberOf(view.value(path)) !== undefined);
  if (paths.length === 0) return [];
  const share = (value: LoadedValue) => {
    const number = numberOf(value);
    return number !== undefined && number > 0 && number < 1 ? number : absent;
  };
  const lengthOf = (field: FieldId) =>
    leavesFor(leaves, field)
      .map(({ path }) => numberOf(view.value(path)))
      .find((length) => length !== undefined && length > 0);
  const [epochs, limit] = [lengthOf('epochs'), lengthOf('maxSteps')];
  const steps = (value: LoadedValue) => {
    const number = numberOf(value);
    if (number === 0) return number;
    if (number === undefined || number < 10) return absent;
    // 40 of 300 epochs, or 40 steps: nobody can say.
    return limit === undefined && epochs !== undefined && number <= epochs ? undefined : number;
  };
  return [
    { field: 'warmupRatio', paths, read: share },
    { field: 'warmupSteps', paths, read: steps },
  ] as unknown as Binding[];
}

function precisionSwitches(leaves: readonly Leaf[]): Binding[] {
  const flag = (names: string, on: string): Binding[] => {
    const paths = leaves
      .filter((leaf) => names.split(' ').includes(leaf.key) && leaf.block === 'general')
      .map(({ path }) => path);
    const read = (value: LoadedValue) => (value.kind === 'boolean' && value.value ? on : absent);
    return paths.length > 0
      ? ([{ field: 'precision', paths, read, readOnly: true }] as unknown as Binding[])
      : [];
  };
  return [
    ...flag('bf16 use_bf16', 'bf16-mixed'),
    ...flag('fp16 use_fp16 amp use_amp mixed_precision', 'fp16-mixed'),
  ];
}

/** In an unknown framework the absence of a word is a hint and no more: nothing in the file speaks of it. */
export function silences({ document }: ConfigView) {
  const speaks = (pattern: RegExp) => pattern.test(document.text);
  return (settings: MutableSettings): void => {
    // Who does not even name the optimizer leaves much to the framework's own defaults.
    if (settings.optimizer === undefined) return;
    // Configs in capitals (yacs) only override what stands in the code.
    const name = settings.optimizer.path?.at(-1);
    if (typeof name === 'string' && name === name.toUpperCase()) return;
    const none = (en: string, ko: string) =>
      text(`nothing in the file speaks of ${en}`, `파일에 ${ko}에 관한 내용이 없음`);
    if (!speaks(/warm/i)) imply(settings, { warmupSteps: 0 }, none('warm-up', '워밍업'));
    if (!speaks(/clip|grad_?norm|max_?norm/i))
      imply(settings, { clipNorm: 0 }, none('gradient clipping', '그래디언트 클리핑'));
    if (
      !speaks(
        /sched|(?<!weight[_-]?)decay|anneal|policy|warm|milestone|gamma|step_?size|lr_?(step|factor|drop)|cos|min_?lr|eta_min|half_?lr|lr_?half|plateau|reduce_|patience/i,
      )
    )
      imply(settings, { schedule: 'constant' }, none('a schedule', '학습률 스케줄'));
  };
}
