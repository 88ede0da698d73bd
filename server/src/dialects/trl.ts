import type { Objective, TuningMethod } from '../run/fields.ts';
import type { ConfigView, Dialect } from './dialect.ts';
import { argumentsBlock, forLanguageModels, trainingArgumentKeys } from './hf-trainer.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { trainingArgumentNames } from './support/training-argument-keys.ts';
import { argumentsLayout } from './support/training-arguments.ts';

/** Keys of TRL's own configs and scripts that TrainingArguments does not have. */
const own = [
  'num_generations',
  'max_completion_length',
  'max_prompt_length',
  'reward_funcs',
  'reward_weights',
  'use_vllm',
  'loss_type',
  'beta',
  'packing',
  'dataset_mixture',
  'dataset_train_split',
  'dataset_text_field',
  'dataset_kwargs',
  'completion_only_loss',
  'assistant_only_loss',
  'desirable_weight',
  'use_peft',
  'lora_target_modules',
  'max_length',
  'dataset_num_proc',
];

/** Keys of tools that share some of these and are not TRL. */
const foreign = [
  'finetuning_type',
  'tuner_type',
  'train_type',
  'split_dataset_ratio',
  'use_slow_tokenizer',
  'micro_batch_size',
  'pretrained_model_name_or_path',
];

/** Which trainer the file is for, by the keys only that trainer has. */
function objectiveOf(view: ConfigView): Objective {
  if (present(view, ['num_generations', 'max_completion_length', 'reward_funcs']).length > 0)
    return 'online-rl';
  if (present(view, ['beta', 'desirable_weight', 'max_prompt_length']).length > 0) return 'preference';
  return 'supervised';
}

function methodOf(view: ConfigView): TuningMethod | undefined {
  const lora =
    view.boolean(['use_peft']) === true || present(view, ['lora_r', 'lora_target_modules']).length > 0;
  const said = view.value(['use_peft']);
  // `use_peft` is off unless somebody switches it on.
  if (!lora) return said === undefined || said.kind === 'boolean' ? 'full' : undefined;
  return view.boolean(['load_in_4bit']) === true ? 'qlora' : 'lora';
}

/** `learning_rate` of SFTConfig; DPOConfig, GRPOConfig, KTOConfig and RLOOConfig in TRL 1.13. */
const usualRate = (objective: Objective): number => (objective === 'supervised' ? 2e-5 : 1e-6);

export const trl: Dialect = {
  id: 'trl',
  name: 'TRL',
  formats: ['yaml', 'json'],
  loader: loadedBy(
    'pyyaml',
    'cast',
    'trl 1.13 TrlParser: yaml.safe_load into argparse defaults, which `type=` converts',
  ),
  recognise(view) {
    if (argumentsBlock(view) !== '' || present(view, foreign).length > 0) return undefined;
    const found = present(view, own);
    if (found.length === 0) return undefined;
    const telling = found.filter((name) => name !== 'max_length' && name !== 'dataset_num_proc');
    if (telling.length === 0 && found.length < 2) return undefined;
    const { all } = trainingArgumentKeys(view);
    return recognised(Math.min(0.83 + 0.04 * found.length, 0.97), hasKeys(found), hasKeys(all));
  },
  layouts(view) {
    const objective = objectiveOf(view);
    const layout = argumentsLayout({
      version: 'TRL 1.13',
      framework: 'trl',
      defaults: {
        learningRate: usualRate(objective),
        precision: view.boolean(['fp16']) === true ? 'fp16-mixed' : 'bf16-mixed',
      },
    });
    return [
      {
        ...layout,
        finish(settings, view) {
          layout.finish?.(settings, view);
          imply(
            settings,
            { domain: 'llm', goal: 'fine-tuning', fromScratch: false, objective, method: methodOf(view) },
            forLanguageModels('TRL'),
          );
        },
      },
    ];
  },
  keys: (at) => (at.length === 0 ? [...trainingArgumentNames, ...own] : undefined),
};
