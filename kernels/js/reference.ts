import type { ReferenceSettings } from './run-spec.ts';

/** What a proxy is, and the settings at which it is known to train healthily (calibrated over seeds). */
export interface ProxyCard {
  readonly description: string;
  readonly defaultSteps: number;
  readonly reference: ReferenceSettings;
}

export const PROXY_CARDS: Readonly<Record<string, ProxyCard>> = {
  mlp: {
    description: 'tanh MLP 16-32-32-1 on a noisy regression with badly scaled inputs',
    defaultSteps: 300,
    reference: {
      optimizer: { kind: 'adam' },
      learningRate: 1.4e-2,
      schedule: 'cosine',
      warmupFraction: 0,
    },
  },
  gpt: {
    description: 'pre-norm decoder, width 32, 2 layers, tied head, on Markov text that repeats itself',
    defaultSteps: 400,
    reference: {
      optimizer: { kind: 'adamw', betas: [0.9, 0.95], weightDecay: 0.1 },
      learningRate: 9e-3,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  resnet: {
    description:
      'stem and 3 residual blocks with batch norm, 8 to 32 channels, on 12x12 images of 10 classes',
    defaultSteps: 200,
    reference: {
      optimizer: { kind: 'sgd-momentum', momentum: 0.9, weightDecay: 1e-4 },
      learningRate: 0.11,
      schedule: 'cosine',
      warmupFraction: 0.05,
    },
  },
  efficientnet: {
    description: '3 inverted bottlenecks with depthwise convolution, squeeze-and-excitation and batch norm',
    defaultSteps: 120,
    reference: {
      optimizer: { kind: 'rmsprop', alpha: 0.9, momentum: 0.9, eps: 1e-3, weightDecay: 1e-5 },
      learningRate: 5e-3,
      schedule: 'cosine',
      warmupFraction: 0.1,
    },
  },
  vit: {
    description: 'vision transformer, width 32, 2 pre-norm layers, 16 patches of 3x3 pixels',
    defaultSteps: 200,
    reference: {
      optimizer: { kind: 'adamw', weightDecay: 0.05 },
      learningRate: 6e-3,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  'mask-rcnn': {
    description: 'plain CNN without normalisation, as a detector with frozen batch norm trains it',
    defaultSteps: 250,
    reference: {
      optimizer: { kind: 'sgd-momentum', momentum: 0.9, weightDecay: 1e-4 },
      learningRate: 0.02,
      schedule: 'cosine',
      warmupFraction: 0.05,
    },
  },
  lstm: {
    description: 'LSTM of 32 units forecasting noisy sums of sinusoids, 48 steps',
    defaultSteps: 250,
    reference: {
      optimizer: { kind: 'adam' },
      learningRate: 0.2,
      schedule: 'cosine',
      warmupFraction: 0.2,
      clipping: { norm: 1 },
    },
  },
  gru: {
    description: 'GRU of 32 units forecasting noisy sums of sinusoids, 32 steps',
    defaultSteps: 250,
    reference: {
      optimizer: { kind: 'rmsprop' },
      learningRate: 1.3e-2,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  rnn: {
    description: 'tanh RNN of 32 units with a spectral radius above one, forecasting sinusoids, 48 steps',
    defaultSteps: 250,
    reference: {
      optimizer: { kind: 'sgd-momentum', momentum: 0.9 },
      learningRate: 0.04,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  recommender: {
    description:
      'embeddings of 2000 users and 2000 items with power-law ids and a small MLP, click prediction',
    defaultSteps: 400,
    reference: {
      optimizer: { kind: 'adagrad' },
      learningRate: 0.08,
      schedule: 'constant',
      warmupFraction: 0,
    },
  },
  unet: {
    description:
      'two-level U-Net with skip connections segmenting discs in 16x16 images, cross-entropy + Dice',
    defaultSteps: 150,
    reference: {
      optimizer: { kind: 'adam' },
      learningRate: 6e-3,
      schedule: 'cosine',
      warmupFraction: 0.1,
    },
  },
  yolo: {
    description: 'one-stage detector with batch norm on a 4x4 grid: objectness, boxes, classes of rectangles',
    defaultSteps: 200,
    reference: {
      optimizer: { kind: 'sgd-momentum', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.02,
      schedule: 'cosine',
      warmupFraction: 0.05,
    },
  },
  bert: {
    description:
      'fine-tuning a pre-trained post-norm encoder (width 32, 2 layers) on 512 sequences of 4 classes',
    defaultSteps: 200,
    reference: {
      optimizer: { kind: 'adamw', weightDecay: 0.01 },
      learningRate: 3e-3,
      schedule: 'linear',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  'bert-masked': {
    description: 'post-norm encoder (width 32, 2 layers) finding masked tokens (15 %), from random weights',
    defaultSteps: 300,
    reference: {
      optimizer: { kind: 'adamw', betas: [0.9, 0.999], weightDecay: 0.01 },
      learningRate: 1e-2,
      schedule: 'linear',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  gan: {
    description: 'generator and discriminator MLPs of width 64 on a ring of 8 Gaussians',
    defaultSteps: 600,
    reference: {
      optimizer: { kind: 'adam', betas: [0.5, 0.999] },
      learningRate: 4e-3,
      schedule: 'constant',
      warmupFraction: 0,
    },
  },
  dqn: {
    description: 'deep Q-learning with replay and target network, balancing a pole',
    defaultSteps: 1500,
    reference: {
      optimizer: { kind: 'rmsprop', alpha: 0.95, eps: 0.01 },
      learningRate: 4e-3,
      schedule: 'constant',
      warmupFraction: 0,
    },
  },
  ppo: {
    description: 'proximal policy optimisation with generalised advantages, balancing a pole',
    defaultSteps: 320,
    reference: {
      optimizer: { kind: 'adam', eps: 1e-5 },
      learningRate: 5e-3,
      schedule: 'linear',
      warmupFraction: 0,
      clipping: { norm: 0.5 },
    },
  },
  t5: {
    description:
      'encoder-decoder, width 32, one layer each, RMS norm, translating word by word through a dictionary',
    defaultSteps: 300,
    reference: {
      optimizer: { kind: 'adafactor', scaleParameter: false, relativeStep: false },
      learningRate: 8.5e-3,
      schedule: 'cosine',
      warmupFraction: 0.1,
    },
  },
  'time-series-transformer': {
    description: 'causal transformer, width 32, 2 layers, forecasting noisy sums of sinusoids',
    defaultSteps: 250,
    reference: {
      optimizer: { kind: 'adamw' },
      learningRate: 1e-2,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
  'dense-recommender': {
    description: 'ReLU MLP on 16 dense features with long tails, click prediction',
    defaultSteps: 300,
    reference: {
      optimizer: { kind: 'adam' },
      learningRate: 1.4e-2,
      schedule: 'cosine',
      warmupFraction: 0,
    },
  },
};
