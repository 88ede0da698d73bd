import { type OptimizerId, severities } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import { optimizerByFrameworkName } from '../knowledge/optimizers.ts';
import type { Situation } from '../knowledge/situations.ts';
import { symptomById } from '../knowledge/symptoms.ts';
import { withParticle } from '../korean.ts';
import type { Change } from '../run/change.ts';
import { settingOf, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import { type CannotTell, cannotTell, type Finding, type Rule } from './rule.ts';
import { setLearningRate } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { devicesUnknown } from './support/devices.ts';
import { example } from './support/example.ts';
import { goalRange, highestPublished, searchRange } from './support/fallback-rate.ts';
import { finding, sentences } from './support/findings.ts';
import { formatNumber, formatRange, formatTimes, roundForConfig } from './support/numbers.ts';
import { isSgdLike, optimizerName, optimizerOf } from './support/optimizers.ts';
import { likelyRate, type UsualRate, usualRate } from './support/usual-rate.ts';

export const lrRange: Rule = {
  scope: 'run',
  meta: {
    id: 'lr-range',
    category: 'learning-rate',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['situations', 'architecture-preferences', 'symptoms/loss-divergence'],
    what: text(
      'A learning rate far from what is in use for the architecture, the way it is trained, and the batch.',
      '아키텍처와 학습 방식, 배치 크기에 비해 보통 쓰는 값에서 크게 벗어난 학습률입니다.',
    ),
    why: text(
      'No setting matters more. Ten times too high and the loss diverges or settles far above what is possible; thirty times too low and the run is wasted. What is right depends on the situation: 2e-4 is usual for LoRA and ten times too much for tuning all weights. The rule compares with the rows that fit what is known of the run, widens the range for everything that is not known, and is silent where a rate means something else (Noam, Adadelta, Prodigy, D-Adaptation).',
      '학습률은 결과에 가장 큰 영향을 주는 설정입니다. 10배 크면 손실이 발산하거나 가능한 수준보다 훨씬 높은 곳에 머물고, 30배 작으면 학습이 헛수고가 됩니다. 알맞은 값은 상황에 따라 다릅니다. 2e-4는 LoRA에는 보통이지만 전체 가중치 파인튜닝에는 10배 큽니다. 파일에서 알 수 있는 사실에 맞는 항목과 비교하고, 알 수 없는 것은 범위를 넓혀 판단합니다. 학습률의 뜻이 다른 경우(Noam, Adadelta, Prodigy, D-Adaptation)에는 알리지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'A rate for training from scratch, given to BERT',
        '처음부터 학습할 때의 값을 BERT에 쓴 경우',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 1.0e-2
warmup_ratio: 0.1
weight_decay: 0.01
per_device_train_batch_size: 32
num_train_epochs: 3
`,
        ['learning_rate: 1.0e-2', 'learning_rate: 2.0e-5'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'The rate of the BERT authors',
        'BERT 저자들이 쓴 학습률',
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
      example(
        'llama-factory',
        'lora.yaml',
        '2e-4 is usual for LoRA',
        '2e-4는 LoRA에 보통인 값',
        `
model_name_or_path: meta-llama/Meta-Llama-3-8B-Instruct
stage: sft
finetuning_type: lora
lora_rank: 8
template: llama3
output_dir: out
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
learning_rate: 2.0e-4
num_train_epochs: 3.0
lr_scheduler_type: cosine
warmup_ratio: 0.1
bf16: true
`,
      ),
    ],
  },
  check: (run, file) => {
    const rate = valueOf(run, 'learningRate');
    if (rate === undefined) return cannotTell('the learning rate is not known', '학습률을 알 수 없습니다');
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    if (rate <= 0) return [];
    if (valueOf(run, 'schedule') === 'noam')
      return cannotTell(
        'with the Noam schedule the learning rate is a multiplier',
        'Noam 스케줄에서는 학습률이 배율입니다',
      );
    if (rateIsMultiplier(valueOf(run, 'optimizer')))
      return cannotTell('this optimizer finds its own rate', '이 옵티마이저는 학습률을 스스로 정합니다');
    const widest = usualRate(run, optimizer);
    if (!widest) return beyondSearch(run, optimizer, rate);
    const certain = judge(rate, widest);
    const likely = likelyRate(run, optimizer) ?? widest;
    // The peak of one-cycle is a maximum that is only passed through.
    const passing = valueOf(run, 'schedule') === 'one-cycle' ? limit('learning-rate-strong-factor') : 1;
    if (rate > widest.high && rate <= widest.high * passing) return [];
    const guess = milder(judge(rate, likely), rate, likely);
    const found = graver(certain, guess);
    if (!found) return [];
    const usual = found === certain ? widest : likely;
    const above = rate > usual.high;
    const edge = edgeOf(usual, above);
    const spread = above && devicesUnknown(run, file) && rate <= usual.high * overDevices(edge);
    const severity = spread ? 'hint' : found;
    const origin = originOf(run);
    const times = formatTimes(above ? rate / usual.high : usual.low / rate);
    const range = formatRange(roundForConfig(usual.low), roundForConfig(usual.high));
    const source = cite(edge?.sources ?? []);
    const better = formatNumber(roundForConfig(usual.typical));
    return [
      finding(
        spanOf(run, 'learningRate', 'optimizer'),
        sentences(
          above
            ? text(
                `The learning rate is ${formatNumber(rate)}${origin.en}, ${times.en} the usual maximum.`,
                `학습률이 ${formatNumber(rate)}${origin.ko}, 보통 최댓값의 ${times.ko}입니다.`,
              )
            : text(
                `The learning rate is ${formatNumber(rate)}${origin.en}, ${times.en} below the usual minimum.`,
                `학습률이 ${formatNumber(rate)}${origin.ko}, 보통 최솟값의 1/${times.ko.replace('배', '')}입니다.`,
              ),
          text(
            `Usual is ${range.en} (${situationText(usual, edge).en}; ${source.en}).`,
            `보통 ${range.ko} 범위를 씁니다(${situationText(usual, edge).ko}, ${source.ko}).`,
          ),
          ...(spread
            ? [
                text(
                  'That counts one device; over a node of them the batch may carry it.',
                  '장치 1개 기준이며, 한 노드의 여러 장치로 나눠 학습하면 이 값도 쓰입니다.',
                ),
              ]
            : []),
          text(`Try ${better}.`, `${withParticle(better, '으로/로')} 시도해 보세요.`),
        ),
        {
          severity,
          evidence: usual.situations.map(({ id }) => `situations/${id}`),
          changes: [setLearningRate(usual.typical), ...tenth(rate, usual)],
          data: {
            learningRate: rate,
            usual: [usual.low, usual.high],
            extremes: [usual.lowest, usual.highest],
          },
        },
      ),
    ];
  },
};

function judge(rate: number, usual: UsualRate): 'warning' | 'information' | 'hint' | undefined {
  if (rate > usual.highest) return 'warning';
  if (rate < usual.lowest) return 'information';
  const slack = limit('learning-rate-weak-factor');
  if (rate > usual.high * slack) return 'information';
  return rate < usual.low / slack ? 'hint' : undefined;
}

/** A finding that rests on the likeliest situation only. */
function milder(severity: ReturnType<typeof judge>, rate: number, likely: UsualRate): typeof severity {
  if (severity === 'warning' && rate >= likely.highest * limit('learning-rate-strong-factor'))
    return severity;
  return severity === 'warning' ? 'information' : severity;
}

/** ` (default of timm)` for a rate that the file does not say. */
function originOf(run: TrainingRun): Text {
  const setting = settingOf(run, 'learningRate');
  if (setting?.from !== 'default' || !setting.why) return text('', '');
  return text(` (${setting.why.en})`, ` (${setting.why.ko})`);
}

function graver(a: ReturnType<typeof judge>, b: ReturnType<typeof judge>): ReturnType<typeof judge> {
  if (!a || !b) return a ?? b;
  return severities.indexOf(a) <= severities.indexOf(b) ? a : b;
}

/** Where no situation of the tables fits: far above what the stated goal, or anybody's search, takes. */
function beyondSearch(
  run: TrainingRun,
  optimizer: OptimizerId,
  rate: number,
): readonly Finding[] | CannotTell {
  const range = goalRange(run, optimizer) ?? searchRange(run, optimizer);
  // Rates of SGD spread wider than those of Adam.
  const slack = limit(isSgdLike(optimizer) ? 'learning-rate-strong-factor' : 'learning-rate-weak-factor');
  if (range && rate <= range.high * slack) return beyondAnything(run, optimizer, rate);
  if (!range)
    return cannotTell(
      'the tables hold no learning rates for this situation',
      '이 상황의 학습률이 표에 없습니다',
    );
  const shown = formatRange(range.low, range.high);
  return [
    finding(
      spanOf(run, 'learningRate', 'optimizer'),
      text(
        `The learning rate is ${formatNumber(rate)}. Usual is ${shown.en} (${range.of.en}). Lower it.`,
        `학습률이 ${formatNumber(rate)}입니다. 보통 ${shown.ko} 범위를 씁니다(${range.of.ko}). 낮추세요.`,
      ),
      {
        severity: 'information',
        evidence: [range.row],
        changes: [setLearningRate(Math.max(range.low, Math.min(range.high, rate * divergenceFactor())))],
        data: { learningRate: rate, usual: [range.low, range.high] },
      },
    ),
  ];
}

/** Where nothing is known of what is trained: above whatever the tables know anybody to train with. */
function beyondAnything(
  run: TrainingRun,
  optimizer: OptimizerId,
  rate: number,
): readonly Finding[] | CannotTell {
  const top = highestPublished(optimizer);
  if (!top || isSgdLike(optimizer) || rate <= top.rate)
    return cannotTell(
      'the tables hold no learning rates for this situation',
      '이 상황의 학습률이 표에 없습니다',
    );
  const [name, most] = [optimizerName(optimizer), formatNumber(top.rate)];
  return [
    finding(
      spanOf(run, 'learningRate', 'optimizer'),
      text(
        `The learning rate is ${formatNumber(rate)}. No published run in the tables trains ${name} at more than ${most}, whatever the model. Lower it.`,
        `학습률이 ${formatNumber(rate)}입니다. 표에 있는 공개 학습 중 ${withParticle(name, '을/를')} ${most}보다 높은 학습률로 쓴 예는 모델을 막론하고 없습니다. 낮추세요.`,
      ),
      {
        severity: 'information',
        evidence: [top.row],
        changes: [setLearningRate(rate * divergenceFactor())],
        data: { learningRate: rate, highest: top.rate },
      },
    ),
  ];
}

function rateIsMultiplier(name: string | undefined): boolean {
  return name !== undefined && optimizerByFrameworkName(name)?.learningRateIsMultiplier === true;
}

/** The situation that reaches farthest towards the rate: the one it comes nearest to belonging to. */
function edgeOf({ situations }: UsualRate, above: boolean): Situation | undefined {
  const reach = ({ learningRate: { usual } }: Situation) => (above ? usual.high : -usual.low);
  return [...situations].sort((a, b) => reach(b) - reach(a))[0];
}

/** What a node of devices may do to a rate of the row. */
function overDevices(row: Situation | undefined): number {
  const devices = limit('devices-of-a-node');
  if (!row || row.scaling === 'none') return 1;
  return row.scaling === 'linear' ? devices : Math.sqrt(devices);
}

function situationText(usual: UsualRate, edge: Situation | undefined): Text {
  if (!edge) return text('this run', '이 학습');
  return usual.situations.length === 1
    ? edge.title
    : text(`${edge.title.en}, and similar runs`, `${edge.title.ko} 등`);
}

/** A tenth of a rate that is too high, where that is in use. */
function tenth(rate: number, usual: UsualRate): readonly Change[] {
  const lowered = rate * divergenceFactor();
  return rate > usual.high && lowered <= usual.high && lowered >= usual.low ? [setLearningRate(lowered)] : [];
}

/** What the table of symptoms does to a rate that makes the loss diverge. */
function divergenceFactor(): number {
  const { change } = symptomById('loss-divergence');
  return change?.kind === 'scale' ? change.factor : 0.1;
}
