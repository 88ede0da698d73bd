import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames, spelled } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';

const optimizers = optimizerNames(
  'espnet',
  spelled((name) => name.toLowerCase()),
);

/** ESPnet2: `optim` and `optim_conf`, defaults of `espnet2/tasks/abs_task.py`. */
const second = (): RunLayout => {
  const usual = defaultsOf('ESPnet2');
  return {
    label: '',
    anchor: key('optim'),
    bindings: [
      bind('optimizer', 'optim', optimizers),
      bind('learningRate', 'optim_conf.lr'),
      bind('beta1', 'optim_conf.betas.0', { readOnly: true }),
      bind('beta2', 'optim_conf.betas.1', { readOnly: true }),
      bind('momentum', 'optim_conf.momentum'),
      bind('weightDecay', 'optim_conf.weight_decay'),
      bind('batchPerDevice', 'batch_size'),
      bind('gradientAccumulation', 'accum_grad', { fallback: usual(1) }),
      bind('epochs', 'max_epoch', { fallback: usual(40) }),
      bind('schedule', 'scheduler', {
        read: scheduler,
        fallback: (view) => (view.has(['optim']) ? usual('constant')() : undefined),
        write: () => undefined,
      }),
      bind('warmupSteps', 'scheduler_conf.warmup_steps', {
        fallback: (view) =>
          view.string(['scheduler']) === 'warmuplr'
            ? usual(25000)()
            : view.has(['optim'])
              ? usual(0)()
              : undefined,
      }),
      bind('clipNorm', 'grad_clip', { fallback: usual(5) }),
      bindWhereWritten('dropout', 'encoder_conf.dropout_rate'),
      // espnet2/tasks/abs_task.py: None, so that nothing stops early; grad_clip 5.0.
      bind('earlyStoppingPatience', 'patience'),
      bind('precision', 'use_amp', { ...mixedWhenOn(), fallback: usual('fp32') }),
    ],
  };
};

/** `warmuplr` rises to `lr` and then falls with the root of the step. */
function scheduler(value: Parameters<typeof scheduleByWord>[0]) {
  return value.kind === 'string' && value.value.toLowerCase() === 'warmuplr'
    ? 'inverse-sqrt'
    : scheduleByWord(value);
}

/** ESPnet1: flat keys with dashes; with `opt: noam`, `transformer-lr` is a multiplier and no rate. */
const first = (view: ConfigView): RunLayout => {
  const usual = defaultsOf('ESPnet1');
  const noam = view.string(['opt']) === 'noam';
  return {
    label: '',
    anchor: key('opt'),
    bindings: [
      bind('optimizer', 'opt', {
        read: (value) => (noam ? 'adam' : optimizers.read(value)),
        ...(noam ? { readOnly: true } : { write: optimizers.write }),
      }),
      ...(noam
        ? [
            bind('schedule', 'opt', { read: () => 'noam', readOnly: true }),
            bind('warmupSteps', 'transformer-warmup-steps', { fallback: usual(25000) }),
          ]
        : [bind('learningRate', 'lr')]),
      bind('weightDecay', 'weight-decay', { fallback: usual(0) }),
      bind('batchPerDevice', ['batch-size', 'batchsize']),
      bind('gradientAccumulation', 'accum-grad', { fallback: usual(1) }),
      bind('epochs', 'epochs', { fallback: usual(30) }),
      bind('clipNorm', 'grad-clip', { fallback: usual(5) }),
    ],
  };
};

export const espnet: Dialect = {
  id: 'espnet',
  name: 'ESPnet',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    (path) => (path.length === 1 ? 'cast' : 'kept'),
    'espnet2 config_argparse.py: yaml.safe_load into parser.set_defaults; nested values stay as they are',
  ),
  recognise: (view) =>
    byKeys(view, {
      all: ['optim'],
      any: [
        'optim_conf',
        'scheduler_conf',
        'accum_grad',
        'grad_clip',
        'batch_bins',
        'batch_type',
        'best_model_criterion',
        'keep_nbest_models',
        'max_epoch',
      ],
      min: 3,
      // PaddleSpeech took over the words, with `n_epoch` and `global_grad_clip` in place of two of them.
      // ESPnet has the rate in optim_conf and the optimizer as a word.
      none: [
        'dataset_conf',
        'n_epoch',
        'global_grad_clip',
        'lr',
        'learning_rate',
        'optim.lr',
        'optim.name',
        'optim.type',
      ],
      confidence: 0.92,
    }) ??
    byKeys(view, {
      all: ['opt'],
      any: [
        'accum-grad',
        'grad-clip',
        'transformer-lr',
        'elayers',
        'sortagrad',
        'mtlalpha',
        'model-module',
        'batch-size',
        'batch-bins',
      ],
      min: 3,
      confidence: 0.92,
    }) ??
    byKeys(view, {
      any: [
        'accum_grad',
        'best_model_criterion',
        'keep_nbest_models',
        'max_epoch',
        'batch_bins',
        'num_iters_per_epoch',
        'val_scheduler_criterion',
      ],
      min: 3,
      none: ['dataset_conf', 'n_epoch', 'global_grad_clip'],
      confidence: 0.85,
    }),
  layouts: (view) => [view.has(['opt']) ? first(view) : second()],
};
