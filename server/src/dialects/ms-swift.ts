import type { Dialect } from './dialect.ts';
import { argumentsBlock, forLanguageModels } from './hf-trainer.ts';
import { bind, defaultsOf, firstString } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { argumentsLayout } from './support/training-arguments.ts';

const own = ['tuner_type', 'train_type', 'rlhf_type', 'split_dataset_ratio', 'swift_version'];

const usual = defaultsOf('ms-swift 4');

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
    const tuner = firstString(view, 'tuner_type', 'train_type', 'train.tuner_type') ?? 'lora';
    const full = tuner === 'full';
    const megatron = view.has(['micro_batch_size']);
    const layout = argumentsLayout(
      {
        version: 'ms-swift 4',
        framework: 'hf-trainer',
        ...(megatron ? { names: { learningRate: 'lr', batch: 'micro_batch_size' } } : {}),
        // swift/trainers/arguments.py; the rate depends on what is trained.
        defaults: {
          learningRate: full ? 1e-5 : 1e-4,
          batch: 1,
          accumulation: null,
          schedule: 'cosine',
          weightDecay: 0.1,
          beta2: 0.95,
          precision: null,
        },
      },
      [
        bind('model', 'model'),
        bind('dataset', ['dataset', 'dataset.0']),
        bind('globalBatch', 'global_batch_size'),
        bind('gradientAccumulation', 'gradient_accumulation_steps', {
          fallback: (at) =>
            usual(Math.max(1, Math.ceil(16 / (at.number(['per_device_train_batch_size']) || 1))), {
              en: 'towards 16 samples a step, here on one device',
              ko: '스텝당 16개에 맞춤, 장치 1개 기준',
            })(),
        }),
        bind('warmupRatio', 'lr_warmup_fraction'),
      ],
    );
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
              method: full ? 'full' : 'lora',
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
