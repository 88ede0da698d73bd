import { show } from '../../number-text.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { text } from '../../text.ts';
import type { Measured } from '../measured.ts';
import type { Judgement } from './judgement.ts';

export function noiseScale(
  run: TrainingRun,
  { noiseScale: noise, samplesPerStep }: Measured,
): Judgement | undefined {
  if (noise === undefined || !samplesPerStep) return undefined;
  const batch = valueOf(run, 'globalBatch') ?? samplesPerStep;
  return {
    id: 'noise-scale',
    level: 'fine',
    fields: ['globalBatch', 'batchPerDevice'],
    evidence: { noiseScale: noise, batch },
    message: text(
      `The gradient noise scale at these weights is about ${show(noise)} samples, the batch is ${show(batch, 4)}. Batches far above it save little time; it usually grows while training (McCandlish et al. 2018).`,
      `현재 가중치의 그래디언트 노이즈 스케일은 표본 약 ${show(noise)}개이고 배치는 ${show(batch, 4)}입니다. 이보다 훨씬 큰 배치는 시간을 거의 줄여 주지 못합니다. 이 값은 보통 학습하면서 커집니다(McCandlish 외 2018).`,
    ),
    changes: [],
  };
}
