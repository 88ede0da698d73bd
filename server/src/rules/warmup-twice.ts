import type { ConfigFile } from '../engine/config-file.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { Finding, Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { conflictFindings } from './support/setting-conflicts.ts';

export const warmupTwice: Rule = {
  scope: 'file',
  meta: {
    id: 'warmup-twice',
    category: 'schedule',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: [
      'setting-conflicts/hf-warmup-twice',
      'setting-conflicts/axolotl-warmup-twice',
      'setting-conflicts/nemo-warmup-twice',
    ],
    what: text('Warm-up given both in steps and as a ratio.', '워밍업을 스텝과 비율로 모두 적은 경우입니다.'),
    why: text(
      'Frameworks disagree on which of the two wins, and the same framework has changed its mind between versions. Some refuse the pair.',
      '어느 쪽을 따를지는 프레임워크마다 다르고, 같은 프레임워크도 버전에 따라 바뀌었습니다. 둘을 함께 쓰면 거부하는 곳도 있습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Steps for version 4, a ratio for version 5',
        '버전 4는 스텝, 버전 5는 비율을 따르는 설정',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
warmup_steps: 500
warmup_ratio: 0.1
`,
        ['warmup_ratio: 0.1\n', ''],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'One of them',
        '하나만 사용',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
warmup_steps: 0
warmup_ratio: 0.1
`,
      ),
    ],
  },
  check: (file) => {
    const known = conflictFindings(file, 'warmup-twice');
    return known.length > 0 ? known : statedTwice(file);
  },
};

/** Frameworks whose choice the table does not hold. */
function statedTwice(file: ConfigFile): readonly Finding[] {
  return file.runs
    .filter(
      (run) =>
        isStated(run, 'warmupSteps') &&
        isStated(run, 'warmupRatio') &&
        (valueOf(run, 'warmupSteps') ?? 0) > 0 &&
        (valueOf(run, 'warmupRatio') ?? 0) > 0,
    )
    .map((run) =>
      finding(
        spanOf(run, 'warmupRatio'),
        text(
          'Warm-up is given twice, in steps and as a ratio. Frameworks differ in which one they use. Keep one.',
          '워밍업이 스텝과 비율로 두 번 적혀 있습니다. 어느 쪽을 쓰는지는 프레임워크마다 다릅니다. 하나만 남기세요.',
        ),
        { severity: 'information' },
      ),
    );
}
