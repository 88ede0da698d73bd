import { text } from '../text.ts';
import { absent, type Dialect } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { trainsMaskedModel } from './support/masked-lm.ts';
import { implySize } from './support/model-size.ts';
import { optimizerNames } from './support/optimizers.ts';
import { scheduleByWord } from './support/schedules.ts';

const usual = defaultsOf('Megatron-LM');
const optimizers = optimizerNames('megatron', { adamw: 'adam', 'sgd-momentum': 'sgd' });
const at = (name: string) => `MODEL_ARGS.--${name}`;

export const megatron: Dialect = {
  id: 'megatron',
  name: 'Megatron-LM',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    'cast',
    'Megatron-LM test cases: turned into command-line flags, which argparse converts',
  ),
  recognise: (view) =>
    byKeys(view, {
      all: ['MODEL_ARGS'],
      any: [
        'lr',
        'micro-batch-size',
        'global-batch-size',
        'num-layers',
        'hidden-size',
        'train-iters',
        'clip-grad',
      ].map(at),
      min: 2,
      confidence: 0.97,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('MODEL_ARGS'),
      bindings: [
        bind('optimizer', at('optimizer'), {
          // `adam` is AdamW here: the decay is decoupled.
          read: (value) => {
            const id = optimizers.read(value);
            return id === 'adam' ? 'adamw' : id;
          },
          write: optimizers.write,
          fallback: usual('adamw'),
        }),
        bind('learningRate', at('lr')),
        bind('beta1', at('adam-beta1'), { fallback: usual(0.9) }),
        bind('beta2', at('adam-beta2'), { fallback: usual(0.999) }),
        bind('eps', at('adam-eps'), { fallback: usual(1e-8) }),
        bind('weightDecay', at('weight-decay'), { fallback: usual(0.01) }),
        bind('batchPerDevice', at('micro-batch-size')),
        bind('globalBatch', at('global-batch-size')),
        bind('maxSteps', at('train-iters')),
        bind('schedule', at('lr-decay-style'), {
          read: scheduleByWord,
          write: (kind) =>
            kind === 'warmup-stable-decay'
              ? 'WSD'
              : kind === 'constant' || kind === 'linear' || kind === 'cosine'
                ? kind
                : undefined,
          fallback: usual('linear'),
        }),
        bind('decaySteps', at('lr-decay-iters')),
        bind('cooldownSteps', at('lr-wsd-decay-iters'), {
          writeAll: (value) => [
            { path: key(at('lr-wsd-decay-iters')), value: Math.round(value) },
            { path: key(at('lr-wsd-decay-style')), value: 'linear' },
          ],
        }),
        // The fraction is one of the decay, not of the run: only where the two are the same.
        bind('warmupRatio', at('lr-warmup-fraction'), {
          read: (value, view) => {
            if (value.kind !== 'float' && value.kind !== 'integer') return undefined;
            const total = view.number(key(at('train-iters')));
            const decay = view.number(key(at('lr-decay-iters')));
            return decay === undefined || total === undefined ? value.value : (value.value * decay) / total;
          },
          writeAll: (value, view) =>
            view.has(key(at('lr-decay-iters')))
              ? undefined
              : [{ path: key(at('lr-warmup-fraction')), value }],
        }),
        bind('warmupSteps', at('lr-warmup-iters'), { fallback: usual(0) }),
        bind('minLearningRate', at('min-lr'), { fallback: usual(0) }),
        bind('clipNorm', at('clip-grad'), { fallback: usual(1) }),
        bind('dropout', at('hidden-dropout'), { fallback: usual(0.1) }),
        bind('precision', at('bf16'), {
          read: (value) => (value.kind === 'boolean' && value.value ? 'bf16-mixed' : absent),
          readOnly: true,
        }),
        bind('precision', at('fp16'), {
          read: (value) => (value.kind === 'boolean' && value.value ? 'fp16-mixed' : absent),
          readOnly: true,
          fallback: usual('fp32'),
        }),
        bind('sequenceLength', at('seq-length')),
      ],
      finish(settings, view) {
        implySize(settings, view, {
          layers: [at('num-layers')],
          width: [at('hidden-size')],
          feedForward: [at('ffn-hidden-size')],
        });
        // Only pretrain_bert.py knows it, whatever its value.
        if (view.has(key(at('bert-no-binary-head'))))
          trainsMaskedModel(settings, '--bert-no-binary-head', true);
        imply(
          settings,
          { domain: 'llm' },
          text('Megatron-LM trains language models', 'Megatron-LM은 언어 모델을 학습하는 도구'),
        );
      },
    },
  ],
};
