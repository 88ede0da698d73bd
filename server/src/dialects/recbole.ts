import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { bind, bindWhereWritten, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('RecBole 1.2');
const optimizers = optimizerNames('recbole', {
  adam: 'adam',
  sgd: 'sgd',
  adagrad: 'adagrad',
  rmsprop: 'rmsprop',
});

export const recbole: Dialect = {
  id: 'recbole',
  name: 'RecBole',
  formats: ['yaml'],
  loader: loadedBy(
    'jsonargparse',
    'kept',
    'recbole config/configurator.py: a loader that reads exponents without a dot',
  ),
  recognise: (view) =>
    byKeys(view, {
      any: [
        'train_neg_sample_args',
        'eval_args',
        'valid_metric',
        'USER_ID_FIELD',
        'ITEM_ID_FIELD',
        'load_col',
        'topk',
        'learner',
        'eval_batch_size',
        'stopping_step',
        'neg_sampling',
        'train_batch_size',
      ],
      min: 3,
      confidence: 0.92,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('learner'),
      bindings: [
        bind('optimizer', 'learner', { ...optimizers, fallback: usual('adam') }),
        bind('learningRate', 'learning_rate', { fallback: usual(0.001) }),
        bind('weightDecay', 'weight_decay', { fallback: usual(0) }),
        bind('batchPerDevice', 'train_batch_size', { fallback: usual(2048) }),
        bind('epochs', 'epochs', { fallback: usual(300) }),
        bind('clipNorm', 'clip_grad_norm.max_norm', { fallback: usual(0) }),
        bindWhereWritten('dropout', ['dropout_prob', 'hidden_dropout_prob']),
        // properties/overall.yaml: stopping_step 10, eval_step 1.
        bind('earlyStoppingPatience', 'stopping_step', { fallback: usual(10) }),
        bind('precision', 'enable_amp', { ...mixedWhenOn(), fallback: usual('fp32') }),
        bind('model', 'model'),
        bind('dataset', 'dataset'),
      ],
      finish(settings) {
        imply(
          settings,
          { domain: 'recsys-embedding', fromScratch: true },
          text('RecBole trains recommenders', 'RecBole은 추천 모델을 학습하는 도구'),
        );
      },
    },
  ],
};
