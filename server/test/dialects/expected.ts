import type { FieldId, FieldTypes } from '../../src/run/fields.ts';

export type Values = { readonly [F in FieldId]?: FieldTypes[F] | undefined };

export interface Expected {
  readonly dialect: string;
  /** What each run must say, worked out by hand; `undefined` = must not be known. Fields not named are free. */
  readonly runs: readonly Values[];
  /** Fields that are stated and cannot be read. */
  readonly opaque?: readonly FieldId[];
}

const hf = { beta1: 0.9, eps: 1e-8, clipNorm: 1 };

/** Fixtures of test-fixtures/, our own, each with the values a person reads out of it. */
export const expected: Readonly<Record<string, Expected>> = {
  'hf-trainer/bert-classification.yaml': {
    dialect: 'hf-trainer',
    runs: [
      {
        ...hf,
        optimizer: 'adamw',
        learningRate: 3e-5,
        beta2: 0.999,
        weightDecay: 0.01,
        batchPerDevice: 32,
        gradientAccumulation: 2,
        globalBatch: 64,
        epochs: 4,
        maxSteps: undefined,
        schedule: 'cosine',
        warmupSteps: 0,
        warmupRatio: 0,
        clipNorm: 0.5,
        precision: 'fp16-mixed',
        model: 'bert-base-uncased',
      },
    ],
  },
  'hf-trainer/run.json': {
    dialect: 'hf-trainer',
    runs: [
      {
        optimizer: 'adafactor',
        learningRate: 2e-5,
        beta2: 0.98,
        batchPerDevice: 16,
        gradientAccumulation: 1,
        maxSteps: 1200,
        totalSteps: 1200,
        schedule: 'linear',
        warmupRatio: 0.06,
        warmupSteps: 72,
        precision: 'fp32',
      },
    ],
  },
  'trl/dpo.yaml': {
    dialect: 'trl',
    runs: [
      {
        ...hf,
        optimizer: 'adamw',
        learningRate: 5e-7,
        batchPerDevice: 2,
        gradientAccumulation: 8,
        warmupRatio: 0.1,
        precision: 'bf16-mixed',
        objective: 'preference',
        domain: 'llm',
        sequenceLength: 2048,
      },
    ],
  },
  'trl/grpo.yaml': {
    dialect: 'trl',
    runs: [
      {
        learningRate: 1e-6,
        maxSteps: 500,
        schedule: 'constant',
        // `constant` has no warm-up, whatever `warmup_steps` says.
        warmupSteps: 0,
        method: 'lora',
        objective: 'online-rl',
      },
    ],
  },
  'llama-factory/qlora-sft.yaml': {
    dialect: 'llama-factory',
    runs: [
      {
        learningRate: 1e-4,
        batchPerDevice: 1,
        gradientAccumulation: 16,
        epochs: 2,
        warmupRatio: 0.1,
        precision: 'bf16-mixed',
        method: 'qlora',
        objective: 'supervised',
        goal: 'fine-tuning',
        sequenceLength: 1024,
      },
    ],
  },
  'llama-factory/full-v1.yaml': {
    dialect: 'llama-factory',
    runs: [{ learningRate: 2e-5, batchPerDevice: 2, globalBatch: 32, maxSteps: 800, clipNorm: 1, epochs: 3 }],
  },
  'torchtune/lora.yaml': {
    dialect: 'torchtune',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 3e-4,
        beta1: 0.9,
        beta2: 0.999,
        weightDecay: 0.05,
        batchPerDevice: 4,
        gradientAccumulation: 8,
        epochs: 2,
        maxSteps: 800,
        schedule: 'cosine',
        warmupSteps: 50,
        warmupRatio: 0.0625,
        clipNorm: 0,
        precision: 'bf16',
        method: 'lora',
      },
    ],
  },
  'torchtune/full-sgd.yaml': {
    dialect: 'torchtune',
    runs: [
      {
        optimizer: 'sgd-momentum',
        learningRate: 0.02,
        momentum: 0.9,
        beta1: undefined,
        weightDecay: 0,
        schedule: 'constant',
        batchPerDevice: undefined,
        precision: 'fp32',
      },
    ],
    opaque: ['batchPerDevice'],
  },
  'deepspeed/standalone.json': {
    dialect: 'deepspeed',
    runs: [
      {
        // DeepSpeed's Adam decouples the decay unless told otherwise.
        optimizer: 'adamw',
        learningRate: 2e-4,
        beta1: 0.9,
        beta2: 0.95,
        weightDecay: 0.1,
        batchPerDevice: 8,
        gradientAccumulation: 4,
        globalBatch: 256,
        worldSize: 8,
        schedule: 'linear',
        warmupSteps: 300,
        warmupRatio: 0.03,
        totalSteps: 10000,
        clipNorm: 1,
        precision: 'fp16-mixed',
      },
    ],
  },
  'deepspeed/for-trainer.json': {
    dialect: 'deepspeed',
    runs: [{ optimizer: 'adamw', learningRate: undefined, schedule: undefined, warmupSteps: undefined }],
    opaque: [
      'learningRate',
      'beta1',
      'beta2',
      'weightDecay',
      'clipNorm',
      'globalBatch',
      'batchPerDevice',
      'precision',
    ],
  },
  'deepspeed/no-scheduler.json': {
    dialect: 'deepspeed',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 1e-4,
        schedule: 'constant',
        warmupSteps: 0,
        batchPerDevice: 4,
        gradientAccumulation: 1,
        precision: 'bf16-mixed',
      },
    ],
  },
  'ultralytics/args.yaml': {
    dialect: 'ultralytics',
    runs: [
      {
        optimizer: 'nag',
        learningRate: 0.02,
        momentum: 0.9,
        minLearningRateRatio: 0.05,
        minLearningRate: 0.001,
        worldSize: 2,
        batchPerDevice: 16,
        gradientAccumulation: 2,
        globalBatch: 64,
        epochs: 80,
        schedule: 'cosine',
        warmupEpochs: 2,
        warmupRatio: 0.025,
        clipNorm: 10,
        precision: 'fp16-mixed',
        architecture: 'yolo',
        domain: 'cv-cnn',
        task: 'detect',
      },
    ],
  },
  'ultralytics/auto.yaml': {
    dialect: 'ultralytics',
    runs: [
      {
        optimizer: undefined,
        learningRate: undefined,
        momentum: undefined,
        batchPerDevice: 16,
        gradientAccumulation: 4,
        schedule: 'linear',
        fromScratch: true,
      },
    ],
    opaque: ['optimizer'],
  },
  'generic/nested.yaml': {
    dialect: 'generic',
    runs: [
      {
        optimizer: 'nag',
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 1e-4,
        batchPerDevice: 128,
        epochs: 90,
        schedule: 'cosine',
        warmupEpochs: 5,
        clipNorm: 0,
        model: 'resnet50',
      },
    ],
  },
  'generic/flat.toml': {
    dialect: 'generic',
    runs: [
      {
        optimizer: 'adam',
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.98,
        batchPerDevice: 64,
        maxSteps: 20000,
        warmupSteps: 500,
        precision: 'fp16-mixed',
      },
    ],
  },
  'generic/declared.json': {
    dialect: 'generic',
    runs: [{ learningRate: 1e-3, momentum: 0.9, optimizer: undefined }],
  },
  'axolotl/lora.yml': {
    dialect: 'axolotl',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 2e-4,
        batchPerDevice: 2,
        gradientAccumulation: 4,
        epochs: 3,
        schedule: 'cosine',
        warmupSteps: 10,
        clipNorm: 1,
        method: 'lora',
        precision: undefined,
      },
    ],
    opaque: ['precision'],
  },
  'axolotl/dpo.yml': {
    dialect: 'axolotl',
    runs: [
      {
        learningRate: 5e-6,
        batchPerDevice: 1,
        gradientAccumulation: 8,
        warmupRatio: 0.03,
        objective: 'preference',
        method: 'full',
        precision: 'bf16-mixed',
      },
    ],
  },
  'oumi/sft.yaml': {
    dialect: 'oumi',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 3e-4,
        batchPerDevice: 4,
        gradientAccumulation: 4,
        warmupRatio: 0.05,
        clipNorm: 0,
        precision: 'bf16',
        method: 'lora',
        model: 'my-org/base-4b',
      },
    ],
  },
  'ms-swift/sft.yaml': {
    dialect: 'ms-swift',
    runs: [
      {
        learningRate: 1e-4,
        batchPerDevice: 1,
        gradientAccumulation: 16,
        warmupRatio: 0.03,
        schedule: 'cosine',
        method: 'lora',
      },
    ],
  },
  'autotrain/text.yml': {
    dialect: 'autotrain',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 4e-5,
        batchPerDevice: 16,
        gradientAccumulation: 2,
        epochs: 4,
        schedule: 'cosine',
        warmupRatio: 0.1,
        precision: 'bf16-mixed',
      },
    ],
  },
  'litgpt/lora.yaml': {
    dialect: 'litgpt',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 2e-4,
        beta2: 0.95,
        weightDecay: 0.01,
        batchPerDevice: 4,
        worldSize: 2,
        globalBatch: 32,
        gradientAccumulation: 4,
        epochs: 3,
        maxSteps: 900,
        schedule: 'cosine',
        warmupSteps: 40,
        minLearningRate: 2e-5,
        clipNorm: 1,
        precision: 'bf16',
        method: 'lora',
      },
    ],
  },
  'accelerate/fsdp.yaml': {
    dialect: 'accelerate',
    runs: [{ worldSize: 16, precision: 'bf16-mixed', optimizer: undefined, learningRate: undefined }],
  },
  'yolov5/hyp.yaml': {
    dialect: 'yolov5',
    runs: [
      {
        optimizer: 'nag',
        learningRate: 0.01,
        momentum: 0.937,
        minLearningRateRatio: 0.1,
        warmupEpochs: 3,
        weightDecay: 0.0005,
        architecture: 'yolo',
      },
    ],
  },
  'kohya/lora.toml': {
    dialect: 'kohya',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 1e-4,
        weightDecay: 0.1,
        batchPerDevice: 2,
        maxSteps: 2000,
        schedule: 'cosine',
        warmupSteps: 100,
        clipNorm: 1,
        precision: 'fp16-mixed',
        method: 'lora',
      },
    ],
  },
  'kohya/gui.json': {
    dialect: 'kohya',
    runs: [
      {
        optimizer: 'lion',
        learningRate: 3e-4,
        batchPerDevice: 4,
        epochs: 10,
        maxSteps: undefined,
        schedule: 'constant',
        warmupRatio: 0.05,
        precision: 'bf16-mixed',
      },
    ],
  },
  'ai-toolkit/lora.yaml': {
    dialect: 'ai-toolkit',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 1e-4,
        batchPerDevice: 1,
        gradientAccumulation: 2,
        maxSteps: 1500,
        schedule: 'constant',
        clipNorm: 1,
        precision: 'bf16',
        method: 'lora',
      },
    ],
  },
  'timm/vit.yaml': {
    dialect: 'timm',
    runs: [
      {
        optimizer: 'adamw',
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.99,
        weightDecay: 0.05,
        batchPerDevice: 256,
        gradientAccumulation: 2,
        epochs: 100,
        schedule: 'cosine',
        warmupEpochs: 10,
        minLearningRate: 1e-5,
        clipNorm: 1,
        precision: 'fp16-mixed',
      },
    ],
  },
  'timm/no-rate.yaml': {
    dialect: 'timm',
    runs: [
      {
        optimizer: 'nag',
        learningRate: 0.025,
        momentum: 0.9,
        schedule: 'step',
        warmupEpochs: 5,
        clipNorm: 0,
      },
    ],
  },
};
