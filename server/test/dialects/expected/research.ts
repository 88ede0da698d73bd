import type { Expected } from './values.ts';

/** Speech, translation, restoration, recommenders, graphs and reinforcement learning. */
export const research: Readonly<Record<string, Expected>> = {
  'openpcdet/second.yaml': {
    dialect: 'openpcdet',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 0.003,
        momentum: undefined,
        weightDecay: 0.01,
        batchPerDevice: 4,
        epochs: 80,
        schedule: 'one-cycle',
        warmupEpochs: 0,
        clipNorm: 10,
      },
    ],
  },
  'basicsr/gan.yml': {
    dialect: 'basicsr',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 1e-4,
        beta1: 0.9,
        weightDecay: 0,
        batchPerDevice: 8,
        worldSize: 2,
        maxSteps: 400000,
        schedule: 'multi-step',
        decayMilestones: [200000, 300000],
        decayFactor: 0.5,
        warmupSteps: 0,
        architecture: 'gan-generator',
      },
      { learningRate: 2e-4, beta1: 0.5, architecture: 'gan-discriminator' },
    ],
  },
  'fairseq/ctc.yaml': {
    dialect: 'fairseq',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 5e-5,
        beta1: 0.9,
        beta2: 0.98,
        eps: 1e-8,
        gradientAccumulation: 4,
        worldSize: 2,
        maxSteps: 20000,
        schedule: 'polynomial',
        warmupSteps: 2000,
        warmupRatio: 0.1,
        clipNorm: 0,
        precision: 'fp16-mixed',
      },
    ],
  },
  'espnet/conformer.yaml': {
    dialect: 'espnet',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 0.0015,
        weightDecay: 1e-6,
        gradientAccumulation: 4,
        epochs: 50,
        schedule: 'inverse-sqrt',
        warmupSteps: 15000,
        clipNorm: 5,
        batchPerDevice: undefined,
      },
    ],
  },
  'espnet/noam.yaml': {
    dialect: 'espnet',
    runs: [
      {
        optimizer: 'adam',
        // `transformer-lr` is a multiplier.
        learningRate: undefined,
        schedule: 'noam',
        warmupSteps: 25000,
        batchPerDevice: 32,
        gradientAccumulation: 2,
        epochs: 30,
      },
    ],
  },
  'wenet/conformer.yaml': {
    dialect: 'wenet',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 0.002,
        batchPerDevice: 16,
        gradientAccumulation: 4,
        epochs: 100,
        schedule: 'inverse-sqrt',
        warmupSteps: 20000,
        clipNorm: 5,
      },
    ],
  },
  'opennmt/base.yaml': {
    dialect: 'opennmt',
    runs: [
      {
        optimizer: 'adam',
        learningRate: undefined,
        beta2: 0.998,
        // `batch_type: tokens`
        batchPerDevice: undefined,
        gradientAccumulation: 4,
        worldSize: 2,
        maxSteps: 50000,
        schedule: 'noam',
        warmupSteps: 8000,
        clipNorm: 0,
      },
    ],
  },
  'opennmt/constant.yaml': {
    dialect: 'opennmt',
    runs: [
      { optimizer: 'sgd', learningRate: 0.5, schedule: 'constant', warmupSteps: undefined, clipNorm: 5 },
    ],
  },
  'joeynmt/small.yaml': {
    dialect: 'joeynmt',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 3e-4,
        beta2: 0.98,
        minLearningRate: 1e-8,
        warmupSteps: 2000,
        schedule: 'inverse-sqrt',
        // `batch_type: token`
        batchPerDevice: undefined,
        gradientAccumulation: 2,
        epochs: 20,
        clipNorm: 1,
      },
    ],
  },
  'speechbrain/ctc.yaml': {
    dialect: 'speechbrain',
    runs: [
      {
        optimizer: 'Adadelta',
        learningRate: 9e-4,
        batchPerDevice: 6,
        gradientAccumulation: 2,
        epochs: 25,
        precision: 'fp16-mixed',
      },
      { optimizer: 'adam', learningRate: 1e-4, beta1: undefined, weightDecay: 0 },
    ],
  },
  'vits/voice.json': {
    dialect: 'vits',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 2e-4,
        beta1: 0.8,
        beta2: 0.99,
        eps: 1e-9,
        batchPerDevice: 16,
        epochs: 5000,
        schedule: 'exponential',
        decayFactor: 0.999875,
        precision: 'fp16-mixed',
        architecture: 'gan-generator',
      },
      { learningRate: 2e-4, architecture: 'gan-discriminator' },
    ],
  },
  'parallel-wavegan/melgan.yaml': {
    dialect: 'parallel-wavegan',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 1e-4,
        beta1: 0.5,
        batchPerDevice: 32,
        maxSteps: 400000,
        clipNorm: 10,
      },
      { optimizer: 'adam', learningRate: 5e-5, clipNorm: 0, architecture: 'gan-discriminator' },
    ],
  },
  'allennlp/pairs.json': {
    dialect: 'allennlp',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 2e-5,
        weightDecay: 0.1,
        batchPerDevice: 16,
        gradientAccumulation: 2,
        epochs: 8,
        schedule: 'linear',
        warmupRatio: 0.06,
        clipNorm: 1,
      },
    ],
  },
  'recbole/run.yaml': {
    dialect: 'recbole',
    runs: [{ optimizer: 'adam', learningRate: 5e-4, batchPerDevice: 1024, epochs: 50, weightDecay: 0 }],
  },
  'fuxictr/model_config.yaml': {
    dialect: 'fuxictr',
    runs: [
      { optimizer: 'adam', learningRate: 0.001, batchPerDevice: 128, epochs: 1 },
      { optimizer: 'adagrad', learningRate: 0.01, batchPerDevice: 4096, epochs: 20, dataset: 'clicks' },
    ],
  },
  'pykeen/transe.json': {
    dialect: 'pykeen',
    runs: [{ optimizer: 'adam', learningRate: 0.01, batchPerDevice: 64, epochs: 200, weightDecay: 0 }],
  },
  'rl-zoo3/ppo.yml': {
    dialect: 'rl-zoo3',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 0.001,
        schedule: 'linear',
        batchPerDevice: 256,
        clipNorm: 0.5,
        architecture: 'ppo',
      },
      { learningRate: 0.0007, schedule: 'constant', batchPerDevice: 64 },
    ],
  },
  'rllib/dqn.yaml': {
    dialect: 'rllib',
    runs: [{ learningRate: 1e-4, batchPerDevice: 32, clipNorm: 10, architecture: 'dqn', domain: 'rl-value' }],
  },
  'ml-agents/crawler.yaml': {
    dialect: 'ml-agents',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 3e-4,
        batchPerDevice: 2048,
        schedule: 'constant',
        domain: 'rl-policy',
      },
    ],
  },
  'ml-agents/old.yaml': {
    dialect: 'ml-agents',
    runs: [
      { learningRate: 3e-4, batchPerDevice: 1024 },
      // Taken from `default`.
      { learningRate: 3e-4, batchPerDevice: 2048 },
    ],
  },
  'fairchem/schnet.yml': {
    dialect: 'fairchem',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 5e-4,
        batchPerDevice: 20,
        epochs: 30,
        warmupSteps: 800,
        clipNorm: 10,
      },
    ],
  },
  'rl-games/ant.yaml': {
    dialect: 'rl-games',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 3e-4,
        batchPerDevice: 32768,
        schedule: 'other',
        clipNorm: 1,
        precision: 'fp16-mixed',
        domain: 'rl-policy',
      },
    ],
  },
  'diffusion-pipe/lora.toml': {
    dialect: 'diffusion-pipe',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 2e-5,
        beta2: 0.99,
        weightDecay: 0.01,
        batchPerDevice: 2,
        gradientAccumulation: 4,
        epochs: 40,
        warmupSteps: 50,
        schedule: 'constant',
        clipNorm: 1,
        precision: 'bf16',
        method: 'lora',
      },
    ],
  },
  'mmf/entailment.yaml': {
    dialect: 'mmf',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 3e-5,
        eps: 1e-8,
        // transformers' AdamW and torch's start from different decays.
        weightDecay: undefined,
        globalBatch: 192,
        gradientAccumulation: 2,
        maxSteps: 24000,
        schedule: 'linear',
        warmupSteps: 1200,
        warmupRatio: 0.05,
        decaySteps: 24000,
        clipNorm: 0.25,
        precision: 'fp16-mixed',
      },
    ],
  },
  'mmf/stepped.yaml': {
    dialect: 'mmf',
    runs: [
      {
        optimizer: 'adamax',
        learningRate: 0.002,
        weightDecay: 0,
        globalBatch: 256,
        // What the included file says of the length and of clipping is not known.
        maxSteps: undefined,
        schedule: 'multi-step',
        warmupSteps: 900,
        decayMilestones: [14000, 18000],
        decayFactor: 0.2,
        clipNorm: undefined,
      },
    ],
  },
  'lavis/caption.yaml': {
    dialect: 'lavis',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 2e-5,
        beta1: 0.9,
        beta2: 0.98,
        weightDecay: 0.05,
        batchPerDevice: 12,
        gradientAccumulation: 2,
        epochs: 6,
        schedule: 'cosine',
        warmupSteps: 700,
        minLearningRate: 1e-6,
        precision: 'fp16-mixed',
        objective: 'supervised',
        fromScratch: false,
      },
    ],
  },
  'lavis/pretrain.yaml': {
    dialect: 'lavis',
    runs: [
      {
        learningRate: 1e-4,
        beta2: 0.999,
        maxSteps: 48000,
        epochs: undefined,
        schedule: 'exponential',
        decayFactor: 0.9,
        warmupSteps: 2000,
        precision: 'fp32',
        objective: 'pretraining',
      },
    ],
  },
};
