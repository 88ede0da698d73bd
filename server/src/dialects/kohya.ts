import type { LoadedValue } from '../document/types.ts';
import { text } from '../text.ts';
import { type Absent, absent, type ConfigView, type Dialect } from './dialect.ts';
import { bind, defaultsOf, key, positive } from './support/bind.ts';
import { hasKeys, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { numberIn, numberOf } from './support/numbers.ts';
import { optimizerNames } from './support/optimizers.ts';
import { acceleratePrecision } from './support/precision.ts';
import { hfSchedules } from './support/schedules.ts';

const usual = defaultsOf('sd-scripts');
const optimizers = optimizerNames('kohya', {
  adamw: 'AdamW',
  lion: 'Lion',
  nag: 'SGDNesterov',
  adafactor: 'AdaFactor',
});

const marks = [
  'network_module',
  'network_dim',
  'network_alpha',
  'unet_lr',
  'text_encoder_lr',
  'min_snr_gamma',
  'cache_latents',
  'enable_bucket',
  'bucket_no_upscale',
  'clip_skip',
  'caption_extension',
  'max_token_length',
  'noise_offset',
  'lr_scheduler_num_cycles',
  'train_data_dir',
  'pretrained_model_name_or_path',
  'max_data_loader_n_workers',
  'LoRA_type',
  'learning_rate_te',
  'xformers',
  'train_batch_size',
];
const rates = ['learning_rate', 'unet_lr', 'optimizer_type', 'optimizer'];

/** sd-scripts lays all sections of its TOML flat: a key may stand at the top or in any table. */
function place(view: ConfigView, name: string): string {
  if (view.has([name])) return name;
  const section = view.keys([]).find((one) => !one.includes('.') && view.has([one, name]));
  return section === undefined ? name : `${section}.${name}`;
}

function empty(value: LoadedValue): boolean {
  return value.kind === 'null' || (value.kind === 'string' && value.value.trim() === '');
}

/** The GUI writes numbers as strings, and an empty string where nothing was entered. */
function number(value: LoadedValue): number | Absent | undefined {
  return empty(value) ? absent : numberOf(value);
}

const limit = (value: LoadedValue): number | Absent | undefined => (empty(value) ? absent : positive(value));

/** `weight_decay=0.1` among the words of `optimizer_args`. */
function argument(view: ConfigView, path: readonly (string | number)[], name: string): number | undefined {
  const node = view.at(path);
  const words =
    node?.kind === 'seq'
      ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
      : (view.string(path) ?? '').split(/[\s"]+/);
  for (const word of words) {
    const [left, right] = word.split('=');
    if (left?.trim() === name && right !== undefined) return numberIn(right);
  }
  return undefined;
}

export const kohya: Dialect = {
  id: 'kohya',
  name: 'kohya sd-scripts',
  formats: ['toml', 'json'],
  // The GUI saves its text boxes as strings and casts them when it starts the script.
  loader: (document) =>
    document.format === 'json'
      ? loadedBy('pyyaml', 'cast', 'bmaltais/kohya_ss kohya_gui/lora_gui.py: float(learning_rate)')(document)
      : loadedBy(
          'pyyaml',
          'kept',
          'sd-scripts library/train_util.py: toml.load into the argparse namespace, no cast',
        )(document),
  recognise(view) {
    const found = marks.filter((name) => view.has([...place(view, name).split('.')]));
    const rate = rates.filter((name) => view.has([...place(view, name).split('.')]));
    if (rate.length === 0 || found.length < 3) return undefined;
    return recognised(Math.min(0.75 + 0.04 * found.length, 0.98), hasKeys([...found, ...rate]));
  },
  layouts(view) {
    const at = (...names: readonly string[]) => names.map((name) => place(view, name));
    const gui = view.has(['lr_warmup']) || view.has(['LoRA_type']);
    return [
      {
        label: '',
        bindings: [
          bind('optimizer', at('optimizer_type', 'optimizer'), {
            read: (value) => (empty(value) ? absent : optimizers.read(value)),
            write: optimizers.write,
            fallback: usual('adamw'),
          }),
          // The U-Net's own rate wins over the common one; 0 leaves the U-Net alone.
          bind('learningRate', at('unet_lr', 'learning_rate'), {
            read: (value, _view, path) => {
              const rate = number(value);
              return rate === 0 && path.at(-1) === 'unet_lr' ? absent : rate;
            },
            fallback: usual(2e-6),
          }),
          bind('weightDecay', at('optimizer_args'), {
            read: (_value, one, path) => argument(one, path, 'weight_decay') ?? absent,
            readNode: (_node, one, path) => argument(one, path, 'weight_decay') ?? absent,
            readOnly: true,
          }),
          bind('batchPerDevice', at('train_batch_size'), { fallback: usual(1) }),
          bind('gradientAccumulation', at('gradient_accumulation_steps'), { fallback: usual(1) }),
          bind('epochs', at('max_train_epochs', ...(gui ? ['epoch'] : [])), { read: limit }),
          bind('maxSteps', at('max_train_steps'), {
            read: (value, one) => (epochsRule(one, at('max_train_epochs')[0] ?? '') ? absent : limit(value)),
            // A number of epochs would win over it.
            writeAll: (value, one) => [
              { path: key(at('max_train_steps')[0] ?? 'max_train_steps'), value: Math.round(value) },
              ...at('max_train_epochs')
                .map(key)
                .filter((path) => one.has(path))
                .map((path) => ({ path, value: undefined })),
            ],
            ...(gui || epochsRule(view, at('max_train_epochs')[0] ?? '') ? {} : { fallback: usual(1600) }),
          }),
          bind('schedule', at('lr_scheduler'), {
            read: (value) => (empty(value) ? absent : hfSchedules.read(value)),
            write: hfSchedules.write,
            fallback: usual('constant'),
          }),
          // A float is a share of the run, an integer a number of steps; the GUI asks for a percentage.
          gui
            ? bind('warmupRatio', at('lr_warmup'), {
                read: (value) => {
                  const percent = number(value);
                  return typeof percent === 'number' ? percent / 100 : percent;
                },
                write: (value) => Math.round(value * 100),
              })
            : bind('warmupRatio', at('lr_warmup_steps'), {
                read: (value) => {
                  const share = number(value);
                  return typeof share === 'number' && (share <= 0 || share >= 1) ? absent : share;
                },
              }),
          bind('warmupSteps', at('lr_warmup_steps'), {
            read: (value) => {
              const steps = number(value);
              return typeof steps === 'number' && steps > 0 && steps < 1 ? absent : steps;
            },
            ...(gui ? {} : { fallback: usual(0) }),
          }),
          bind('clipNorm', at('max_grad_norm'), { read: number, fallback: usual(1) }),
          bind('precision', at('full_bf16'), {
            read: (value) => (value.kind === 'boolean' && value.value ? 'bf16' : absent),
            readOnly: true,
          }),
          bind('precision', at('mixed_precision'), { ...acceleratePrecision, fallback: usual('fp32') }),
          bind('model', at('pretrained_model_name_or_path'), {
            read: (value) => (empty(value) ? absent : value.kind === 'string' ? value.value : undefined),
          }),
          bind('method', at('network_module', 'LoRA_type'), {
            read: (value) => (empty(value) ? absent : 'lora'),
            readOnly: true,
          }),
        ],
        finish(settings) {
          imply(
            settings,
            { goal: 'fine-tuning', fromScratch: false, objective: 'denoising', architecture: 'unet' },
            text('sd-scripts tunes diffusion models', 'sd-scripts는 디퓨전 모델을 튜닝하는 도구'),
          );
        },
      },
    ];
  },
};

/** A number of epochs wins over the number of steps. */
function epochsRule(view: ConfigView, name: string): boolean {
  return (numberOf(view.value(name.split('.'))) ?? 0) > 0;
}
