import type { Dialect } from './dialect.ts';
import { argumentsBlock, forLanguageModels } from './hf-trainer.ts';
import { bind, firstString } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { argumentsLayout } from './support/training-arguments.ts';

const own = ['tuner_type', 'train_type', 'rlhf_type', 'split_dataset_ratio', 'swift_version'];

export const msSwift: Dialect = {
  id: 'ms-swift',
  name: 'ms-swift',
  formats: ['yaml', 'json'],
  loader: loadedBy(
    'pyyaml',
    'cast',
    'ms-swift cli/main.py: yaml.safe_load, turned into command-line arguments',
  ),
  recognise(view) {
    if (present(view, ['finetuning_type', 'base_model', 'sampler_type']).length > 0) return undefined;
    if (argumentsBlock(view) === '' || view.has(['num_train_epochs']))
      return byKeys(view, { all: ['model'], any: own, confidence: 0.92 });
    return undefined;
  },
  layouts(view) {
    const megatron = view.has(['micro_batch_size']);
    const layout = argumentsLayout(
      {
        version: 'ms-swift',
        framework: 'hf-trainer',
        ...(megatron ? { names: { learningRate: 'lr', batch: 'micro_batch_size' } } : {}),
        // ms-swift: 1e-5 for full training, 1e-4 for adapters; it warms up over 5 % by default.
        defaults: { learningRate: null, batch: 1, schedule: 'cosine', warmupRatio: 0.05, precision: null },
      },
      [
        bind('model', 'model'),
        bind('dataset', ['dataset', 'dataset.0']),
        bind('globalBatch', 'global_batch_size'),
        bind('warmupRatio', 'lr_warmup_fraction'),
      ],
    );
    const tuner = firstString(view, 'tuner_type', 'train_type', 'train.tuner_type') ?? 'lora';
    const rl = view.string(['rlhf_type']);
    return [
      {
        ...layout,
        finish(settings, at) {
          layout.finish?.(settings, at);
          imply(
            settings,
            {
              domain: 'llm',
              goal: 'fine-tuning',
              fromScratch: false,
              method: tuner === 'full' ? 'full' : 'lora',
              objective:
                rl === undefined
                  ? 'supervised'
                  : /grpo|ppo|gkd/.test(rl)
                    ? 'online-rl'
                    : rl === 'rm'
                      ? 'reward-model'
                      : 'preference',
            },
            forLanguageModels('ms-swift'),
          );
        },
      },
    ];
  },
};
