import type { ConfigView, Dialect } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';
import { scheduleByWord } from './support/schedules.ts';
import { createView } from './view.ts';

const optimizers = optimizerNames('wenet', { adam: 'adam', adamw: 'adamw' });

const pyyaml = loadedBy('pyyaml', 'kept', 'wenet bin/train.py: yaml.FullLoader, no cast');
const omegaconf = loadedBy('omegaconf', 'kept', 'FunASR bin/train.py: Hydra and OmegaConf');

/** FunASR took over WeNet's and ESPnet's words and has those of the loop in a block of their own. */
function isFunAsr(view: ConfigView): boolean {
  return view.at(['train_conf'])?.kind === 'map';
}

export const wenet: Dialect = {
  id: 'wenet',
  name: 'WeNet',
  formats: ['yaml'],
  loader: (document) => {
    const facts = pyyaml(document);
    return document.roots.some((_, root) => isFunAsr(createView(document, root, facts.loader)))
      ? omegaconf(document)
      : facts;
  },
  recognise: (view) =>
    byKeys(view, {
      all: ['dataset_conf', 'optim_conf'],
      any: [
        'optim',
        'scheduler',
        'scheduler_conf',
        'accum_grad',
        'grad_clip',
        'max_epoch',
        'encoder_conf',
        'model_conf',
      ],
      min: 3,
      confidence: 0.95,
    }),
  layouts(view) {
    const funasr = isFunAsr(view);
    const usual = defaultsOf(funasr ? 'FunASR 1' : 'WeNet 3');
    const at = (name: string) => (funasr ? `train_conf.${name}` : name);
    return [
      {
        label: '',
        anchor: key('optim'),
        bindings: [
          bind('optimizer', 'optim', optimizers),
          bind('learningRate', 'optim_conf.lr'),
          bind('weightDecay', 'optim_conf.weight_decay'),
          bind('batchPerDevice', 'dataset_conf.batch_conf.batch_size'),
          bind('gradientAccumulation', at('accum_grad'), { fallback: usual(1) }),
          bind('epochs', at('max_epoch'), { fallback: usual(100) }),
          bind('schedule', 'scheduler', {
            read: (value) =>
              value.kind === 'string' && value.value.toLowerCase() === 'warmuplr'
                ? 'inverse-sqrt'
                : scheduleByWord(value),
            write: (kind) => (kind === 'inverse-sqrt' ? 'warmuplr' : undefined),
          }),
          bind('warmupSteps', 'scheduler_conf.warmup_steps'),
          bind('clipNorm', at('grad_clip'), { fallback: usual(funasr ? 10 : 50) }),
          bindWhereWritten('dropout', 'encoder_conf.dropout_rate'),
          bind('precision', 'use_amp', mixedWhenOn()),
        ],
      },
    ];
  },
};
