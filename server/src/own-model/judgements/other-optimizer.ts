import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { text } from '../../text.ts';
import type { Measured } from '../measured.ts';
import type { Judgement } from './judgement.ts';

/** Every number rests on the direction of the optimizer's step: with another optimizer none of them holds. */
export function otherOptimizer(run: TrainingRun, { optimizer: then }: Measured): Judgement | undefined {
  const now = valueOf(run, 'optimizer');
  if (now === undefined || then === undefined || now === then) return undefined;
  return {
    id: 'other-optimizer',
    level: 'information',
    fields: ['optimizer'],
    message: text(
      `Measured with ${then}, but the config now says ${now}: what was measured does not hold for it. Generate the script again and run it.`,
      `측정할 때의 옵티마이저는 ${then}, 지금 설정은 ${now}입니다. 측정값을 쓸 수 없으니 스크립트를 다시 만들어 실행하세요.`,
    ),
    evidence: {},
    changes: [],
  };
}
