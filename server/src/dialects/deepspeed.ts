import type { MutableSettings } from '../run/setting.ts';
import { text } from '../text.ts';
import type { Binding, ConfigView, Dialect, KeyWrite, RunLayout } from './dialect.ts';
import { optimizerIdOf } from './read.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { betaPair } from './support/optimizers.ts';
import { precisionFlags } from './support/precision.ts';
import { scheduleClass } from './support/schedules.ts';

const usual = defaultsOf('DeepSpeed 0.17');
const rate = 'optimizer.params.lr';
const peak = 'scheduler.params.warmup_max_lr';
const warmup = 'scheduler.params.warmup_num_steps';

/** `optimizer.type` for the optimizers of the tables; `Adam` with `adam_w_mode: false` is the coupled form. */
const types: Readonly<Record<string, string>> = {
  adamw: 'AdamW',
  lamb: 'Lamb',
  lion: 'Lion',
  adagrad: 'Adagrad',
  sgd: 'SGD',
  'sgd-momentum': 'SGD',
  nag: 'SGD',
};
const scheduleTypes: Readonly<Record<string, string>> = {
  constant: 'WarmupLR',
  linear: 'WarmupDecayLR',
  cosine: 'WarmupCosineLR',
};

const hasOptimizer = (view: ConfigView) => view.has(key('optimizer.type'));
const hasScheduler = (view: ConfigView) => view.has(key('scheduler.type'));
/** A block whose values another program fills in is not DeepSpeed's own business. */
const standalone = (view: ConfigView) =>
  hasOptimizer(view) &&
  numberOf(view.value(key(rate))) !== undefined &&
  ![
    'train_batch_size',
    'train_micro_batch_size_per_gpu',
    'gradient_accumulation_steps',
    'gradient_clipping',
  ].some((name) => view.string([name]) === 'auto');
/** These two schedulers set the rate themselves: their `warmup_max_lr` replaces the optimizer's `lr`. */
const ownsRate = (view: ConfigView) => /^Warmup(Decay)?LR$/.test(view.string(key('scheduler.type')) ?? '');

function bindings(view: ConfigView): Binding[] {
  const withOptimizer =
    <V>(fallback: () => V) =>
    (v: ConfigView): V | undefined =>
      hasOptimizer(v) ? fallback() : undefined;
  return [
    bind('optimizer', 'optimizer.type', {
      read: (value, v) => {
        if (value.kind !== 'string') return undefined;
        const id = optimizerIdOf(value.value, 'deepspeed');
        return id === 'adamw' && v.boolean(key('optimizer.params.adam_w_mode')) === false ? 'adam' : id;
      },
      writeAll: (value, v) => optimizerWrites(value, v),
    }),
    bind('learningRate', ownsRate(view) ? [peak, rate] : [rate], {
      fallback: withOptimizer(usual(1e-3)),
      writeAll: (value, v) => {
        const places = (ownsRate(v) ? [peak, rate] : [rate]).map(key).filter((path) => v.has(path));
        return (places.length > 0 ? places : [key(rate)]).map((path) => ({ path, value }));
      },
    }),
    ...betaPair(
      ['optimizer.params.betas'],
      [0.9, 0.999],
      (v) => (hasOptimizer(v) ? [0.9, 0.999] : undefined),
      'DeepSpeed',
    ),
    bind('eps', 'optimizer.params.eps', { fallback: withOptimizer(usual(1e-8)) }),
    bind('weightDecay', 'optimizer.params.weight_decay', { fallback: withOptimizer(usual(0)) }),
    bind('momentum', 'optimizer.params.momentum'),
    bind('nesterov', 'optimizer.params.nesterov'),
    bind('schedule', 'scheduler.type', {
      read: scheduleClass,
      fallback: (v) =>
        standalone(v)
          ? usual('constant', {
              en: 'no `scheduler` block, and none is seen from the program',
              ko: '`scheduler` 블록이 없고, 프로그램 쪽 스케줄러는 이 파일에서 알 수 없음',
            })()
          : undefined,
      writeAll: scheduleWrites,
    }),
    bind('warmupSteps', warmup, {
      fallback: (v) => (hasScheduler(v) ? usual(1000)() : standalone(v) ? usual(0)() : undefined),
      writeAll: warmupWrites,
    }),
    bind('totalSteps', 'scheduler.params.total_num_steps', { readOnly: true }),
    bind('decaySteps', 'scheduler.params.total_num_steps'),
    bind('minLearningRateRatio', 'scheduler.params.cos_min_ratio'),
    bind('batchPerDevice', 'train_micro_batch_size_per_gpu', {
      writeAll: (value, v) => batchWrites(v, { micro: value }),
    }),
    bind('gradientAccumulation', 'gradient_accumulation_steps', {
      fallback: (v) =>
        v.has(['train_batch_size']) && v.has(['train_micro_batch_size_per_gpu']) ? undefined : usual(1)(),
      writeAll: (value, v) => batchWrites(v, { accumulation: value }),
    }),
    bind('globalBatch', 'train_batch_size', { writeAll: (value, v) => batchWrites(v, { global: value }) }),
    bind('clipNorm', 'gradient_clipping'),
    ...precisionFlags({
      bf16: view.has(['bfloat16']) ? 'bfloat16.enabled' : 'bf16.enabled',
      fp16: 'fp16.enabled',
      fallback: usual('fp32'),
    }),
  ];
}

