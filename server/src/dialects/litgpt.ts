import type { Dialect } from './dialect.ts';
import { forLanguageModels } from './hf-trainer.ts';
import { always, bind, defaultsOf, firstString, key, numberOr } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { torchOptimizer } from './support/optimizers.ts';
import { lightningPrecision } from './support/precision.ts';
import { accumulationFromGlobal, worldOf } from './support/world.ts';

const usual = defaultsOf('litgpt 0.5');

export const litgpt: Dialect = {
  id: 'litgpt',
  name: 'LitGPT',
  formats: ['yaml'],
  loader: loadedBy('jsonargparse', 'cast', 'litgpt __main__.py: jsonargparse'),
  recognise: (view) =>
    byKeys(view, {
      all: ['train'],
      any: [
        'train.global_batch_size',
        'train.micro_batch_size',
        'train.lr_warmup_steps',
        'train.max_tokens',
        'train.max_norm',
        'train.min_lr',
        'checkpoint_dir',
        'model_config',
        'logger_name',
        'out_dir',
      ],
      min: 3,
      // Other people's training blocks; LitGPT has the optimizer in one of its own, as a class.
      none: [
        'train.lr',
        'train.optimizer',
        'train.grad_clip',
        'train.warmup_steps',
        'optimizer.lr',
        'optimizer.name',
        'optimizer.type',
      ],
      confidence: 0.92,
    }),
  layouts: (view) => [
    {
      label: '',
      anchor: key('optimizer.class_path'),
      bindings: [
        ...torchOptimizer({ name: 'optimizer.class_path', args: 'optimizer.init_args', framework: 'litgpt' }),
        bind('batchPerDevice', 'train.micro_batch_size', { fallback: usual(4) }),
        bind('globalBatch', 'train.global_batch_size'),
        worldOf('devices', 'num_nodes'),
        bind('epochs', 'train.epochs'),
        bind('maxSteps', 'train.max_steps'),
        bind('warmupSteps', 'train.lr_warmup_steps', { fallback: usual(100) }),
        always(
          'schedule',
          usual('cosine', {
            en: 'warm-up, then cosine decay to min_lr',
            ko: '워밍업 후 min_lr까지 코사인 감쇠',
          }),
        ),
        bind('minLearningRate', 'train.min_lr', { fallback: usual(6e-5) }),
        bind('clipNorm', 'train.max_norm', { read: numberOr(0), fallback: usual(0) }),
        bind('precision', 'precision', lightningPrecision),
        bind('sequenceLength', 'train.max_seq_length'),
        bind('model', ['checkpoint_dir', 'model_name', 'model_config.name']),
        bind('dataset', ['data.class_path', 'data']),
      ],
      finish(settings, at) {
        accumulationFromGlobal(settings);
        const scratch = !at.has(['checkpoint_dir']) && (at.has(['model_config']) || at.has(['model_name']));
        const quantised = firstString(at, 'quantize') !== undefined;
        imply(
          settings,
          {
            domain: 'llm',
            goal: scratch ? undefined : 'fine-tuning',
            fromScratch: scratch && firstString(at, 'initial_checkpoint_dir') === undefined,
            objective: scratch ? 'pretraining' : 'supervised',
            method: view.has(['lora_r']) ? (quantised ? 'qlora' : 'lora') : 'full',
          },
          forLanguageModels('LitGPT'),
        );
      },
    },
  ],
};
