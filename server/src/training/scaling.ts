import type { Clipping, DatasetSpec, OptimizerSpec, ProxyInfo } from '@trainlint/kernels';
import { architecturePreference } from '../knowledge/architectures.ts';
import { isArchitectureId } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import { withParticle } from '../korean.ts';
import { show } from '../number-text.ts';
import { methodOf, situationsOf } from '../run/situation.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { significant } from '../symptoms/statistics.ts';
import { type Text, text } from '../text.ts';
import { decaysByHorizon, isSgd } from './optimizer-spec.ts';
import { devicesKnown, referenceRate } from './reference-rate.ts';
import type { Scaling } from './types.ts';

/**
 * What published runs span is known to train: inside it a rate counts as at most twice the reference's and never as
 * less; below, it counts from the span's lower end; just above, as at most four times what the upper end allows.
 */
const spanned = { inside: 2, above: 4 };

function heldBySpan(
  plain: number,
  rate: number,
  usual: { readonly low: number; readonly high: number },
): number {
  if (rate < usual.low) return Math.min(1, Math.max(plain, rate / usual.low));
  if (rate > usual.high) return Math.min(plain, (spanned.above * rate) / usual.high);
  return Math.min(spanned.inside, Math.max(1, plain));
}

/**
 * Peak rate of the proxy: its tuned rate times r = lr_user / lr_ref · (B_ref / B_user)^k, with k = 1 for SGD
 * (Goyal et al. 2017) and 1/2 for adaptive optimizers (Malladi et al. 2022). The optimum and the stability limit move
 * together with a model's width (Yang et al. 2022), so the relative rate is what transfers.
 */
export function scaleRate(
  run: TrainingRun,
  optimizer: string,
  tuned: number,
  scaled: Scaling[],
  notes: Text[],
): number {
  const what = text('Learning rate', '학습률');
  const rate = valueOf(run, 'learningRate');
  if (rate === undefined) {
    notes.push(
      text(
        'The learning rate is not known; the reference rate stands in.',
        '학습률을 알 수 없어 기준 학습률로 대신합니다.',
      ),
    );
    scaled.push({
      what,
      from: undefined,
      to: significant(tuned),
      rule: text('reference rate', '기준 학습률'),
      source: 'proxies.json',
    });
    return tuned;
  }
  const unrelated = whyUnrelated(run);
  if (unrelated) {
    notes.push(unrelated);
    scaled.push({
      what,
      from: rate,
      to: significant(tuned),
      rule: text('reference rate', '기준 학습률'),
      source: 'proxies.json',
    });
    return tuned;
  }
  const reference = referenceRate(run, optimizer);
  const batch = valueOf(run, 'globalBatch');
  const corrects = reference.exponent > 0 && reference.batch !== undefined && batch !== undefined;
  const factor = corrects && devicesKnown(run) ? ((reference.batch ?? 1) / batch) ** reference.exponent : 1;
  if (corrects && !devicesKnown(run))
    notes.push(
      text(
        'The number of devices is not in the config, so the rate is not corrected for the batch.',
        '설정에 장치 수가 없어 배치 크기에 따른 학습률 보정은 하지 않았습니다.',
      ),
    );
  const assumed = assumedMethod(run);
  if (assumed) notes.push(assumed);
  const plain = (rate / reference.rate) * factor;
  const { usual } = reference;
  const relative = usual ? heldBySpan(plain, rate * factor, usual) : plain;
  const formula = `r = ${show(rate)} / ${show(reference.rate)}${factor === 1 ? '' : ` × (${show(reference.batch ?? 1, 4)} / ${batch})^${reference.exponent}`} = ${show(plain)}`;
  const held =
    relative === plain
      ? text('', '')
      : text(
          `, taken as ${show(relative)} since published runs span ${show(usual?.low ?? 0)} to ${show(usual?.high ?? 0)}`,
          `, 공개된 설정의 범위(${show(usual?.low ?? 0)}~${show(usual?.high ?? 0)})를 고려해 ${withParticle(show(relative), '으로/로')} 봄`,
        );
  scaled.push({
    what,
    from: rate,
    to: significant(tuned * relative),
    rule: text(
      `${formula}${held.en}, times the proxy's tuned ${show(tuned)} (reference: ${reference.what.en})`,
      `${formula}${held.ko}, 대리 모델의 조정된 학습률 ${show(tuned)}에 곱함 (기준: ${reference.what.ko})`,
    ),
    source: reference.source,
  });
  return tuned * relative;
}

