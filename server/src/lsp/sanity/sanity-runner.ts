import type { TrainingRun } from '../../run/training-run.ts';
import type { SanityOptions } from '../../training/sanity-run.ts';
import type { SwitchOptions, SwitchReport } from '../../training/switching.ts';
import type { NoPlan, SanityReport } from '../../training/types.ts';

/**
 * What the language server asks of whoever trains: the seam at which tests put a trainer of their own, and which a
 * server without processes (in a browser) can fill differently. As `sanityRun`, with the runner already chosen.
 */
export interface SanityRunner {
  run(run: TrainingRun, options: Omit<SanityOptions, 'runner'>): Promise<SanityReport | NoPlan>;
  trySwitching(run: TrainingRun, options: Omit<SwitchOptions, 'runner'>): Promise<SwitchReport | NoPlan>;
  /** Somebody looks at a config and may ask for a run soon: starts the processes when that costs nobody time. */
  prepare?(): void;
  /** Ends every training process. */
  close(): void;
}