const layout = (view: ConfigView): RunLayout => ({
  label: '',
  anchor: key('optimizer'),
  bindings: bindings(view),
  finish: worldFromBatches,
});

/** train_batch = micro × accumulation × world: when the file says three of them, it says the fourth. */
function worldFromBatches(settings: MutableSettings): void {
  const global = settings.globalBatch?.value;
  const micro = settings.batchPerDevice?.value;
  const accumulation = settings.gradientAccumulation?.value;
  if (global === undefined || micro === undefined || accumulation === undefined) return;
  const world = global / (micro * accumulation);
  if (!Number.isInteger(world) || world < 1) return;
  settings.worldSize = {
    value: world,
    from: 'derived',
    why: text(
      `train_batch_size ${global} / (${micro} × ${accumulation})`,
      `train_batch_size ${global} / (${micro} × ${accumulation})`,
    ),
  };
}

/** DeepSpeed refuses the file when the product does not fit, so the other keys of it follow. */
function batchWrites(
  view: ConfigView,
  wish: { micro?: number; accumulation?: number; global?: number },
): readonly KeyWrite[] | undefined {
  const said = (name: string) => numberOf(view.value([name]));
  const micro = said('train_micro_batch_size_per_gpu');
  const accumulation = said('gradient_accumulation_steps') ?? 1;
  const global = said('train_batch_size');
  const write = (name: string, value: number): KeyWrite => ({ path: [name], value });
  const world = global !== undefined && micro !== undefined ? global / (micro * accumulation) : undefined;
  if (wish.global !== undefined) {
    const writes = [write('train_batch_size', wish.global)];
    if (micro === undefined || world === undefined) return writes;
    const each = wish.global / (accumulation * world);
    return Number.isInteger(each) && each > 0
      ? [...writes, write('train_micro_batch_size_per_gpu', each)]
      : undefined;
  }
  const next = { micro: wish.micro ?? micro, accumulation: wish.accumulation ?? accumulation };
  const writes =
    wish.micro !== undefined
      ? [write('train_micro_batch_size_per_gpu', wish.micro)]
      : [write('gradient_accumulation_steps', next.accumulation)];
  if (global === undefined) return writes;
  if (next.micro === undefined || world === undefined || !Number.isInteger(world)) return undefined;
  return [...writes, write('train_batch_size', next.micro * next.accumulation * world)];
}

function optimizerWrites(value: string, view: ConfigView): readonly KeyWrite[] | undefined {
  const params = key('optimizer.params');
  const path = key('optimizer.type');
  const foreign = (names: readonly string[]) =>
    view
      .keys(params)
      .filter((name) => names.includes(name))
      .map((name) => ({ path: [...params, name], value: undefined }));
  const adam = ['betas', 'eps', 'amsgrad', 'adam_w_mode', 'torch_adam', 'bias_correction'];
  const sgd = ['momentum', 'nesterov', 'dampening'];
  if (value === 'adam')
    return [{ path, value: 'Adam' }, { path: [...params, 'adam_w_mode'], value: false }, ...foreign(sgd)];
  const name = types[value];
  if (name === undefined) return undefined;
  const refused = name === 'SGD' ? adam : value === 'adamw' ? [...sgd, 'adam_w_mode'] : sgd;
  return [{ path, value: name }, ...foreign(refused)];
}

