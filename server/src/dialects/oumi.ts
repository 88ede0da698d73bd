import type { LoadedValue } from '../document/types.ts';
import type { Precision } from '../run/fields.ts';
import { absent, type Dialect } from './dialect.ts';
import { forLanguageModels } from './hf-trainer.ts';
import { bind, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { parameterType } from './support/precision.ts';
import { argumentsLayout } from './support/training-arguments.ts';

/** `none` leaves the decision to the type of the weights. */
const mixed = {
  read: (value: LoadedValue): Precision | typeof absent => {
    const word = value.kind === 'string' ? value.value.toLowerCase() : '';
    return word === 'bf16' ? 'bf16-mixed' : word === 'fp16' ? 'fp16-mixed' : absent;
  },
  write: (value: Precision) =>
    value === 'bf16-mixed' ? 'bf16' : value === 'fp16-mixed' ? 'fp16' : undefined,
};

export const oumi: Dialect = {
  id: 'oumi',
  name: 'Oumi',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'oumi core/configs/base_config.py: OmegaConf.load'),
  recognise: (view) =>
    byKeys(view, {
      all: ['training', 'model.model_name'],
      any: [
        'training.trainer_type',
        'training.optimizer',
        'training.learning_rate',
        'training.per_device_train_batch_size',
        'training.num_train_epochs',
        'data.train',
        'peft',
        'fsdp',
      ],
      min: 2,
      confidence: 0.93,
    }),
  layouts(view) {
    // PEFT keeps the adapters, which are all that is trained, in fp32 whatever the model is loaded in.
    const lora = view.boolean(['training', 'use_peft']);
    const layout = argumentsLayout(
      {
        version: 'oumi',
        framework: 'hf-trainer',
        prefix: 'training',
        flags: false,
        names: { optimizer: 'optimizer' },
        // Weights are loaded in `torch_dtype_str`; autocast is off unless `mixed_precision_dtype` says so.
        defaults: { precision: null },
      },
      [
        bind('momentum', 'training.sgd_momentum'),
        bind('precision', 'training.mixed_precision_dtype', {
          read: mixed.read,
          writeAll: (value) => {
            const name = mixed.write(value);
            return name === undefined
              ? undefined
              : [{ path: key('training.mixed_precision_dtype'), value: name }];
          },
        }),
        bind(
          'precision',
          'model.torch_dtype_str',
          lora ? { read: () => absent, readOnly: true } : parameterType,
        ),
        bind('model', 'model.model_name'),
        bind('sequenceLength', 'model.model_max_length'),
        bind('dataset', 'data.train.datasets.0.dataset_name'),
      ],
    );
    const scratch = view.boolean(['model', 'load_pretrained_weights']) === false;
    const trainer = view.string(['training', 'trainer_type']) ?? '';
    return [
      {
        ...layout,
        finish(settings, at) {
          layout.finish?.(settings, at);
          imply(
            settings,
            {
              domain: 'llm',
              fromScratch: scratch,
              goal: scratch ? undefined : 'fine-tuning',
              method:
                lora === undefined
                  ? 'full'
                  : lora
                    ? at.boolean(['peft', 'q_lora'])
                      ? 'qlora'
                      : 'lora'
                    : 'full',
              objective: /DPO|KTO/.test(trainer)
                ? 'preference'
                : /GRPO|PPO/.test(trainer)
                  ? 'online-rl'
                  : scratch
                    ? 'pretraining'
                    : 'supervised',
            },
            forLanguageModels('Oumi'),
          );
        },
      },
    ];
  },
};
