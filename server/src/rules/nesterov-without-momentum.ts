import { numericDomain } from '../knowledge/numbers.ts';
import { set } from '../run/change.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { setMomentum } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { isSgdLike, optimizerOf } from './support/optimizers.ts';
import { usualById } from './support/usual.ts';

export const nesterovWithoutMomentum: Rule = {
  scope: 'run',
  meta: {
    id: 'nesterov-without-momentum',
    category: 'optimizer',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['numeric-domains/sgd', 'torch/optim/sgd.py'],
    what: text(
      'Nesterov momentum switched on with a momentum of 0.',
      '모멘텀이 0인데 네스테로프 모멘텀을 켠 경우입니다.',
    ),
    why: text(
      'Nesterov looks ahead along the momentum; without any there is nowhere to look, and torch.optim.SGD refuses to start.',
      '네스테로프는 모멘텀 방향을 미리 내다보는 방법입니다. 모멘텀이 없으면 내다볼 방향이 없어 torch.optim.SGD가 시작을 거부합니다.',
    ),
    bad: [
      example(
        'generic',
        'train.yaml',
        'Nesterov without momentum',
        '모멘텀 없는 네스테로프',
        `
optimizer: sgd
learning_rate: 0.1
momentum: 0
nesterov: true
batch_size: 256
epochs: 90
`,
        ['momentum: 0\n', 'momentum: 0.9\n'],
      ),
    ],
    good: [
      example(
        'generic',
        'train.yaml',
        'With momentum 0.9',
        '모멘텀 0.9와 함께',
        `
optimizer: sgd
learning_rate: 0.1
momentum: 0.9
nesterov: true
batch_size: 256
epochs: 90
`,
      ),
    ],
  },
  check: (run) => {
    if (valueOf(run, 'nesterov') !== true || !isStated(run, 'nesterov')) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    if (!isSgdLike(optimizer)) return [];
    const momentum = valueOf(run, 'momentum');
    if (momentum === undefined) return cannotTell('momentum is not known', '모멘텀을 알 수 없습니다');
    if (momentum > 0) return [];
    const refusal = numericDomain(optimizer)?.combinations.find(({ id }) => id === 'nesterov-needs-momentum');
    const { typical } = usualById('momentum');
    return [
      finding(
        spanOf(run, 'nesterov', 'momentum'),
        text(
          `Nesterov is on and momentum is 0. torch.optim.SGD stops with "${refusal?.message ?? 'Nesterov momentum requires a momentum'}". Set momentum to ${typical}, or switch Nesterov off.`,
          `네스테로프가 켜져 있는데 모멘텀이 0입니다. torch.optim.SGD는 "${refusal?.message ?? 'Nesterov momentum requires a momentum'}" 오류로 멈춥니다. 모멘텀을 ${typical}로 두거나 네스테로프를 끄세요.`,
        ),
        {
          severity: isStated(run, 'momentum') ? 'error' : 'warning',
          evidence: ['numeric-domains/sgd'],
          changes: [
            setMomentum(typical),
            {
              title: text('Switch Nesterov off', '네스테로프 끄기'),
              safe: false,
              operations: [set('nesterov', false)],
            },
          ],
        },
      ),
    ];
  },
};
