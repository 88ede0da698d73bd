import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { forLanguageModels } from './hf-trainer.ts';
import { bind, defaultsOf, key, numberOr, positive } from './support/bind.ts';
import { byKeys, present, recognised, valueIs } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { torchOptimizer } from './support/optimizers.ts';
import { parameterType } from './support/precision.ts';
import { scheduleClass } from './support/schedules.ts';

const usual = defaultsOf('torchtune');

/** `lr_scheduler._component_` for the schedules torchtune and torch offer with no further required argument. */
const schedulers: Readonly<Record<string, string>> = {
  cosine: 'torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup',
};

const layout = (block: string): RunLayout => ({
  label: '',
  anchor: key('optimizer._component_'),
  bindings: [
    ...torchOptimizer({ name: 'optimizer._component_', args: 'optimizer', framework: 'torchtune' }),
    bind('batchPerDevice', 'batch_size'),
    bind('gradientAccumulation', 'gradient_accumulation_steps', { fallback: usual(1) }),
    bind('epochs', 'epochs'),
    bind('maxSteps', 'max_steps_per_epoch', {
      read: (value, view) => stepsOfOneEpoch(value, view),
      readOnly: true,
    }),
    bind('schedule', `${block}._component_`, {
      read: scheduleClass,
      fallback: (view) => (view.has(key(block)) ? undefined : usual('constant', noScheduler)()),
      writeAll: (value, view) => scheduleWrites(value, view, block),
    }),
    bind('warmupSteps', `${block}.num_warmup_steps`, {
      fallback: usual(0),
      // A warm-up needs the scheduler it belongs to.
      writeAll: (value, view) =>
        view.has(key(`${block}._component_`))
          ? [{ path: key(`${block}.num_warmup_steps`), value: Math.round(value) }]
          : undefined,
    }),
    bind('clipNorm', 'clip_grad_norm', {
      read: numberOr(0),
      fallback: usual(0, {
        en: '`clip_grad_norm: null` clips nothing',
        ko: '`clip_grad_norm: null`이면 클리핑하지 않음',
      }),
    }),
    bind('precision', 'dtype', parameterType),
    bind('sequenceLength', 'tokenizer.max_seq_len'),
    bind('model', ['model._component_', 'checkpointer.checkpoint_dir']),
    bind('dataset', ['dataset.source', 'dataset._component_']),
  ],
  finish(settings, view) {
    const component = view.string(['model', '_component_']) ?? '';
    const lora = /\.q?lora_/.test(component);
    imply(
      settings,
      {
        domain: /vision|clip/.test(component) ? undefined : 'llm',
        goal: 'fine-tuning',
        fromScratch: false,
        method:
          /\.qlora_/.test(component) || view.boolean(['model', 'quantize_base'])
            ? 'qlora'
            : lora
              ? 'lora'
              : 'full',
        objective: /dpo|ppo|kd/.test(view.string(['loss', '_component_'])?.toLowerCase() ?? '')
          ? undefined
          : 'supervised',
      },
      forLanguageModels('torchtune'),
    );
  },
});

const noScheduler = {
  en: 'without `lr_scheduler` the rate stays constant',
  ko: '`lr_scheduler`가 없으면 학습률이 일정함',
};

/** `max_steps_per_epoch` limits the run only together with the number of epochs. */
function stepsOfOneEpoch(value: Parameters<typeof positive>[0], view: ConfigView) {
  const steps = positive(value);
  const epochs = view.number(['epochs']);
  return typeof steps === 'number' ? (epochs === undefined ? undefined : steps * Math.max(1, epochs)) : steps;
}

function scheduleWrites(kind: string, view: ConfigView, block: string) {
  if (kind === 'constant') {
    return present(view, [block]).map((name) => ({ path: key(name), value: undefined }));
  }
  const name = schedulers[kind];
  if (name === undefined) return undefined;
  // The schedules with a warm-up insist on being told its length.
  const steps = view.has(key(`${block}.num_warmup_steps`))
    ? []
    : [{ path: key(`${block}.num_warmup_steps`), value: 0 }];
  return [{ path: key(`${block}._component_`), value: name }, ...steps];
}

export const torchtune: Dialect = {
  id: 'torchtune',
  name: 'torchtune',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'torchtune config/_parse.py: OmegaConf.load'),
  recognise(view) {
    const component = view.string(['optimizer', '_component_']);
    if (component === undefined) return undefined;
    const marks = byKeys(view, {
      any: [
        'checkpointer',
        'model._component_',
        'tokenizer._component_',
        'loss',
        'epochs',
        'batch_size',
        'dtype',
      ],
      confidence: 0.9,
    });
    return recognised(
      marks?.confidence ?? 0.7,
      valueIs('optimizer._component_', component),
      ...(marks?.reasons ?? []),
    );
  },
  layouts: (view) => [
    layout(view.has(['learning_rate_scheduler']) ? 'learning_rate_scheduler' : 'lr_scheduler'),
  ],
};
