import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key, numberOr, positive } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { lightningPrecision } from './support/precision.ts';

const usual = defaultsOf('latent-diffusion');
const trainer = (name: string) => `lightning.trainer.${name}`;

/**
 * `model.base_learning_rate` is multiplied by the number of GPUs, the batch and the accumulation unless the
 * launcher is told otherwise, so that the rate itself is not in the file and is not read.
 */
export const lightningLdm: Dialect = {
  id: 'lightning-ldm',
  name: 'latent-diffusion',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'kept', 'latent-diffusion main.py: OmegaConf.load'),
  recognise: (view) =>
    byKeys(view, {
      all: ['model.target', 'model.params'],
      any: [
        'model.base_learning_rate',
        'lightning',
        'data.target',
        'data.params.batch_size',
        'model.params.optimizer_config',
      ],
      min: 2,
      confidence: 0.94,
    }),
  layouts: () => [
    {
      label: '',
      anchor: key('model.base_learning_rate'),
      bindings: [
        always('optimizer', usual('adamw')),
        bind('batchPerDevice', ['data.params.batch_size', 'data.params.loader.batch_size']),
        bind('gradientAccumulation', trainer('accumulate_grad_batches'), { fallback: usual(1) }),
        bind('epochs', trainer('max_epochs'), { read: positive }),
        bind('maxSteps', trainer('max_steps'), { read: positive }),
        bind('clipNorm', trainer('gradient_clip_val'), { read: numberOr(0), fallback: usual(0) }),
        bind('precision', trainer('precision'), { ...lightningPrecision, fallback: usual('fp32') }),
        bind('model', 'model.target', { readOnly: true }),
      ],
      finish(settings, view) {
        const unet =
          view.has(key('model.params.unet_config')) || view.has(key('model.params.network_config'));
        imply(
          settings,
          { architecture: unet ? 'unet' : undefined },
          text('`unet_config` describes a U-Net', '`unet_config`가 U-Net을 기술함'),
        );
      },
    },
  ],
};
