import { text } from '../../text.ts';
import type { Measured } from '../measured.ts';
import type { Judgement } from './judgement.ts';

export function notFinite({ notFinite: bad, steps }: Measured): Judgement | undefined {
  if (bad.length === 0) return undefined;
  const all = bad.length === steps;
  return {
    id: 'not-finite',
    level: 'warning',
    fields: ['precision', 'dataset', 'model'],
    message: all
      ? text(
          'The loss or its gradient is not finite on any batch, before a single weight has moved: no learning rate mends that. Look at the data, the loss and the precision.',
          '가중치가 한 번도 움직이기 전인데 모든 배치에서 손실이나 그래디언트가 유한하지 않습니다. 학습률로는 해결되지 않으니 데이터, 손실 함수, 정밀도를 확인하세요.',
        )
      : text(
          `The loss or its gradient is not finite in ${bad.length} of ${steps} steps (${bad.join(', ')}), before a single weight has moved. Look at those batches: one of them is enough to ruin the run.`,
          `가중치가 움직이기 전인데 ${steps}개 스텝 중 ${bad.length}개(${bad.join(', ')}번째)에서 손실이나 그래디언트가 유한하지 않습니다. 해당 배치를 확인하세요. 하나만 있어도 학습을 망칠 수 있습니다.`,
        ),
    evidence: { notFinite: bad.length, steps },
    changes: [],
  };
}
