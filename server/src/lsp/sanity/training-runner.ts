import { text } from '../../text.ts';
import { CannotRun, type SanityRunner } from './sanity-runner.ts';

export function trainingRunner(): SanityRunner {
  return {
    run: () =>
      Promise.reject(new CannotRun(text('Training is not built in yet.', '아직 학습을 할 수 없습니다.'))),
  };
}
