import type { ConfigFile } from '../engine/config-file.ts';
import type { OptimizerId } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import { optimizerById } from '../knowledge/optimizers.ts';
import { spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import { cannotTell, type Finding, type Rule } from './rule.ts';
import { setWeightDecay } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, formatRange } from './support/numbers.ts';
import { isSgdLike, optimizerOf, spelledOptimizer, spokenName } from './support/optimizers.ts';
import { type Usual, usualFor } from './support/usual.ts';

export const weightDecayRange: Rule = {
  scope: 'run',
  meta: {
    id: 'weight-decay-range',
    category: 'regularisation',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: [
      'usual-values/weight-decay-adamw',
      'usual-values/weight-decay-sgd',
      'tuning-order/weight-decay',
      'symptoms/overfitting',
    ],
    what: text(
      'Weight decay that is far too strong for its optimizer, or missing where AdamW is meant to have it.',
      '가중치 감쇠가 옵티마이저에 비해 너무 크거나, AdamW에 빠져 있는 경우입니다.',
    ),
    why: text(
      'AdamW shrinks weights by rate times decay each step and usually gets 0.01 to 0.1; without it, it is plain Adam. In SGD and Adam the same key adds L2 to the gradient, where 1e-4 is usual and 0.1 drags the weights to zero. LoRA adapters usually train without decay and are left alone.',
      'AdamW는 스텝마다 학습률 × 감쇠만큼 가중치를 줄이며 보통 0.01~0.1을 씁니다. 0이면 일반 Adam과 같습니다. SGD와 Adam에서는 같은 키가 그래디언트에 L2를 더하므로 1e-4 정도가 보통이고, 0.1이면 가중치가 0으로 끌려갑니다. LoRA 어댑터는 보통 감쇠 없이 학습하므로 알리지 않습니다.',
    ),
    bad: [
      example(
        'ultralytics',
        'args.yaml',
        'A decay for AdamW given to SGD',
        'AdamW용 감쇠를 SGD에 쓴 경우',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
weight_decay: 0.1
`,
        ['weight_decay: 0.1', 'weight_decay: 5.0e-4'],
      ),
      example(
        'hf-trainer',
        'finetune.yaml',
        'AdamW without any decay',
        '감쇠가 전혀 없는 AdamW',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
warmup_ratio: 0.1
weight_decay: 0.0
per_device_train_batch_size: 32
num_train_epochs: 3
`,
        ['weight_decay: 0.0', 'weight_decay: 0.01'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'The decay of the BERT authors',
        'BERT 저자들이 쓴 감쇠',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
warmup_ratio: 0.1
weight_decay: 0.01
per_device_train_batch_size: 32
num_train_epochs: 3
`,
      ),
    ],
  },
  check: (run, file) => {
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const decay = valueOf(run, 'weightDecay');
    if (decay === undefined) return cannotTell('weight decay is not known', '가중치 감쇠를 알 수 없습니다');
    const usual = usualFor(run, 'weightDecay', file.dialect.id);
    if (!usual)
      return cannotTell(
        'the tables hold no weight decay for this optimizer',
        '이 옵티마이저의 가중치 감쇠가 표에 없습니다',
      );
    if (decay < 0) return [];
    if (decay === 0) return optimizer === 'adamw' ? missing(run, usual, file) : [];
    if (optimizer === 'adamw' && isTransformer(run) && decay < usual.low / limit('weight-decay-low-divisor'))
      return tooWeak(run, decay, usual, file);
    return decay > usual.highest ? [tooStrong(run, optimizer, decay, usual)] : [];
  },
};

/** Architectures whose recipes agree on a decay; detectors and restoration networks do with 1e-4. */
function isTransformer(run: TrainingRun): boolean {
  return ['vit', 'bert', 'gpt'].includes(valueOf(run, 'architecture') ?? '');
}

function decayIsUsual(run: TrainingRun): boolean {
  const objective = valueOf(run, 'objective');
  const method = valueOf(run, 'method');
  return (
    (method === undefined || method === 'full') &&
    (objective === undefined ||
      objective === 'supervised' ||
      objective === 'denoising' ||
      objective === 'pretraining') &&
    !valueOf(run, 'domain')?.startsWith('rl-')
  );
}

/** AdamW by the name the file gives it: `Adam` in DeepSpeed and fairseq decays as AdamW does. */
function decoupledName(run: TrainingRun, file: ConfigFile): Text {
  const spelled = spelledOptimizer(run, file);
  if (spelled === undefined || /adam_?w/i.test(spelled)) return text('AdamW', 'AdamW');
  return text(
    `\`${spelled}\`, which is AdamW in ${file.dialect.name},`,
    `\`${spelled}\`(${file.dialect.name}에서는 AdamW)`,
  );
}

function tooWeak(run: TrainingRun, decay: number, usual: Usual, file: ConfigFile): readonly Finding[] {
  if (!decayIsUsual(run)) return [];
  const name = decoupledName(run, file);
  const range = formatRange(usual.low, usual.high);
  const source = cite(usual.row.sources);
  return [
    finding(
      spanOf(run, 'weightDecay', 'optimizer'),
      text(
        `Weight decay is ${formatNumber(decay)}, which does next to nothing in ${name.en.replace(/,$/, '')}. Usual is ${range.en} (${source.en}). Raise it.`,
        `가중치 감쇠가 ${formatNumber(decay)}입니다. ${name.ko}에서는 거의 효과가 없는 값입니다. 보통 ${range.ko} 범위를 씁니다(${source.ko}). 올리세요.`,
      ),
      {
        severity: 'hint',
        evidence: [`usual-values/${usual.row.id}`],
        changes: [setWeightDecay(usual.typical)],
        data: { weightDecay: decay, usual: [usual.low, usual.high] },
      },
    ),
  ];
}

function missing(run: TrainingRun, usual: Usual, file: ConfigFile): readonly Finding[] {
  const objective = valueOf(run, 'objective');
  if (!decayIsUsual(run) || usual.typical === 0) return [];
  const range = formatRange(usual.low, usual.high);
  const source = cite(usual.row.sources);
  const shown = formatNumber(usual.typical);
  const name = decoupledName(run, file);
  return [
    finding(
      spanOf(run, 'weightDecay', 'optimizer'),
      text(
        `${name.en} runs without weight decay, so it is plain Adam. Usual is ${range.en} (${source.en}). Try ${shown}.`,
        `${name.ko}에 가중치 감쇠가 없어 일반 Adam과 같습니다. 보통 ${range.ko} 범위를 씁니다(${source.ko}). ${shown}부터 시도하세요.`,
      ),
      {
        severity: objective === 'pretraining' ? 'information' : 'hint',
        evidence: [`usual-values/${usual.row.id}`],
        changes: [setWeightDecay(usual.typical)],
        data: { weightDecay: 0, usual: [usual.low, usual.high] },
      },
    ),
  ];
}

function tooStrong(run: TrainingRun, optimizer: OptimizerId, decay: number, usual: Usual): Finding {
  const { decoupledWeightDecay } = optimizerById(optimizer);
  const name = spokenName(optimizer);
  const range = formatRange(usual.low, usual.high);
  const source = cite(usual.row.sources);
  const sgd = isSgdLike(optimizer);
  return finding(
    spanOf(run, 'weightDecay', 'optimizer'),
    decoupledWeightDecay || !sgd
      ? text(
          `Weight decay is ${formatNumber(decay)}. Usual for ${name} is ${range.en} (${source.en}). Lower it${decoupledWeightDecay ? '' : ', or use AdamW, where decay acts as meant'}.`,
          `가중치 감쇠가 ${formatNumber(decay)}입니다. ${name}에는 보통 ${range.ko} 범위를 씁니다(${source.ko}). ${decoupledWeightDecay ? '낮추세요' : '낮추거나, 감쇠가 의도대로 작동하는 AdamW를 쓰세요'}.`,
        )
      : text(
          `Weight decay is ${formatNumber(decay)}, which ${name} adds to the gradient as L2. Usual there is ${range.en} (${source.en}). Lower it, or the weights shrink to zero.`,
          `가중치 감쇠가 ${formatNumber(decay)}이고, ${name}에서는 이 값이 L2로 그래디언트에 더해집니다. 보통 ${range.ko} 범위를 씁니다(${source.ko}). 가중치가 0으로 끌려가지 않도록 낮추세요.`,
        ),
    {
      severity: sgd || decay >= 1 ? 'warning' : 'information',
      evidence: [`usual-values/${usual.row.id}`],
      changes: [setWeightDecay(sgd ? usual.high : usual.typical)],
      data: { weightDecay: decay, usual: [usual.low, usual.high] },
    },
  );
}
