import type { Objective, TuningMethod } from '../run/fields.ts';
import { absent, type Dialect, type RunLayout } from './dialect.ts';
import { forLanguageModels } from './hf-trainer.ts';
import { bind, defaultsOf, named } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { trainingArgumentNames } from './support/training-argument-keys.ts';
import { argumentsLayout } from './support/training-arguments.ts';

const usual = defaultsOf('LLaMA-Factory v1');

const objectives = named<Objective>({
  pt: 'pretraining',
  sft: 'supervised',
  rm: 'reward-model',
  ppo: 'online-rl',
  dpo: 'preference',
  kto: 'preference',
});
const methods = named<TuningMethod>({ lora: 'lora', full: 'full', freeze: 'freeze', oft: 'lora' });

const flat = (): RunLayout => {
  const base = argumentsLayout({ version: 'LLaMA-Factory 0.9 (transformers)', framework: 'llama-factory' }, [
    bind('objective', 'stage', { ...objectives, readOnly: true }),
    bind('task', 'stage', { readOnly: true }),
    bind('method', 'finetuning_type', { ...methods, readOnly: true }),
    bind('precision', 'pure_bf16', {
      read: (value) => (value.kind === 'boolean' && value.value ? 'bf16' : absent),
      readOnly: true,
    }),
  ]);
  return base;
};

/** The second generation of configs (`src/llamafactory/v1`), with keys of its own. */
const second = (): RunLayout => ({
  label: '',
  bindings: [
    bind('learningRate', 'learning_rate', { fallback: usual(1e-4) }),
    bind('batchPerDevice', 'micro_batch_size', { fallback: usual(1) }),
    bind('globalBatch', 'global_batch_size'),
    bind('maxSteps', 'max_steps'),
    bind('epochs', 'num_train_epochs', { fallback: usual(3) }),
    bind('clipNorm', 'max_grad_norm', { fallback: usual(1) }),
    bind('sequenceLength', 'cutoff_len'),
    bind('model', 'model'),
    bind('dataset', 'train_dataset'),
    bind('method', 'peft_config.name', { ...methods, readOnly: true }),
  ],
});

/** Its own arguments that stand most often beside those of transformers. */
const ownNames: readonly string[] = (
  'stage do_train finetuning_type template cutoff_len dataset dataset_dir eval_dataset lora_rank ' +
  'lora_alpha lora_dropout lora_target quantization_bit quantization_method pure_bf16 ' +
  'max_samples preprocessing_num_workers val_size plot_loss trust_remote_code ' +
  'adapter_name_or_path resize_vocab flash_attn use_unsloth enable_liger_kernel pref_beta ' +
  'pref_loss neat_packing packing streaming buffer_size mix_strategy freeze_trainable_layers ' +
  'use_galore use_apollo use_badam use_rslora use_dora pissa_init loraplus_lr_ratio ' +
  'model_name_or_path'
).split(' ');

export const llamaFactory: Dialect = {
  id: 'llama-factory',
  name: 'LLaMA-Factory',
  formats: ['yaml', 'json'],
  loader: loadedBy('omegaconf', 'kept', 'LLaMA-Factory hparams/parser.py: OmegaConf.load since June 2025'),
  recognise: (view) =>
    byKeys(view, {
      all: ['finetuning_type'],
      any: ['stage', 'template', 'cutoff_len', 'dataset', 'do_train', 'learning_rate', 'lora_target'],
      min: 2,
      none: ['infer_backend', 'export_dir'],
      confidence: 0.9,
    }) ??
    byKeys(view, {
      all: ['stage', 'do_train', 'template'],
      any: ['dataset', 'cutoff_len'],
      confidence: 0.85,
    }) ??
    byKeys(view, {
      all: ['model', 'learning_rate', 'micro_batch_size'],
      any: ['kernel_config', 'dist_config', 'sample_backend'],
      confidence: 0.85,
    }),
  layouts(view) {
    // Without `do_train: true` nothing is trained: such a file predicts or evaluates.
    const only = (one: string) => view.boolean([one]) === true && view.boolean(['do_train']) !== true;
    if (only('do_predict') || only('do_eval')) return [];
    const isSecond = present(view, ['micro_batch_size', 'dist_config', 'kernel_config']).length >= 2;
    const layout = isSecond ? second() : flat();
    return [
      {
        ...layout,
        finish(settings, view) {
          layout.finish?.(settings, view);
          const quantised = present(view, ['quantization_bit', 'quantization_method']).length > 0;
          if (settings.method?.value === 'lora' && quantised && settings.method)
            settings.method = { ...settings.method, value: 'qlora' };
          const objective = settings.objective?.value;
          imply(
            settings,
            {
              domain: 'llm',
              fromScratch: view.boolean(['train_from_scratch']) ?? false,
              objective: objective ?? 'supervised',
              goal: objective === 'pretraining' ? undefined : 'fine-tuning',
            },
            forLanguageModels('LLaMA-Factory'),
          );
        },
      },
    ];
  },
  keys: (at) => (at.length === 0 ? [...ownNames, ...trainingArgumentNames] : undefined),
};
