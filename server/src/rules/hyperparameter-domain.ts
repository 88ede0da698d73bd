import type { ConfigFile } from '../engine/config-file.ts';
import { isWithin, type NumericDomain, numericDomain, numericDomainTable } from '../knowledge/numbers.ts';
import { withParticle } from '../korean.ts';
import { type Change, set } from '../run/change.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Finding, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber } from './support/numbers.ts';
import { knownOptimizer } from './support/optimizers.ts';
import { usualFor } from './support/usual.ts';

/** Settings of the table that are fields of a run. */
const fields = {
  learningRate: 'learningRate',
  momentum: 'momentum',
  weightDecay: 'weightDecay',
  beta1: 'beta1',
  beta2: 'beta2',
  epsilon: 'eps',
} as const;
type Setting = keyof typeof fields;

export const hyperparameterDomain: Rule = {
  scope: 'run',
  meta: {
    id: 'hyperparameter-domain',
    category: 'optimizer',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['numeric-domains', 'torch/optim/adam.py', 'torch/optim/sgd.py'],
    what: text(
      "A hyperparameter outside the range the optimizer's constructor accepts, or that its arithmetic bears.",
      '옵티마이저의 생성자가 받지 않거나 수식상 성립하지 않는 하이퍼파라미터입니다.',
    ),
    why: text(
      'A negative rate, a β of 1 or more, a negative weight decay: PyTorch refuses each with a ValueError. A momentum of 1 or more it accepts, but the velocity then never forgets and grows with every step.',
      '음수 학습률, 1 이상의 β, 음수 가중치 감쇠는 PyTorch가 ValueError로 거부합니다. 1 이상의 모멘텀은 받아 주지만 속도가 과거를 잊지 못하고 스텝마다 커집니다.',
    ),
    bad: [
      example(
        'torchtune',
        'full.yaml',
        'A negative weight decay',
        '음수 가중치 감쇠',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
  weight_decay: -0.01
batch_size: 2
epochs: 1
`,
        ['weight_decay: -0.01', 'weight_decay: 0.01'],
      ),
      example(
        'hf-trainer',
        'train.yaml',
        'β₂ of 1',
        'β₂가 1인 경우',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
optim: adamw_torch
adam_beta2: 1.0
`,
        ['adam_beta2: 1.0', 'adam_beta2: 0.999'],
      ),
      example(
        'generic',
        'train.yaml',
        'Momentum of 1',
        '모멘텀이 1인 경우',
        `
optimizer: sgd
learning_rate: 0.1
momentum: 1.0
batch_size: 256
epochs: 90
`,
        ['momentum: 1.0', 'momentum: 0.9'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'The usual βs',
        '보통의 β 값',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
optim: adamw_torch
adam_beta1: 0.9
adam_beta2: 0.95
`,
      ),
    ],
  },
  check: (run, file) => {
    const optimizer = knownOptimizer(run);
    const infinite = noNumbers(run, file);
    if (infinite.length > 0) return infinite;
    const domain = optimizer ? numericDomain(optimizer) : undefined;
    const row = domain ?? numericDomainTable.find(({ id }) => id === 'sgd');
    if (!row) return cannotTell('the table holds no domains', '표에 허용 범위가 없습니다');
    if (domain) return [...refused(run, row, true), ...unsound(run, domain)];
    const adam = numericDomain('adam');
    return [...refused(run, row, false), ...(adam ? refused(run, adam, false, ['beta1', 'beta2']) : [])];
  },
};

/** `.nan`, `.inf`, `1e400`: floats to the loader, and the end of the weights they meet. */
function noNumbers(run: TrainingRun, file: ConfigFile): readonly Finding[] {
  const view = file.views[run.root];
  return Object.entries(fields).flatMap(([setting, field]) => {
    const place = run.opaque.get(field);
    const loaded = place && view?.value(place.path);
    if (!place || loaded?.kind !== 'float' || Number.isFinite(loaded.value)) return [];
    const shown = Number.isNaN(loaded.value) ? 'NaN' : loaded.value > 0 ? '∞' : '-∞';
    return [
      finding(
        place.span,
        text(
          `${title(setting).en} is ${shown}: the first step turns every weight it meets into NaN. Write a number.`,
          `${title(setting).ko} 값이 ${shown}입니다. 첫 스텝에서 모든 가중치가 NaN이 됩니다. 수를 쓰세요.`,
        ),
        { evidence: ['numeric-domains'], data: { setting, value: shown } },
      ),
    ];
  });
}

/** A float as Python prints it: `-1e-05`, `1.0`. */
function asPython(value: number): string {
  const size = Math.abs(value);
  if (Number.isFinite(value) && value !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** What the constructor refuses. Of an unknown optimizer only what all of them refuse: a negative rate or decay, a β of 1. */
function refused(
  run: TrainingRun,
  row: NumericDomain,
  known: boolean,
  common: readonly string[] = ['learningRate', 'weightDecay'],
): readonly Finding[] {
  return row.parameters.flatMap(({ setting, allowed, message }) => {
    if (!known && !common.includes(setting)) return [];
    const value = statedValue(run, setting);
    if (value === undefined || isWithin(value, allowed)) return [];
    const field = fields[setting as Setting];
    const error = message.replace('{value}', asPython(value));
    const who = known ? row.constructor : 'PyTorch';
    return [
      finding(
        spanOf(run, field, 'optimizer'),
        text(
          `${title(setting).en} is ${formatNumber(value)}. ${who} stops with "${error}". ${better(run, setting, value).en}`,
          `${title(setting).ko} 값이 ${formatNumber(value)}입니다. ${withParticle(who, '은/는')} "${error}" 오류로 멈춥니다. ${better(run, setting, value).ko}`,
        ),
        {
          evidence: [`numeric-domains/${row.id}`],
          changes: changes(run, setting, value),
          data: { setting, value, allowed },
        },
      ),
    ];
  });
}

/** What the constructor accepts and the arithmetic does not bear. */
function unsound(run: TrainingRun, row: NumericDomain): readonly Finding[] {
  return row.accepted.flatMap(({ setting, sound, text: why }) => {
    const value = statedValue(run, setting);
    if (value === undefined || isWithin(value, sound)) return [];
    // A value the constructor refuses has been reported already.
    if (row.parameters.some((one) => one.setting === setting && !isWithin(value, one.allowed))) return [];
    const field = fields[setting as Setting];
    return [
      finding(
        spanOf(run, field, 'optimizer'),
        text(
          `${title(setting).en} is ${formatNumber(value)}. ${why.en} ${better(run, setting, value).en}`,
          `${title(setting).ko} 값이 ${formatNumber(value)}입니다. ${why.ko} ${better(run, setting, value).ko}`,
        ),
        {
          evidence: [`numeric-domains/${row.id}`],
          changes: changes(run, setting, value),
          data: { setting, value, sound },
        },
      ),
    ];
  });
}

function statedValue(run: TrainingRun, setting: string): number | undefined {
  const field = setting in fields ? fields[setting as Setting] : undefined;
  return field && isStated(run, field) ? valueOf(run, field) : undefined;
}

const titles: Readonly<Record<Setting, { en: string; ko: string }>> = {
  learningRate: { en: 'The learning rate', ko: '학습률' },
  momentum: { en: 'Momentum', ko: '모멘텀' },
  weightDecay: { en: 'Weight decay', ko: '가중치 감쇠' },
  beta1: { en: 'β₁', ko: 'β₁' },
  beta2: { en: 'β₂', ko: 'β₂' },
  epsilon: { en: 'Epsilon', ko: '엡실론' },
};

function title(setting: string) {
  return titles[setting as Setting];
}

function usualValue(run: TrainingRun, setting: string): number | undefined {
  switch (setting) {
    case 'momentum':
    case 'weightDecay':
    case 'beta1':
    case 'beta2':
    case 'epsilon':
      return usualFor(run, setting)?.typical;
    default:
      return undefined;
  }
}

function better(run: TrainingRun, setting: string, value: number): { en: string; ko: string } {
  if (isSignSlip(setting, value)) {
    const meant = formatNumber(-value);
    return { en: `Did you mean ${meant}?`, ko: `${withParticle(meant, '을/를')} 쓰려고 했나요?` };
  }
  const usual = usualValue(run, setting);
  if (usual === undefined) return { en: 'Use a positive value.', ko: '양수를 쓰세요.' };
  return { en: `Usual is ${formatNumber(usual)}.`, ko: `보통 값은 ${formatNumber(usual)}입니다.` };
}

function inSentence(name: string): string {
  return name.replace(/^The /, 'the ').replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

/** Whether the value would do without its minus sign. */
function isSignSlip(setting: string, value: number): boolean {
  return (setting === 'learningRate' || setting === 'weightDecay') && value < 0;
}

/** The usual value; for a rate or a decay with a stray minus sign, the value without it. */
function changes(run: TrainingRun, setting: string, value: number): readonly Change[] {
  const field = fields[setting as Setting];
  const better = isSignSlip(setting, value) ? -value : usualValue(run, setting);
  if (better === undefined) return [];
  const shown = formatNumber(better);
  const name = title(setting);
  return [
    {
      title: text(
        `Set ${inSentence(name.en)} to ${shown}`,
        `${name.ko} 값을 ${withParticle(shown, '으로/로')} 바꾸기`,
      ),
      safe: false,
      operations: [set(field, better)],
    },
  ];
}