function scheduleWrites(kind: string, view: ConfigView): readonly KeyWrite[] | undefined {
  const type = scheduleTypes[kind];
  if (type === undefined) return undefined;
  const needsLength = kind !== 'constant';
  if (needsLength && !view.has(key('scheduler.params.total_num_steps'))) return undefined;
  return [{ path: key('scheduler.type'), value: type }];
}

/** Without a scheduler block there is nothing that warms up: the block comes with the value. */
function warmupWrites(value: number, view: ConfigView): readonly KeyWrite[] | undefined {
  const steps = Math.round(value);
  if (hasScheduler(view)) return [{ path: key(warmup), value: steps }];
  const lr = numberOf(view.value(key(rate)));
  if (lr === undefined || view.has(['scheduler'])) return undefined;
  const params = { warmup_min_lr: 0, warmup_max_lr: lr, warmup_num_steps: steps, warmup_type: 'linear' };
  return [{ path: ['scheduler'], value: { type: 'WarmupLR', params } }];
}

/** What `runtime/config.py` looks up at the top. */
const topKeys: readonly string[] = (
  'train_batch_size train_micro_batch_size_per_gpu gradient_accumulation_steps optimizer ' +
  'scheduler fp16 bf16 bfloat16 amp zero_optimization zero_allow_untested_optimizer ' +
  'zero_force_ds_cpu_optimizer gradient_clipping prescale_gradients gradient_predivide_factor ' +
  'sparse_gradients steps_per_print wall_clock_breakdown dump_state communication_data_type ' +
  'activation_checkpointing flops_profiler tensorboard wandb csv_monitor comet comms_logger ' +
  'autotuning elasticity data_efficiency curriculum_learning data_types aio compression_training ' +
  'checkpoint eigenvalue progressive_layer_drop disable_allgather memory_breakdown ' +
  'seq_parallel_communication_data_type graph_harvesting tensor_parallel inference hybrid_engine ' +
  'use_data_before_expert_parallelism torch_autocast'
).split(' ');

export const deepspeed: Dialect = {
  id: 'deepspeed',
  name: 'DeepSpeed',
  formats: ['json', 'yaml'],
  // DeepSpeed itself reads JSON; whoever hands it a dictionary from YAML has a loader of their own.
  loader: (document) =>
    document.format === 'yaml'
      ? loadedBy('pyyaml', 'unverified', 'a program that hands DeepSpeed a dictionary')(document)
      : loadedBy(
          'pyyaml',
          'kept',
          'deepspeed runtime/config.py: json with duplicate keys refused; strings stay strings',
        )(document),
  recognise: (view) => {
    // gpt-neox and others write DeepSpeed's keys beside the model's own.
    const none = [
      'pipe_parallel_size',
      'num_layers',
      'compute_environment',
      'model_name_or_path',
      'base_model',
      // An inference engine's.
      'replace_with_kernel_inject',
      // DeepSpeed names an optimizer by its type; a class path is another program's (MONAI, Hydra).
      'optimizer._target_',
    ];
    return (
      byKeys(view, {
        any: ['zero_optimization', 'train_micro_batch_size_per_gpu', 'zero_allow_untested_optimizer'],
        none,
        confidence: 0.93,
      }) ??
      byKeys(view, {
        all: ['train_batch_size'],
        any: [
          'fp16.enabled',
          'bf16.enabled',
          'gradient_clipping',
          'steps_per_print',
          'optimizer.params',
          'wall_clock_breakdown',
        ],
        none,
        confidence: 0.85,
      })
    );
  },
  layouts: (view) => [layout(view)],
  keys: (at) => (at.length === 0 ? topKeys : undefined),
};
