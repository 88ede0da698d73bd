import type { OptimizerSpec } from '@trainlint/kernels';
import { type TrainingRun, valueOf } from '../run/training-run.ts';

const opponent: Readonly<Record<string, string>> = {
  'gan-generator': 'gan-discriminator',
  'gan-discriminator': 'gan-generator',
};

/** The other player of a GAN whose file sets generator and discriminator apart: each a run of its own there. */
export function otherPlayer(runs: readonly TrainingRun[], run: TrainingRun): TrainingRun | undefined {
  const sought = opponent[valueOf(run, 'architecture') ?? ''];
  return sought === undefined
    ? undefined
    : runs.find((one) => one.root === run.root && valueOf(one, 'architecture') === sought);
}

/** What one player trains with, on the proxy's scale. */
export interface Player {
  readonly peak: number;
  readonly optimizer: OptimizerSpec;
}

/**
 * Both players in one spec: the generator's optimizer and rate are the run's, the discriminator's a parameter group of
 * their own (two time scales; Heusel et al. 2017). One optimizer where they do not differ.
 */
export function bothPlayers(generator: Player, discriminator: Player): Player {
  const lrFactor = discriminator.peak / generator.peak;
  const same = JSON.stringify(generator.optimizer) === JSON.stringify(discriminator.optimizer);
  if (!(generator.peak > 0) || !Number.isFinite(lrFactor) || (same && lrFactor === 1)) return generator;
  return {
    peak: generator.peak,
    optimizer: { ...generator.optimizer, groups: [{}, { ...discriminator.optimizer, lrFactor }] },
  };
}
