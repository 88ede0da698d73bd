import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { conflictFindings } from './support/setting-conflicts.ts';

export const durationTwice: Rule = {
  scope: 'file',
  meta: {
    id: 'duration-twice',
    category: 'schedule',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['setting-conflicts/hf-steps-over-epochs', 'setting-conflicts/kohya-epochs-over-steps'],
    what: text(
      'The length of the run given in epochs and in steps, of which the framework uses one.',
      '학습 길이를 에폭과 스텝으로 모두 적었지만 프레임워크는 하나만 쓰는 경우입니다.',
    ),
    why: text(
      'Somebody who changes the ignored one waits for a longer run that never comes.',
      '무시되는 쪽을 바꾸면 학습이 길어질 것으로 기대하지만 아무 일도 일어나지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Epochs that do not count',
        '쓰이지 않는 에폭',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
max_steps: 1000
learning_rate: 5.0e-5
`,
        ['num_train_epochs: 3\n', ''],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'No step limit',
        '스텝 제한 없음',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
max_steps: -1
learning_rate: 5.0e-5
`,
      ),
    ],
  },
  check: (file) => conflictFindings(file, 'duration-twice'),
};
