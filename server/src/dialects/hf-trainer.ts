import type { ConfigDocument } from '../document/types.ts';
import type { Objective } from '../run/fields.ts';
import { text } from '../text.ts';
import { absent, type ConfigView, type Dialect, type LoaderFacts } from './dialect.ts';
import { isConfigGroup } from './hydra.ts';
import { bind, key, under } from './support/bind.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { maskingKey, trainsMaskedModel } from './support/masked-lm.ts';
import { trainingArgumentNames } from './support/training-argument-keys.ts';
import { argumentsLayout, startsFromCheckpoint } from './support/training-arguments.ts';
import { createView } from './view.ts';

/** Keys only `transformers.TrainingArguments` has. */
const hallmarks = [
  'per_device_train_batch_size',
  'num_train_epochs',
  'lr_scheduler_type',
  'per_device_eval_batch_size',
  'per_gpu_train_batch_size',
];

/** Keys it shares with others; they add to the evidence and do not make it. */
const common = [
  'learning_rate',
  'gradient_accumulation_steps',
  'warmup_ratio',
  'warmup_steps',
  'max_steps',
  'optim',
  'weight_decay',
  'max_grad_norm',
  'adam_beta1',
  'adam_beta2',
  'save_strategy',
  'eval_strategy',
  'evaluation_strategy',
  'output_dir',
  'logging_steps',
  'save_total_limit',
  'bf16',
  'fp16',
];

/** Saved by the Trainer itself (a log, the state of a run), or another tool's. */
const records = [
  // Image tools with keys of the same names.
  'pretrained_model_name_or_path',
  'network_module',
  'log_history',
  'best_metric',
  'total_flos',
  'train_runtime',
];

/** Keys of TrainingArguments in the block `prefix`, as far as they are plain values; a sweep holds ranges there. */
export function trainingArgumentKeys(view: ConfigView, prefix = ''): { own: string[]; all: string[] } {
  const at = (names: readonly string[]) =>
    present(view, prefix ? names.map((name) => `${prefix}.${name}`) : names).filter(
      (name) => view.at(key(name))?.kind === 'scalar',
    );
  const own = at(hallmarks);
  return { own, all: [...own, ...at(common)] };
}

/**
 * `lr_scheduler_type` alone beside a batch and a length under other names: a tool that hands them on to the Trainer
 * under its own words, with defaults of its own.
 */
function isOfAnotherTool(view: ConfigView, prefix: string, own: readonly string[]): boolean {
  const others = under(prefix, ['batch_size', 'train_batch_size', 'num_epochs', 'epochs']);
  return own.every((name) => name.endsWith('lr_scheduler_type')) && present(view, others).length > 0;
}

/** The block of TrainingArguments: the top level, or the one map under it that holds them (`training_args:`). */
export function argumentsBlock(view: ConfigView): string | undefined {
  const holds = (prefix: string) => {
    const { own, all } = trainingArgumentKeys(view, prefix);
    return own.length >= 1 && all.length >= 3 && !isOfAnotherTool(view, prefix, own);
  };
  if (holds('')) return '';
  return view.keys([]).find((name) => !name.includes('.') && view.at([name])?.kind === 'map' && holds(name));
}

const flat = loadedBy(
  'pyyaml',
  'kept',
  'transformers 5.18 HfArgumentParser.parse_yaml_file: yaml.safe_load, no cast',
);

/** A block of arguments inside another file is unpacked by a script of its own, which may convert numbers. */
function loaderFacts(document: ConfigDocument): LoaderFacts {
  const facts = flat(document);
  if (!argumentsBlock(createView(document, 0, facts.loader))) return facts;
  return {
    ...facts,
    stringForNumber: 'unverified',
    source: 'a script that unpacks a block of TrainingArguments',
  };
}

const objectiveWhy = text('the file names its method of training', '파일에 학습 방법이 적혀 있음');

