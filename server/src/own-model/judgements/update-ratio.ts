import { limit } from '../../knowledge/limits.ts';
import { show } from '../../number-text.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { text } from '../../text.ts';
import type { Measured } from '../measured.ts';
import { firstRate } from './first-rate.ts';
import type { Judgement } from './judgement.ts';

export function updateRatio(
  run: TrainingRun,
  { updateRatio: ratio, learningRate }: Measured,
): Judgement | undefined {
  const rate = valueOf(run, 'learningRate');
  if (!ratio || !rate || !learningRate) return undefined;
  const usual = limit('update-ratio-usual');
  const factor = limit('update-ratio-factor');
  // An update is proportional to the rate: what was measured at another one carries over.
  const median = (ratio.median * rate) / learningRate;
  const warms = (firstRate(run, rate) ?? rate) < rate;
  const off =
    median > usual * factor
      ? warms
        ? 'fine'
        : 'information'
      : median < usual / factor
        ? 'information'
        : 'fine';
  const largest = show((ratio.largest * rate) / learningRate);
  const there = text(
    `Update over weight in a first step at ${show(rate)}: ${show(median)} (median; largest ${largest} in ${ratio.in}). A rough rule says ${show(usual)} (CS231n).`,
    `학습률 ${show(rate)}에서 첫 스텝의 업데이트 / 가중치 비율은 ${show(median)}입니다(중앙값, 최대는 ${ratio.in}의 ${largest}). 흔히 말하는 어림값은 ${show(usual)}입니다(CS231n).`,
  );
  const adds =
    median > usual * factor
      ? warms
        ? text(
            'Warm-up keeps the first steps far below that.',
            '워밍업 덕분에 처음 스텝들은 이보다 훨씬 작습니다.',
          )
        : text('Without warm-up that is a lot at once.', '워밍업이 없으면 한 번에 바뀌는 양이 큽니다.')
      : median < usual / factor
        ? text('The run will move slowly.', '학습이 느리게 진행됩니다.')
        : text('', '');
  return {
    id: 'update-ratio',
    level: off,
    fields: ['learningRate'],
    evidence: { median, largest: (ratio.largest * rate) / learningRate, usual },
    message: text(`${there.en} ${adds.en}`.trim(), `${there.ko} ${adds.ko}`.trim()),
    changes: [],
  };
}
