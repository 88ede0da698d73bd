import { text } from '../text.ts';
import type { ConfigView, Dialect } from './dialect.ts';
import { optimizerIdOf } from './read.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames, torchClasses, torchDefault } from './support/optimizers.ts';

const usual = defaultsOf('PyKEEN 1.11');
const optimizers = optimizerNames('pykeen', torchClasses);
const at = (name: string) => `pipeline.${name}`;

function torch(argument: string) {
  return (view: ConfigView) => {
    const value = torchDefault(
      optimizerIdOf(view.string(key(at('optimizer'))) ?? 'Adam', 'pykeen'),
      argument,
    );
    return typeof value === 'number' ? usual(value)() : undefined;
  };
}

export const pykeen: Dialect = {
  id: 'pykeen',
  name: 'PyKEEN',
  formats: ['json', 'yaml'],
  loader: loadedBy('pyyaml', 'kept', 'pykeen: json.load or yaml.safe_load'),
  recognise: (view) =>
    byKeys(view, {
      all: ['pipeline.model'],
      any: [
        'pipeline.dataset',
        'pipeline.training_kwargs',
        'pipeline.optimizer',
        'pipeline.optimizer_kwargs',
        'pipeline.training_loop',
        'metadata',
      ],
      min: 3,
      confidence: 0.97,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key(at('optimizer')),
      bindings: [
        bind('optimizer', at('optimizer'), { ...optimizers, fallback: usual('adam') }),
        bind('learningRate', at('optimizer_kwargs.lr'), { fallback: torch('lr') }),
        bind('weightDecay', at('optimizer_kwargs.weight_decay'), { fallback: torch('weightDecay') }),
        bind('momentum', at('optimizer_kwargs.momentum'), { fallback: torch('momentum') }),
        bind('batchPerDevice', at('training_kwargs.batch_size')),
        bind('epochs', at('training_kwargs.num_epochs'), { fallback: usual(5) }),
        bind('clipNorm', at('training_kwargs.gradient_clipping_max_norm'), { fallback: usual(0) }),
        bind('clipValue', at('training_kwargs.gradient_clipping_max_abs_value')),
        bind('model', at('model')),
        bind('dataset', at('dataset')),
      ],
      finish(settings) {
        imply(
          settings,
          { domain: 'recsys-embedding', fromScratch: true, traits: ['sparse-features'] },
          text('PyKEEN trains knowledge-graph embeddings', 'PyKEEN은 지식 그래프 임베딩을 학습하는 도구'),
        );
      },
    },
  ],
};