/** What was taken for granted where rates depend on how the weights are trained and the config does not say it. */
function assumedMethod(run: TrainingRun): Text | undefined {
  if (methodOf(run) !== undefined || run.opaque.has('method')) return undefined;
  if (!situationsOf(run).some(({ methods }) => methods.includes('lora'))) return undefined;
  return text(
    'The config does not say how the weights are trained: all of them, it is assumed. Adapters such as LoRA take higher rates; `# trainlint: method=lora` says so.',
    '가중치를 어떻게 학습하는지 설정에 없어 전체 가중치를 학습한다고 보았습니다. LoRA 같은 어댑터라면 더 큰 학습률을 쓰며, `# trainlint: method=lora`로 알릴 수 있습니다.',
  );
}

/** Why a rate cannot be held against a usual one. */
function whyUnrelated(run: TrainingRun): Text | undefined {
  if (valueOf(run, 'schedule') === 'noam')
    return text(
      'With the Noam schedule the learning rate is a multiplier; the reference rate stands in.',
      'Noam 스케줄에서는 학습률이 배율이므로 기준 학습률로 대신합니다.',
    );
  if (valueOf(run, 'optimizer') === undefined)
    return text(
      'Without an optimizer the learning rate cannot be judged; the reference rate stands in.',
      '옵티마이저를 알 수 없어 학습률을 판단할 수 없습니다. 기준 학습률로 대신합니다.',
    );
  return undefined;
}

export function scaleBatch(run: TrainingRun, batch: number): Scaling {
  return {
    what: text('Batch size', '배치 크기'),
    from: valueOf(run, 'globalBatch') ?? valueOf(run, 'batchPerDevice'),
    to: batch,
    rule: text(
      "the proxy's own; yours enters through the learning rate",
      '대리 모델 고유값. 설정의 배치 크기는 학습률에 반영',
    ),
    source: 'Goyal et al. 2017; Malladi et al. 2022',
  };
}

/** A threshold on the norm is measured in the reference's own: their ratio is kept where the table knows it, else the value. */
export function scaleClipping(run: TrainingRun, info: ProxyInfo, scaled: Scaling[]): Clipping | undefined {
  const norm = valueOf(run, 'clipNorm');
  const value = valueOf(run, 'clipValue');
  const architecture = valueOf(run, 'architecture');
  const usual =
    architecture !== undefined && isArchitectureId(architecture)
      ? architecturePreference(architecture).facts.gradientClipping?.norm
      : undefined;
  const own = info.reference.clipping?.norm;
  const ratio = usual && own ? own / usual : 1;
  const clipping: Clipping = {
    ...(norm !== undefined && norm > 0 && { norm: norm * ratio }),
    ...(value !== undefined && value > 0 && { value }),
  };
  scaled.push({
    what: text('Gradient clipping', '그래디언트 클리핑'),
    from: norm ?? value,
    to: clipping.norm ?? clipping.value ?? 0,
    rule:
      ratio === 1
        ? text('unchanged', '그대로')
        : text(`relative to the usual norm ${usual}`, `일반적인 노름 ${usual}에 대한 비율`),
    source: ratio === 1 ? 'torch.nn.utils.clip_grad_norm_' : `architecture-preferences/${architecture}`,
  });
  return clipping.norm !== undefined || clipping.value !== undefined ? clipping : undefined;
}