/** `method: dpo`, `stage: rm`, or a block of that name. */
function objectiveOf(view: ConfigView): Objective | undefined {
  const said = ['method', 'stage', 'trainer', 'trainer_type', 'training_type', 'algorithm', 'task'].map(
    (name) => view.string([name])?.toLowerCase() ?? '',
  );
  const names = (pattern: RegExp) =>
    said.some((word) => pattern.test(word)) || view.keys([]).some((name) => pattern.test(name));
  if (names(/^(?:grpo|ppo|rloo|reinforce)(?:_config|_trainer)?$/)) return 'online-rl';
  if (names(/^(?:dpo|kto|orpo|simpo|ipo|cpo)(?:_config|_trainer)?$/)) return 'preference';
  return names(/^(?:rm|reward_?model(?:ing)?)$/) ? 'reward-model' : undefined;
}

/** Arguments of run_mlm.py and of DataCollatorForLanguageModeling. */
const maskingKeys = (block: string) =>
  [block, '', 'data', 'data_args', 'dataset', 'data_collator', 'collator'].flatMap((prefix) =>
    under(prefix, ['mlm', 'mlm_probability']),
  );

/** Blocks in which scripts of many authors describe an adapter. */
const adapterBlocks = [
  'lora.r',
  'lora.rank',
  'lora.lora_r',
  'peft.r',
  'peft.lora_r',
  'lora_config.r',
  'peft_config.r',
];

/** Keys under which such scripts name the model they load. */
const modelKeys = [
  ...['name_or_path', 'model_name_or_path', 'pretrained_model_name_or_path', 'base_model_name', 'base_model'],
  ...['model_name', 'model_id', 'checkpoint', 'name'],
].map((name) => `model.${name}`);

export const hfTrainer: Dialect = {
  id: 'hf-trainer',
  name: 'Hugging Face Trainer',
  formats: ['yaml', 'json', 'toml'],
  loader: loaderFacts,
  recognise(view) {
    // A file of a Hydra config group is read by OmegaConf, whatever its keys are called.
    if (present(view, records).length > 0 || isConfigGroup(view)) return undefined;
    const block = argumentsBlock(view);
    if (block === undefined) return undefined;
    const { own, all } = trainingArgumentKeys(view, block);
    const confidence = Math.min(0.55 + 0.1 * own.length + 0.03 * all.length, 0.85);
    return recognised(block === '' ? confidence : confidence - 0.1, hasKeys(all));
  },
  layouts(view) {
    const block = argumentsBlock(view) ?? '';
    const layout = argumentsLayout({ version: 'transformers 5.18', framework: 'hf-trainer', prefix: block }, [
      bind('model', [...modelKeys, 'model_id', 'base_model'], {
        readOnly: true,
        // `org/name` and `bert-base-uncased` are weights; a plain word may be a class of the script's own.
        read: (value) => (value.kind === 'string' && /[/-]/.test(value.value) ? value.value : absent),
      }),
    ]);
    return [
      {
        ...layout,
        finish: (settings, at) => {
          layout.finish?.(settings, at);
          const masking = maskingKey(at, ...maskingKeys(block));
          if (masking) trainsMaskedModel(settings, masking, settings.model?.from !== 'file');
          else startsFromCheckpoint(settings);
          const objective = objectiveOf(at);
          if (objective) imply(settings, { objective }, objectiveWhy);
          const adapter = present(at, ['lora_r', 'lora_rank', 'lora_alpha', ...adapterBlocks]);
          if (adapter.length > 0 && at.boolean(['use_peft']) !== false && at.boolean(['use_lora']) !== false)
            imply(settings, { method: 'lora' }, hasKeys(adapter));
        },
      },
    ];
  },
  keys: (at) => (at.length === 0 ? trainingArgumentNames : undefined),
};

/** Why a language-model tool implies its domain. */
export function forLanguageModels(tool: string) {
  return text(`${tool} fine-tunes language models`, `${tool}는 언어 모델을 파인튜닝하는 도구`);
}
