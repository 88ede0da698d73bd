import type { ProxyInfo, RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import { derive } from '../../src/run/derive.ts';
import type { FieldTypes } from '../../src/run/fields.ts';
import type { Settings } from '../../src/run/setting.ts';
import type { TrainingRun } from '../../src/run/training-run.ts';
import type { Runner, RunOptions } from '../../src/training/types.ts';

/** A run whose file states the given fields. */
export function runOf(fields: Partial<FieldTypes>): TrainingRun {
  const settings = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, { value, from: 'file' }]),
  ) as unknown as Settings;
  return derive({ label: '', root: 0, settings, opaque: new Map(), anchor: { start: 0, end: 0 } });
}

/** Proxies as the kernels describe them, with numbers that are easy to compute with. */
export const fakeProxies: readonly ProxyInfo[] = [
  {
    id: 'gpt',
    description: 'decoder',
    parameterCount: 1000,
    defaultSteps: 100,
    defaultBatchSize: 16,
    reference: {
      optimizer: { kind: 'adamw', betas: [0.9, 0.95], weightDecay: 0.1 },
      learningRate: 0.01,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
    dropout: false,
    metrics: [],
  },
  {
    id: 'resnet',
    description: 'residual network',
    parameterCount: 2000,
    defaultSteps: 200,
    defaultBatchSize: 32,
    reference: {
      optimizer: { kind: 'sgd-momentum', momentum: 0.9, weightDecay: 1e-4 },
      learningRate: 0.2,
      schedule: 'cosine',
      warmupFraction: 0.05,
    },
    dropout: false,
    metrics: [],
  },
  {
    id: 'mlp',
    description: 'perceptron',
    parameterCount: 10,
    defaultSteps: 100,
    defaultBatchSize: 8,
    reference: { optimizer: { kind: 'adam' }, learningRate: 0.02, schedule: 'constant', warmupFraction: 0 },
    dropout: false,
    metrics: [],
  },
];

/**
 * Training that follows a formula: the loss falls to 0.5, slower at a low rate; above `limit` times the best rate it
 * rises early and settles high; far above it becomes NaN. Warm-up and seeds are felt a little.
 */
export function fakeRunner(bestRate: number, limit = 5, log: RunSpec[] = []): Runner {
  return {
    info: async () => ({ proxies: fakeProxies, backend: 'fake' }),
    close: () => {},
    run: async (spec: RunSpec, options: RunOptions = {}): Promise<RunResult> => {
      log.push(spec);
      const peak = Math.max(...spec.learningRates);
      const ratio = peak / bestRate;
      const records: StepRecord[] = [];
      const lossAt = (x: number) => {
        const wiggle = 1 + 0.001 * (spec.seed % 7);
        if (ratio > limit * 4 && x > 0.1) return Number.NaN;
        if (ratio > limit)
          return (1.6 + 0.7 * Math.exp(-5 * x) + 2 * Math.exp(-(((x - 0.05) / 0.04) ** 2))) * wiggle;
        return (0.5 + 1.8 * Math.exp(-6 * Math.min(1, ratio) * x)) * wiggle;
      };
      for (let step = 1; step <= spec.steps; step++) {
        if (options.signal?.aborted) break;
        const x = step / spec.steps;
        const loss = lossAt(x);
        records.push({
          step,
          loss,
          gradNorm: Number.isNaN(loss) ? Number.NaN : 1,
          lr: spec.learningRates[step - 1] ?? 0,
          updateRatio: 1e-3,
          ...(step % 2 === 0 && { probeLoss: loss }),
          ...(step % 5 === 0 && { valLoss: loss }),
        });
        if (Number.isNaN(loss)) break;
      }
      options.onSteps?.(records);
      const nonFinite = records.find(({ loss }) => !Number.isFinite(loss));
      return {
        records,
        initial: { probeLoss: lossAt(0), valLoss: lossAt(0) },
        finite: !nonFinite,
        ...(nonFinite && { nonFiniteAt: nonFinite.step }),
        cancelled: options.signal?.aborted === true,
        seconds: 0.001,
        backend: 'fake',
        proxy: spec.proxy,
        parameterCount: 10,
        stateBytes: 0,
      };
    },
  };
}
