import type { Precision, ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import type { Dialect, RunLayout } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, key, named } from './support/bind.ts';
import { spellTime, timeIn } from './support/composer-time.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { maskingKey, trainsMaskedModel } from './support/masked-lm.ts';
import { implySize } from './support/model-size.ts';
import { betaPair, optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('LLM Foundry 0.19');
const optimizers = optimizerNames('composer', { adamw: 'decoupled_adamw', lion: 'decoupled_lionw' });
const schedules = named<ScheduleKind>(
  {
    cosine_with_warmup: 'cosine',
    linear_decay_with_warmup: 'linear',
    constant_with_warmup: 'constant',
    inv_sqrt_with_warmup: 'inverse-sqrt',
  },
  'other',
);
export const composerPrecision = named<Precision>({
  amp_bf16: 'bf16-mixed',
  amp_fp16: 'fp16-mixed',
  fp32: 'fp32',
  amp_fp8: 'fp8',
  bf16: 'bf16',
});

const clipping = 'algorithms.gradient_clipping';

/** A warm-up in the unit it is written in; a new one is written in batches. */
const warmup = 'scheduler.t_warmup';

const layout = (): RunLayout => ({
  label: '',
  anchor: key('optimizer'),
  bindings: [
    bind('optimizer', 'optimizer.name', optimizers),
    bind('learningRate', 'optimizer.lr'),
    ...betaPair(['optimizer.betas']),
    bind('eps', 'optimizer.eps'),
    bind('weightDecay', 'optimizer.weight_decay'),
    bind('globalBatch', 'global_train_batch_size'),
    bind('batchPerDevice', 'device_train_microbatch_size'),
    bind('epochs', 'max_duration', { read: timeIn('ep'), write: spellTime('ep') }),
    bind('maxSteps', 'max_duration', { read: timeIn('ba'), write: spellTime('ba') }),
    bind('schedule', 'scheduler.name', schedules),
    bind('warmupSteps', warmup, { read: timeIn('ba'), write: spellTime('ba') }),
    bind('warmupRatio', warmup, { read: timeIn('dur'), write: spellTime('dur') }),
    bind('warmupEpochs', warmup, { read: timeIn('ep'), write: spellTime('ep') }),
    bind('minLearningRateRatio', 'scheduler.alpha_f'),
    bind('clipNorm', `${clipping}.clipping_threshold`, {
      fallback: usual(0),
      writeAll: (value, view) => [
        ...(view.has(key(`${clipping}.clipping_type`))
          ? []
          : [{ path: key(`${clipping}.clipping_type`), value: 'norm' }]),
        { path: key(`${clipping}.clipping_threshold`), value },
      ],
    }),
    bindWhereWritten('dropout', 'model.resid_pdrop'),
    bind('precision', 'precision', composerPrecision),
    bind('sequenceLength', 'max_seq_len'),
    bind('model', ['model.pretrained_model_name_or_path', 'model.name']),
    bind('dataset', 'train_loader.dataset.hf_name'),
  ],
  finish(settings, view) {
    implySize(settings, view, {
      layers: ['model.n_layers'],
      width: ['model.d_model'],
      vocabulary: ['model.vocab_size'],
    });
    const masking = maskingKey(view, 'train_loader.dataset.mlm_probability');
    const pretrained = view.boolean(key('model.pretrained'));
    if (masking) trainsMaskedModel(settings, 'mlm_probability', !pretrained);
    imply(
      settings,
      { domain: 'llm', fromScratch: pretrained === undefined ? undefined : !pretrained },
      text('LLM Foundry trains language models', 'LLM Foundry는 언어 모델을 학습하는 도구'),
    );
  },
});

export const llmFoundry: Dialect = {
  id: 'llm-foundry',
  name: 'LLM Foundry',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'llm-foundry: OmegaConf'),
  recognise: (view) =>
    byKeys(view, {
      all: ['max_duration', 'optimizer'],
      any: [
        'train_loader',
        'device_train_microbatch_size',
        'global_train_batch_size',
        'algorithms',
        'fsdp_config',
        'scheduler.t_warmup',
      ],
      min: 2,
      none: ['optimizer.learning_rate', 'fsdp'],
      confidence: 0.93,
    }),
  layouts: () => [layout()],
};
