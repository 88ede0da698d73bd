import { architecturePreference } from '../knowledge/architectures.ts';
import { domainPreference } from '../knowledge/domains.ts';
import type { OptimizerId } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import type { Change } from '../run/change.ts';
import type { ScheduleKind } from '../run/fields.ts';
import { spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { warmUp, warmUpAndDecay, warmUpSteps } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount, formatPercent } from './support/numbers.ts';
import { isAdamLike, isSgdLike, optimizerOf } from './support/optimizers.ts';
import { unlessInferred } from './support/severity.ts';
import { usualById } from './support/usual.ts';

export const warmupMissing: Rule = {
  scope: 'run',
  meta: {
    id: 'warmup-missing',
    category: 'schedule',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: [
      'architecture-preferences/bert',
      'domain-preferences',
      'symptoms/early-instability',
      'limits/warmup-large-batch',
    ],
    what: text(
      'A transformer trained by Adam or AdamW, or a large batch trained by SGD, without warm-up.',
      'Adam이나 AdamW로 학습하는 트랜스포머, 또는 큰 배치의 SGD 학습에 워밍업이 없는 경우입니다.',
    ),
    why: text(
      "Adam's second moment is a guess during the first steps, and attention layers amplify a wrong one: the run spikes, or ends worse without a visible spike. A linear warm-up over the first steps mends both. RAdam corrects for this itself, LoRA adapters start from zero, and preference tuning and RL run at rates too small to need it: there the rule says less or nothing.",
      'Adam의 2차 모멘트는 처음 몇 스텝 동안 부정확하고, 어텐션 층이 그 오차를 키웁니다. 손실이 튀거나, 튀지 않더라도 최종 성능이 나빠집니다. 초반에 선형 워밍업을 두면 해결됩니다. RAdam은 이를 스스로 보정하고, LoRA 어댑터는 0에서 시작하며, 선호 학습과 강화학습은 학습률이 작아 영향이 적습니다. 그런 경우에는 약하게 알리거나 알리지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'BERT at full rate from the first step',
        '첫 스텝부터 최고 학습률로 학습하는 BERT',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
lr_scheduler_type: linear
warmup_steps: 0
weight_decay: 0.01
per_device_train_batch_size: 32
num_train_epochs: 3
`,
        ['warmup_steps: 0', 'warmup_ratio: 0.1'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'finetune.yaml',
        'A tenth of the steps, as the BERT authors do',
        'BERT 저자들처럼 전체 스텝의 10%를 워밍업',
        `
model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
lr_scheduler_type: linear
warmup_ratio: 0.1
weight_decay: 0.01
per_device_train_batch_size: 32
num_train_epochs: 3
`,
      ),
    ],
  },
  check: (run) => {
    const amount = warmupAmount(run);
    if (amount === undefined) return cannotTell('the warm-up is not known', '워밍업 길이를 알 수 없습니다');
    const schedule = valueOf(run, 'schedule');
    if (amount > 0 || schedule === 'one-cycle' || schedule === 'noam' || schedule === 'other') return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const need = needOf(run, optimizer);
    if (!need) return [];
    const share = formatPercent(need.ratio);
    const stated = run.settings.warmupSteps?.from !== 'inferred';
    return [
      finding(
        spanOf(run, 'warmupRatio', 'warmupSteps', 'warmupEpochs', 'schedule', 'learningRate', 'optimizer'),
        text(
          `${stated ? 'There is no warm-up' : 'No warm-up is set'}. ${need.who.en} usually warm up (${need.source.en}). Warm up over ${share} of the steps${stated ? '' : ', unless your code does'}.`,
          `${stated ? '워밍업이 없습니다' : '워밍업 설정이 없습니다'}. ${need.who.ko}에서는 보통 워밍업을 둡니다(${need.source.ko}). ${stated ? '' : '코드에 워밍업이 없다면 '}전체 스텝의 ${share} 동안 워밍업하세요.`,
        ),
        {
          severity: unlessInferred(run, need.severity, 'warmupSteps', 'schedule'),
          evidence: [need.row, 'symptoms/early-instability'],
          changes: [
            warmUp(need.ratio),
            ...(schedule === 'constant' ? [warmUpAndDecay(need.ratio, 'cosine')] : []),
            ...stepwise(schedule),
          ],
          data: { warmup: 0, usual: need.ratio },
        },
      ),
    ];
  },
};

function stepwise(schedule: ScheduleKind | undefined): Change[] {
  const steps = usualById('warmup-steps-length-unknown').typical;
  return schedule === 'constant' ? [warmUpSteps(steps), warmUpSteps(steps, 'cosine')] : [warmUpSteps(steps)];
}

/** Warm-up in whichever unit is known; only zero or not matters here. */
function warmupAmount(run: TrainingRun): number | undefined {
  for (const field of ['warmupSteps', 'warmupRatio', 'warmupEpochs'] as const)
    if (run.opaque.has(field)) return undefined;
  return valueOf(run, 'warmupSteps') ?? valueOf(run, 'warmupRatio') ?? valueOf(run, 'warmupEpochs');
}

interface Need {
  readonly who: Text;
  readonly source: Text;
  readonly row: string;
  readonly ratio: number;
  readonly severity: 'warning' | 'information' | 'hint';
}

function needOf(run: TrainingRun, optimizer: OptimizerId): Need | undefined {
  if (isSgdLike(optimizer)) return largeBatchNeed(run);
  if (!isAdamLike(optimizer) || optimizer === 'radam' || optimizer === 'ranger') return undefined;
  const objective = valueOf(run, 'objective');
  if (objective === 'preference' || objective === 'online-rl' || objective === 'reward-model')
    return undefined;
  const method = valueOf(run, 'method');
  if (method === 'prompt' || method === 'freeze') return undefined;
  const pretrains = objective === 'pretraining' || objective === 'masked-lm';
  const scratch = valueOf(run, 'fromScratch') === true || pretrains;
  const fromNothing = valueOf(run, 'fromScratch') === true;
  // Whether a pretraining that goes on from a checkpoint warms up again is a matter of its recipe.
  if (pretrains && valueOf(run, 'fromScratch') === false) return undefined;
  const severity = method === 'lora' || method === 'qlora' ? 'hint' : fromNothing ? 'warning' : 'information';
  const ratio = scratch ? limit('warmup-pretraining-fraction') : usualById('warmup-fraction').typical;
  const architecture = valueOf(run, 'architecture');
  if (architecture) {
    const row = architecturePreference(architecture);
    if (row.facts.warmup)
      return {
        who: text(`${row.name} models`, `${row.name} 모델`),
        source: cite(row.sources),
        row: `architecture-preferences/${architecture}`,
        ratio: row.facts.warmup.fraction ?? ratio,
        severity,
      };
  }
  const domain = valueOf(run, 'domain');
  // A domain's habit does not carry over to an architecture of another kind (an LSTM in language work).
  if (!domain || (architecture && !architecturePreference(architecture).domains.includes(domain)))
    return undefined;
  const preference = domainPreference(domain);
  if (!preference.schedule.warmup) return undefined;
  return {
    who: domainSubject[domain] ?? preference.name,
    source: cite(preference.schedule.sources),
    row: `domain-preferences/${domain}`,
    ratio,
    severity,
  };
}

/** Domains as the subject of a sentence. */
const domainSubject: Readonly<Record<string, Text>> = {
  'cv-vit': text('Vision transformers', '비전 트랜스포머'),
  nlp: text('Language models', '언어 모델'),
  llm: text('Large language models', '대규모 언어 모델'),
  'timeseries-transformer': text('Time-series transformers', '시계열 트랜스포머'),
};

function largeBatchNeed(run: TrainingRun): Need | undefined {
  const batch = valueOf(run, 'globalBatch');
  const large = limit('warmup-large-batch');
  if (batch === undefined || batch < large) return undefined;
  return {
    who: text(
      `SGD runs at batches of ${formatCount(large)} and more (here ${formatCount(batch)})`,
      `배치 ${formatCount(large)} 이상(현재 ${formatCount(batch)})의 SGD 학습`,
    ),
    source: text('Goyal et al. 2017', 'Goyal et al. 2017'),
    row: 'limits/warmup-large-batch',
    ratio: usualById('warmup-fraction').typical,
    severity: 'information',
  };
}
