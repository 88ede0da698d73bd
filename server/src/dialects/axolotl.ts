import type { FieldId, Objective } from '../run/fields.ts';
import type { MutableSettings } from '../run/setting.ts';
import { text } from '../text.ts';
import { absent, type ConfigView, type Dialect, type KeyWrite } from './dialect.ts';
import { forLanguageModels } from './hf-trainer.ts';
import { always, bind, defaultsOf, named } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { argumentsLayout } from './support/training-arguments.ts';

const objectives = named<Objective>({
  dpo: 'preference',
  ipo: 'preference',
  kto: 'preference',
  simpo: 'preference',
  orpo: 'preference',
  grpo: 'online-rl',
  gdpo: 'online-rl',
  ebft: 'online-rl',
});
const usual = defaultsOf('axolotl 0.12');

/** `batch_size` is the batch of one device over all accumulation steps: it decides those. */
function accumulationFromTotal(settings: MutableSettings, view: ConfigView): void {
  const total = view.number(['batch_size']);
  const micro = settings.batchPerDevice?.value;
  if (!total || !micro || view.has(['gradient_accumulation_steps'])) return;
  settings.gradientAccumulation = {
    value: Math.max(1, Math.floor(total / micro)),
    from: 'derived',
    why: text(
      `batch_size ${total} / micro_batch_size ${micro}`,
      `batch_size ${total} / micro_batch_size ${micro}`,
    ),
  };
}

/** With `batch_size` there, accumulation follows from it: a new batch is said by the two other keys instead. */
function batchWrites(field: FieldId, value: unknown, view: ConfigView): readonly KeyWrite[] | undefined {
  const total = view.number(['batch_size']);
  if (!total || typeof value !== 'number' || view.has(['gradient_accumulation_steps'])) return undefined;
  const micro = view.number(['micro_batch_size']) ?? 1;
  const steps = field === 'gradientAccumulation' ? value : Math.max(1, Math.floor(total / micro));
  if (field !== 'gradientAccumulation' && field !== 'batchPerDevice') return undefined;
  return [
    { path: ['micro_batch_size'], value: field === 'batchPerDevice' ? value : micro },
    { path: ['gradient_accumulation_steps'], value: steps },
    { path: ['batch_size'], value: undefined },
  ];
}

/** Free dictionaries of the schema, whose strings reach the library below as they are. */
const handedOn: ReadonlySet<string> = new Set([
  'optim_args',
  'lr_scheduler_kwargs',
  'gradient_checkpointing_kwargs',
]);

function method(view: ConfigView) {
  // The remote trainer of this plug-in trains adapters only.
  if (view.has(['hatchery', 'lora_rank'])) return 'lora';
  const adapter = view.string(['adapter']);
  if (adapter === undefined || adapter === '') return 'full';
  return adapter === 'qlora' || view.boolean(['load_in_4bit']) ? 'qlora' : 'lora';
}

export const axolotl: Dialect = {
  id: 'axolotl',
  name: 'axolotl',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    (path) => (path.length === 1 ? 'cast' : handedOn.has(String(path[0])) ? 'kept' : 'unverified'),
    'axolotl cli/config.py: yaml.safe_load, then pydantic converts the numbers of its schema',
  ),
  recognise: (view) =>
    byKeys(view, {
      all: ['base_model'],
      any: [
        'micro_batch_size',
        'sequence_len',
        'datasets',
        'num_epochs',
        'sample_packing',
        'val_set_size',
        'lora_r',
        'saves_per_epoch',
        'evals_per_epoch',
        'dataset_prepared_path',
      ],
      min: 2,
      none: ['params', 'per_device_train_batch_size', 'finetuning_type', 'merge_method', 'slices'],
      confidence: 0.9,
    }),
  layouts() {
    const layout = argumentsLayout(
      {
        version: 'axolotl 0.12',
        framework: 'axolotl',
        names: {
          optimizer: 'optimizer',
          batch: 'micro_batch_size',
          epochs: 'num_epochs',
          schedule: 'lr_scheduler',
        },
        defaults: {
          learningRate: null,
          batch: 1,
          epochs: 1,
          schedule: 'cosine',
          warmupRatio: 0.03,
          precision: null,
        },
      },
      [
        bind('precision', 'bf16', {
          read: (value) => (value.kind === 'string' && value.value === 'full' ? 'bf16' : absent),
          readOnly: true,
        }),
        bind('model', 'base_model'),
        // Refused without both: axolotl utils/schemas, check_early_stopping.
        bind('earlyStoppingPatience', 'early_stopping_patience', {
          writeAll: (value, view) =>
            view.has(['eval_steps']) && view.has(['save_steps'])
              ? [{ path: ['early_stopping_patience'], value }]
              : undefined,
        }),
        bind('sequenceLength', 'sequence_len'),
        bind('dataset', ['datasets.0.path', 'pretraining_dataset.0.path', 'pretraining_dataset']),
        bind('objective', 'rl', { ...objectives, readOnly: true }),
        bind('minLearningRateRatio', 'cosine_min_lr_ratio'),
        always('warmupRatio', (view) =>
          view.has(['warmup_steps'])
            ? undefined
            : usual(0.03, { en: 'min(3 % of the steps, 100 steps)', ko: '전체 스텝의 3%, 최대 100스텝' })(),
        ),
      ],
    );
    return [
      {
        ...layout,
        writeField: batchWrites,
        finish(settings, view) {
          layout.finish?.(settings, view);
          accumulationFromTotal(settings, view);
          const scratch = view.has(['pretraining_dataset']);
          imply(
            settings,
            {
              domain: 'llm',
              method: method(view),
              objective: scratch ? 'pretraining' : 'supervised',
              goal: scratch ? undefined : 'fine-tuning',
              fromScratch: false,
            },
            forLanguageModels('axolotl'),
          );
        },
      },
    ];
  },
};
