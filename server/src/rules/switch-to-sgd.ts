import { limit } from '../knowledge/limits.ts';
import { switchingAdvice } from '../run/switching.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { durationText } from './support/duration.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { knownOptimizer } from './support/optimizers.ts';

export const switchToSgd: Rule = {
  scope: 'run',
  meta: {
    id: 'switch-to-sgd',
    category: 'optimizer',
    severity: 'hint',
    fix: 'none',
    since: '0.1.0',
    sources: ['optimizer-switching/adam-to-sgd', 'principles/final-polish'],
    what: text('A long run of a CNN on Adam alone.', 'CNN을 Adam만으로 길게 학습하는 경우입니다.'),
    why: text(
      'Adam reaches a good region quickly; SGD with momentum then generalises better from there. Switching when the validation loss begins to stall keeps both. It takes a second run or code of your own, so there is no fix; `trainlint switch` (in the editor: the panel of the sanity run) tries it on the proxy and says with which settings.',
      'Adam은 좋은 영역에 빠르게 도달하고, 그 뒤에는 SGD + Momentum의 일반화가 더 좋습니다. 검증 손실이 정체되기 시작할 때 전환하면 두 장점을 모두 얻습니다. 두 번째 학습이나 직접 작성한 코드가 필요하므로 자동 수정은 없습니다. `trainlint switch`(편집기에서는 학습 점검 패널)로 대리 모델에서 먼저 시험하고 설정값을 확인할 수 있습니다.',
    ),
    bad: [
      example(
        'generic',
        'resnet.yaml',
        'Two hundred epochs of Adam on a ResNet',
        'ResNet을 Adam으로 200에폭 학습',
        `
# trainlint: architecture=resnet domain=cv-cnn
optimizer: adam
learning_rate: 0.001
batch_size: 256
epochs: 200
scheduler: cosine
`,
      ),
    ],
    good: [
      example(
        'generic',
        'resnet.yaml',
        'SGD with momentum throughout',
        '처음부터 SGD + Momentum',
        `
# trainlint: architecture=resnet domain=cv-cnn
optimizer: sgd
momentum: 0.9
learning_rate: 0.1
batch_size: 256
epochs: 200
scheduler: cosine
`,
      ),
    ],
  },
  check: (run) => {
    const row = switchingAdvice(run);
    if (!row) return [];
    // With the goal stated, optimizer-goal says more.
    if (knownOptimizer(run) !== 'adam' || isStated(run, 'goal')) return [];
    const epochs = valueOf(run, 'epochs');
    if (epochs === undefined)
      return cannotTell('the length of the run is not known', '학습 길이를 알 수 없습니다');
    if (epochs < limit('switching-epochs')) return [];
    return [
      finding(
        spanOf(run, 'optimizer'),
        text(
          `Adam trains this CNN for ${durationText(run)?.en}. Finishing with SGD + Momentum usually generalises better (Keskar & Socher 2017; preference tables 6.4.2). Switch when the validation loss stalls; "trainlint switch" tries it on the proxy.`,
          `이 CNN을 Adam만으로 ${durationText(run)?.ko} 동안 학습합니다. 마지막을 SGD + Momentum으로 마치면 일반화가 보통 더 좋습니다(Keskar & Socher 2017, 선호도 표 6.4.2). 검증 손실이 정체되면 전환하세요. "trainlint switch"로 대리 모델에서 먼저 시험할 수 있습니다.`,
        ),
        { evidence: [`optimizer-switching/${row.id}`], data: { epochs } },
      ),
    ];
  },
};
