import type { ConfigFile } from '../engine/config-file.ts';
import type { FieldId } from '../run/fields.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import type { Finding, Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber } from './support/numbers.ts';

interface Count {
  readonly field: FieldId & ('batchPerDevice' | 'gradientAccumulation' | 'globalBatch' | 'worldSize');
  readonly name: Text;
}

const counts: readonly Count[] = [
  { field: 'batchPerDevice', name: text('The batch size', '배치 크기') },
  { field: 'globalBatch', name: text('The global batch size', '전체 배치 크기') },
  { field: 'gradientAccumulation', name: text('Gradient accumulation', '그래디언트 누적') },
  { field: 'worldSize', name: text('The number of devices', '장치 수') },
];

export const countDomain: Rule = {
  scope: 'run',
  meta: {
    id: 'count-domain',
    category: 'batch',
    severity: 'error',
    fix: 'none',
    since: '0.1.0',
    sources: ['torch/utils/data/sampler.py'],
    what: text(
      'A batch size, accumulation or number of devices that is no whole number of at least 1; a run of zero length; a learning rate of 0.',
      '배치 크기, 그래디언트 누적, 장치 수가 1 이상의 정수가 아니거나, 학습 길이 또는 학습률이 0인 경우입니다.',
    ),
    why: text(
      'The data loader refuses such a batch. A run of 0 epochs or with a rate of 0 ends normally and has learned nothing.',
      '데이터 로더가 이런 배치를 거부합니다. 에폭이 0이거나 학습률이 0인 학습은 정상으로 끝나지만 아무것도 배우지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'Half a sample per device',
        '장치당 표본 0.5개',
        `
output_dir: out
per_device_train_batch_size: 0.5
num_train_epochs: 3
learning_rate: 5.0e-5
`,
      ),
      example(
        'torchtune',
        'full.yaml',
        'A learning rate of 0',
        '학습률 0',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 0
batch_size: 2
epochs: 1
`,
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Whole numbers',
        '정수로 적은 값',
        `
output_dir: out
per_device_train_batch_size: 8
gradient_accumulation_steps: 4
num_train_epochs: 0.5
learning_rate: 5.0e-5
`,
      ),
    ],
  },
  check: (run, file) => [...counts.flatMap((count) => judgeCount(run, file, count)), ...nothingLearned(run)],
};

/**
 * Reads what the file says itself: a dialect takes a batch of 0.5 for unreadable. Keys with a reading of their own
 * (Ultralytics' `batch: -1` for "as much as fits") are left alone.
 */
function judgeCount(run: TrainingRun, file: ConfigFile, { field, name }: Count): readonly Finding[] {
  const layout = file.layouts[file.runs.indexOf(run)];
  const view = file.views[run.root];
  if (!layout || !view) return [];
  return layout.bindings.flatMap((binding) => {
    if (binding.field !== field || binding.read) return [];
    const path = binding.paths.find((one) => view.has(one));
    const value = path && view.number(path);
    const node = path && view.at(path);
    if (value === undefined || !node || (Number.isInteger(value) && value >= 1)) return [];
    return [
      finding(
        node.span,
        text(
          `${name.en} is ${formatNumber(value)}. It has to be a whole number of at least 1.`,
          `${name.ko} 값이 ${formatNumber(value)}입니다. 1 이상의 정수여야 합니다.`,
        ),
        { data: { field, value } },
      ),
    ];
  });
}

function nothingLearned(run: TrainingRun): readonly Finding[] {
  const found: Finding[] = [];
  const limited = (valueOf(run, 'maxSteps') ?? 0) > 0;
  if (valueOf(run, 'learningRate') === 0 && isStated(run, 'learningRate'))
    found.push(
      finding(
        spanOf(run, 'learningRate'),
        text(
          'The learning rate is 0: the weights never move. Set a positive value.',
          '학습률이 0이라 가중치가 전혀 움직이지 않습니다. 양수로 설정하세요.',
        ),
        { severity: 'warning', data: { learningRate: 0 } },
      ),
    );
  if (valueOf(run, 'epochs') === 0 && isStated(run, 'epochs') && !limited)
    found.push(
      finding(
        spanOf(run, 'epochs'),
        text(
          'The run has 0 epochs: nothing is trained. Set at least 1.',
          '에폭이 0이라 학습이 이루어지지 않습니다. 1 이상으로 설정하세요.',
        ),
        { severity: 'warning', data: { epochs: 0 } },
      ),
    );
  return found;
}
