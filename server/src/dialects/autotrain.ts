import type { Dialect } from './dialect.ts';
import { forLanguageModels } from './hf-trainer.ts';
import { bind } from './support/bind.ts';
import { byKeys, says } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { acceleratePrecision } from './support/precision.ts';
import { argumentsLayout } from './support/training-arguments.ts';

export const autotrain: Dialect = {
  id: 'autotrain',
  name: 'AutoTrain',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'cast', 'autotrain parser.py: yaml.safe_load, then pydantic'),
  recognise: (view) =>
    byKeys(view, {
      all: ['task', 'base_model', 'params'],
      any: [
        'params.lr',
        'params.epochs',
        'params.batch_size',
        'params.optimizer',
        'project_name',
        'backend',
        'hub',
      ],
      min: 2,
      confidence: 0.96,
    }),
  layouts(view) {
    const language = says(view, 'task', /^llm/);
    const layout = argumentsLayout(
      {
        version: 'AutoTrain 0.8',
        framework: 'hf-trainer',
        prefix: 'params',
        flags: false,
        names: {
          optimizer: 'optimizer',
          learningRate: 'lr',
          batch: 'batch_size',
          accumulation: 'gradient_accumulation',
          epochs: 'epochs',
          schedule: 'scheduler',
        },
        defaults: {
          ...(language ? { learningRate: 3e-5, batch: 2, accumulation: 4, epochs: 1 } : {}),
          warmupRatio: 0.1,
          precision: null,
        },
      },
      [
        bind('precision', 'params.mixed_precision', acceleratePrecision),
        bind('model', 'base_model'),
        bind('task', 'task', { readOnly: true }),
        bind('dataset', 'data.path'),
      ],
    );
    return [
      {
        ...layout,
        finish(settings, at) {
          layout.finish?.(settings, at);
          if (!language) return;
          imply(
            settings,
            {
              domain: 'llm',
              goal: 'fine-tuning',
              fromScratch: false,
              method: at.boolean(['params', 'peft']) ? 'lora' : 'full',
            },
            forLanguageModels('AutoTrain'),
          );
        },
      },
    ];
  },
};
