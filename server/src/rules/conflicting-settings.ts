import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { conflictFindings } from './support/setting-conflicts.ts';

export const conflictingSettings: Rule = {
  scope: 'file',
  meta: {
    id: 'conflicting-settings',
    category: 'key',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['setting-conflicts'],
    what: text(
      'Settings that the framework refuses together, or one it refuses in that place.',
      '프레임워크가 함께 쓰는 것을 거부하는 설정입니다.',
    ),
    why: text(
      "The run stops at start-up, on a cluster often after waiting in a queue and loading a model. Each case is a row of a table, read in the framework's own checks.",
      '학습이 시작하자마자 멈춥니다. 클러스터에서는 대기열을 기다리고 모델까지 불러온 뒤인 경우가 많습니다. 각 사례는 프레임워크의 검사 코드에서 확인해 표로 정리한 것입니다.',
    ),
    bad: [
      example(
        'torchtune',
        'full.yaml',
        'Clipping with an optimizer inside the backward pass',
        '역전파 중에 갱신하면서 클리핑',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
optimizer_in_bwd: true
clip_grad_norm: 1.0
batch_size: 2
epochs: 1
`,
        ['optimizer_in_bwd: true', 'optimizer_in_bwd: false'],
      ),
      example(
        'hf-trainer',
        'train.yaml',
        'The best model, without evaluation',
        '평가 없이 최고 모델 불러오기',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
save_strategy: epoch
load_best_model_at_end: true
`,
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'Evaluate and save by the same strategy',
        '같은 전략으로 평가하고 저장',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
eval_strategy: epoch
save_strategy: epoch
load_best_model_at_end: true
`,
      ),
    ],
  },
  check: (file) => conflictFindings(file, 'conflicting-settings'),
};