interface DecayContext {
  readonly kind: string;
  readonly spec: OptimizerSpec;
  readonly peak: number;
  readonly steps: number;
  readonly horizonLimit: number;
  /** The proxy's own optimizer, for what the run does not say. */
  readonly reference: OptimizerSpec;
}

/**
 * Weight decay that forgets as much over the proxy's steps as the user's does over theirs: H = lr · wd · T is kept
 * (Wang and Aitchison 2024), over 1 − μ for SGD with momentum. A run that does not say its weight
 * decay gets the reference's where the optimizer is the same; undefined = the optimizer's default.
 */
export function scaleWeightDecay(
  run: TrainingRun,
  { kind, spec, peak, steps, horizonLimit, reference }: DecayContext,
  scaled: Scaling[],
  notes: Text[],
): number | undefined {
  const decay = valueOf(run, 'weightDecay');
  const what = text('Weight decay', '가중치 감쇠');
  const source = 'Wang and Aitchison 2024 (arXiv 2405.13698)';
  // What a decay does depends on the optimizer: 0.1 is usual for AdamW and ruins Adam.
  if (decay === undefined || valueOf(run, 'optimizer') === undefined) {
    const usual = reference.kind === kind ? reference.weightDecay : undefined;
    return typeof usual === 'number' ? usual : undefined;
  }
  const rate = valueOf(run, 'learningRate');
  const total = valueOf(run, 'totalSteps');
  if (decay === 0 || !decaysByHorizon(kind) || rate === undefined || !total) {
    if (decay > 0 && decaysByHorizon(kind))
      notes.push(
        text(
          'The length of the run is not known, so weight decay enters as it is and acts too weakly in the proxy.',
          '전체 스텝 수를 알 수 없어 가중치 감쇠를 값 그대로 적용했으며, 대리 모델에서는 실제보다 약하게 작용합니다.',
        ),
      );
    scaled.push({ what, from: decay, to: decay, rule: text('unchanged', '그대로'), source: 'torch.optim' });
    return decay;
  }
  const momentum = isSgd(kind) && typeof spec.momentum === 'number' ? spec.momentum : 0;
  const horizon = (rate * decay * total) / (1 - momentum);
  const kept = Math.min(horizon, horizonLimit);
  const to = (kept * (1 - momentum)) / (peak * steps);
  const limited = kept < horizon;
  const formula = `H = ${show(rate)} × ${show(decay)} × ${total}${momentum ? ` / (1 − ${momentum})` : ''} = ${show(horizon)}`;
  scaled.push({
    what,
    from: decay,
    to: significant(to),
    rule: limited
      ? text(
          `${formula}, limited to ${horizonLimit} in so few steps`,
          `${formula}, 짧은 실행이므로 최대 ${horizonLimit}`,
        )
      : text(`${formula} kept`, `${formula} 유지`),
    source,
  });
  return to;
}

/**
 * Dropout is a share and stays what it is, at the places a transformer has it: after the embedding and at the end of every
 * residual branch. Undefined = none.
 */
