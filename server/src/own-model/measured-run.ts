import type { MutableSettings } from '../run/setting.ts';
import type { TrainingRun } from '../run/training-run.ts';
import type { Measured } from './measured.ts';

/** The run as far as the measurement itself tells it, where its config is not at hand. */
export function measuredRun({ optimizer, learningRate, clipNorm, run }: Measured): TrainingRun {
  const settings: MutableSettings = {
    ...(optimizer !== undefined && { optimizer: { value: optimizer, from: 'file' } }),
    ...(learningRate !== undefined && { learningRate: { value: learningRate, from: 'file' } }),
    ...(clipNorm !== undefined && { clipNorm: { value: clipNorm, from: 'file' } }),
  };
  return { label: run, root: 0, settings, opaque: new Map(), anchor: { start: 0, end: 0 } };
}
