import type { TrainingRun } from '../run/training-run.ts';
import { criticalRate } from './judgements/critical-rate.ts';
import { clipping } from './judgements/gradient-clipping.ts';
import type { Judgement } from './judgements/judgement.ts';
import { noiseScale } from './judgements/noise-scale.ts';
import { notFinite } from './judgements/not-finite.ts';
import { otherOptimizer } from './judgements/other-optimizer.ts';
import { updateRatio } from './judgements/update-ratio.ts';
import type { Measured } from './measured.ts';

export type { Judgement } from './judgements/judgement.ts';

/** Holds the config as it stands now against what was measured; the worst first. */
export function judge(run: TrainingRun, measured: Measured): Judgement[] {
  const other = otherOptimizer(run, measured);
  if (other) return [other];
  const found = [
    notFinite(measured),
    criticalRate(run, measured),
    clipping(run, measured),
    updateRatio(run, measured),
    noiseScale(run, measured),
  ].filter((one) => one !== undefined);
  const rank = { warning: 0, information: 1, fine: 2 } as const;
  return found.sort((a, b) => rank[a.level] - rank[b.level]);
}