export function scaleDropout(
  run: TrainingRun,
  info: ProxyInfo,
  scaled: Scaling[],
  notes: Text[],
): number | undefined {
  const share = valueOf(run, 'dropout');
  if (!share || share < 0) return undefined;
  if (!info.dropout || share >= 1) {
    notes.push(
      share >= 1
        ? text(
            `A dropout of ${share} would drop everything; the proxy is trained without.`,
            `드롭아웃 ${share}이면 모든 값이 꺼지므로 대리 모델은 드롭아웃 없이 학습합니다.`,
          )
        : text(
            `This proxy has no places for dropout: what ${share} does to your model is not in its curves.`,
            `이 대리 모델에는 드롭아웃을 넣을 자리가 없어, 드롭아웃 ${share}의 효과는 곡선에 나타나지 않습니다.`,
          ),
    );
    return undefined;
  }
  const usual = limit('usual-dropout');
  if (share >= 2 * usual)
    notes.push(
      text(
        `A dropout of ${share} is more than the usual ${usual}, which the reference has: a run that ends behind it may owe that to dropout.`,
        `드롭아웃 ${withParticle(String(share), '은/는')} 기준 실행에 적용한 일반적인 값 ${usual}보다 큽니다. 기준보다 뒤처진다면 드롭아웃 때문일 수 있습니다.`,
      ),
    );
  scaled.push({
    what: text('Dropout', '드롭아웃'),
    from: share,
    to: share,
    rule: text(
      'unchanged, after the embedding and at the end of every residual branch; validation drops nothing',
      '그대로, 임베딩 뒤와 각 잔차 가지의 끝에 적용. 검증 때는 끔',
    ),
    source: 'Vaswani et al. 2017, 5.4',
  });
  return share;
}

/** Evaluations of a run whose number nobody says: as many as the proxy has. */
const usualEvaluations = 20;

/**
 * Share of the run without a better validation loss after which it stops: patience over the evaluations, which are taken
 * for one an epoch. Undefined = it never stops early.
 */
export function scaleEarlyStopping(run: TrainingRun, scaled: Scaling[]): number | undefined {
  const patience = valueOf(run, 'earlyStoppingPatience');
  if (!patience) return undefined;
  const epochs = valueOf(run, 'epochs');
  const evaluations = epochs !== undefined && epochs >= 2 ? epochs : usualEvaluations;
  const share = Math.min(1, patience / evaluations);
  const percent = significant(100 * share, 2);
  scaled.push({
    what: text('Early stopping', '조기 종료'),
    from: patience,
    to: `${percent} %`,
    rule:
      evaluations === epochs
        ? text(
            `after ${percent} % of the run without a better validation loss, at one evaluation an epoch; overfitting is judged there`,
            `에폭마다 한 번 평가한다고 보고, 전체의 ${percent} % 동안 검증 손실이 나아지지 않으면 멈춤. 과적합은 그 시점에서 판정`,
          )
        : text(
            `after ${percent} % of the run without a better validation loss, at ${usualEvaluations} evaluations a run; overfitting is judged there`,
            `전체 학습 동안 ${usualEvaluations}번 평가한다고 보고, 전체의 ${percent} % 동안 검증 손실이 나아지지 않으면 멈춤. 과적합은 그 시점에서 판정`,
          ),
    source: 'Prechelt 1998',
  });
  return share;
}

/** Up to this many samples a model can learn them by heart in the epochs people train; beyond, the proxy would exaggerate. */
const smallData = 10_000;
/** The kernels' own limits, and the least that still makes a batch. */
const exampleRange = { least: 32, most: 65_536 };

/**
 * A small data set is seen as often by the proxy as by the user's model: the same number of passes. Undefined = endless
 * fresh data, for large or unknown sets and for games.
 */
export function scaleDataset(
  run: TrainingRun,
  info: ProxyInfo,
  steps: number,
  scaled: Scaling[],
): DatasetSpec | undefined {
  const size = valueOf(run, 'datasetSize');
  const batch = valueOf(run, 'globalBatch');
  const total = valueOf(run, 'totalSteps');
  if (!size || size > smallData || info.metrics.length > 0) return undefined;
  const passes = total && batch ? (total * batch) / size : valueOf(run, 'epochs');
  if (passes === undefined || passes < 2) return undefined;
  const examples = Math.round((steps * info.defaultBatchSize) / passes);
  const to = Math.min(exampleRange.most, Math.max(exampleRange.least, examples));
  scaled.push({
    what: text('Training examples', '학습 표본 수'),
    from: size,
    to,
    rule: text(`${show(passes)} passes over the data kept`, `데이터를 ${show(passes)}번 반복하는 것을 유지`),
    source: 'proxies.json',
  });
  return { size: to };
}
