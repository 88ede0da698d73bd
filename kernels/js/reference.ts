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
      learningRate: 2e-2,
      schedule: 'cosine',
      warmupFraction: 0,
    },
  },
  gpt: {
    description: 'pre-norm decoder, width 32, 2 layers, tied head, on Markov text that repeats itself',
    defaultSteps: 300,
    reference: {
      optimizer: { kind: 'adamw', betas: [0.9, 0.95], weightDecay: 0.1 },
      learningRate: 6e-3,
      schedule: 'cosine',
      warmupFraction: 0.1,
      clipping: { norm: 1 },
    },
  },
};
