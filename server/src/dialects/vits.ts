import { text } from '../text.ts';
import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { always, bind, defaultsOf, key } from './support/bind.ts';
import { byKeys, present } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { betaPair } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('VITS');

/** Both players are trained by AdamW with the same numbers, one pair of keys for the two. */
function layout(view: ConfigView, player: 'generator' | 'discriminator'): RunLayout {
  const flat = !view.has(['train']);
  const at = (name: string) => (flat ? name : `train.${name}`);
  return {
    label: player,
    anchor: key(at('learning_rate')),
    bindings: [
      always('optimizer', usual('adamw')),
      bind('learningRate', at('learning_rate')),
      ...(flat ? [bind('beta1', 'adam_b1'), bind('beta2', 'adam_b2')] : betaPair([at('betas')])),
      bind('eps', at('eps'), { fallback: usual(1e-8) }),
      always('weightDecay', usual(0.01)),
      bind('batchPerDevice', at('batch_size')),
      bind('epochs', [at('epochs'), at('training_epochs')]),
      always(
        'schedule',
        usual('exponential', { en: 'multiplied by lr_decay every epoch', ko: '에폭마다 lr_decay를 곱함' }),
      ),
      bind('decayFactor', at('lr_decay')),
      bind('warmupEpochs', at('warmup_epochs'), { fallback: usual(0) }),
      // BigVGAN writes its limit beside the keys of HiFi-GAN, which has none.
      ...(flat ? [bind('clipNorm', 'clip_grad_norm')] : []),
      always(
        'clipNorm',
        usual(0, { en: 'the gradient norm is only logged', ko: '그래디언트 노름을 기록만 함' }),
      ),
      bind('precision', at('fp16_run'), { ...mixedWhenOn(), fallback: usual('fp32') }),
    ],
    finish(settings) {
      imply(
        settings,
        {
          architecture: player === 'generator' ? 'gan-generator' : 'gan-discriminator',
          objective: 'reconstruction',
        },
        text(
          'VITS and HiFi-GAN train a generator against a discriminator',
          'VITS와 HiFi-GAN은 생성자와 판별자를 함께 학습함',
        ),
      );
    },
  };
}

export const vits: Dialect = {
  id: 'vits',
  name: 'VITS / HiFi-GAN',
  formats: ['json', 'yaml'],
  loader: loadedBy('pyyaml', 'kept', 'vits utils.py: json.loads'),
  recognise: (view) =>
    // Speech configs of one network share the other keys; slices of the wave are for a discriminator.
    (present(view, ['train.segment_size', 'train.c_mel', 'model.upsample_rates']).length > 0
      ? byKeys(view, {
          all: ['train.learning_rate', 'data', 'model'],
          any: [
            'train.lr_decay',
            'train.segment_size',
            'train.c_mel',
            'train.c_kl',
            'data.sampling_rate',
            'data.hop_length',
            'model.upsample_rates',
          ],
          min: 3,
          confidence: 0.95,
        })
      : undefined) ??
    byKeys(view, {
      all: ['adam_b1', 'adam_b2', 'learning_rate'],
      any: ['lr_decay', 'upsample_rates', 'segment_size', 'resblock', 'hop_size', 'sampling_rate'],
      min: 3,
      confidence: 0.95,
    }),
  layouts: (view) => [layout(view, 'generator'), layout(view, 'discriminator')],
};
