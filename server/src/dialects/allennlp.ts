import type { Dialect } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair, optimizerNames, spelled } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('AllenNLP 2.10');
const optimizers = optimizerNames('allennlp', {
  ...spelled((name) => name.toLowerCase()),
  adamw: 'huggingface_adamw',
});
const at = (name: string) => `trainer.${name}`;

export const allennlp: Dialect = {
  id: 'allennlp',
  name: 'AllenNLP',
  formats: ['json'],
  loader: loadedBy('pyyaml', 'cast', 'allennlp common/params.py: jsonnet, constructors convert numbers'),
  recognise: (view) =>
    byKeys(view, {
      all: ['trainer', 'model', 'dataset_reader'],
      any: ['trainer.optimizer', 'trainer.num_epochs', 'data_loader', 'iterator', 'train_data_path'],
      min: 2,
      confidence: 0.95,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key(at('optimizer')),
      bindings: [
        bind('optimizer', [at('optimizer.type'), at('optimizer')], {
          // `huggingface_adamw`: AllenNLP marks the optimizers it takes from transformers.
          read: (value) =>
            optimizers.read(
              value.kind === 'string' ? { ...value, value: value.value.replace(/^huggingface_/, '') } : value,
            ),
          write: optimizers.write,
          fallback: usual('adam'),
        }),
        bind('learningRate', at('optimizer.lr')),
        bind('momentum', at('optimizer.momentum')),
        ...betaPair([at('optimizer.betas')]),
        bind('eps', at('optimizer.eps')),
        bind('weightDecay', at('optimizer.weight_decay')),
        bind('batchPerDevice', [
          'data_loader.batch_size',
          'data_loader.batch_sampler.batch_size',
          'iterator.batch_size',
        ]),
        bind('gradientAccumulation', at('num_gradient_accumulation_steps'), { fallback: usual(1) }),
        bind('epochs', at('num_epochs'), { fallback: usual(20) }),
        bind('schedule', at('learning_rate_scheduler.type'), {
          read: (value) =>
            value.kind === 'string' && value.value === 'slanted_triangular'
              ? 'linear'
              : scheduleByWord(value),
          write: () => undefined,
          fallback: usual('constant'),
        }),
        bind('warmupSteps', at('learning_rate_scheduler.warmup_steps')),
        bind('warmupRatio', at('learning_rate_scheduler.cut_frac')),
        bind('clipNorm', at('grad_norm'), { fallback: usual(0) }),
        bind('clipValue', at('grad_clipping')),
        // training/gradient_descent_trainer.py: without it training runs to its end.
        bind('earlyStoppingPatience', at('patience')),
        bind('precision', at('use_amp'), { ...mixedWhenOn(), fallback: usual('fp32') }),
        bind('model', ['model.transformer_model', 'model.type'], { readOnly: true }),
        bind('task', 'model.type', { readOnly: true }),
      ],
    },
  ],
};
