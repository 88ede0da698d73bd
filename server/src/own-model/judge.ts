import { limit } from '../knowledge/limits.ts';
import { symptomById } from '../knowledge/symptoms.ts';
import { show } from '../number-text.ts';
import { type Change, type Operation, set } from '../run/change.ts';
import type { FieldId } from '../run/fields.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { significant } from '../symptoms/statistics.ts';
import { thresholds } from '../symptoms/thresholds.ts';
import { type Text, text } from '../text.ts';
import type { GradNorm, Measured, Spread } from './measured.ts';

/** What a measurement on the user's own model says about one setting of the config. Never proxy evidence. */
export interface Judgement {
  readonly id:
    | 'other-optimizer'
    | 'critical-rate'
    | 'gradient-clipping'
    | 'update-ratio'
    | 'not-finite'
    | 'noise-scale';
  readonly level: 'warning' | 'information' | 'fine';
  /** The settings it is about, the one to point at first. */
  readonly fields: readonly FieldId[];
  readonly message: Text;
  readonly evidence: Readonly<Record<string, number>>;
  /** Ways out, best first; not trained, but held against the measurement. */
  readonly changes: readonly Change[];
}

/** Holds the config as it stands now against what was measured; the worst first. */
export function judge(run: TrainingRun, measured: Measured): Judgement[] {
  const other = otherOptimizer(run, measured);
  if (other) return [other];
  const found = [
    notFinite(measured),
    criticalRate(run, measured),
    clipping(run, measured),
    updateRatio(run, measured),
    noiseScale(run, measured),
  ].filter((one) => one !== undefined);
  const rank = { warning: 0, information: 1, fine: 2 } as const;
  return found.sort((a, b) => rank[a.level] - rank[b.level]);
}

/** Every number rests on the direction of the optimizer's step: with another optimizer none of them holds. */
function otherOptimizer(run: TrainingRun, { optimizer: then }: Measured): Judgement | undefined {
  const now = valueOf(run, 'optimizer');
  if (now === undefined || then === undefined || now === then) return undefined;
  return {
    id: 'other-optimizer',
    level: 'information',
    fields: ['optimizer'],
    message: text(
      `Measured with ${then}, but the config now says ${now}: what was measured does not hold for it. Generate the script again and run it.`,
      `측정할 때의 옵티마이저는 ${then}, 지금 설정은 ${now}입니다. 측정값을 쓸 수 없으니 스크립트를 다시 만들어 실행하세요.`,
    ),
    evidence: {},
    changes: [],
  };
}

function notFinite({ notFinite: bad, steps }: Measured): Judgement | undefined {
  if (bad.length === 0) return undefined;
  const all = bad.length === steps;
  return {
    id: 'not-finite',
    level: 'warning',
    fields: ['precision', 'dataset', 'model'],
    message: all
      ? text(
          'The loss or its gradient is not finite on any batch, before a single weight has moved: no learning rate mends that. Look at the data, the loss and the precision.',
          '가중치가 한 번도 움직이기 전인데 모든 배치에서 손실이나 그래디언트가 유한하지 않습니다. 학습률로는 해결되지 않으니 데이터, 손실 함수, 정밀도를 확인하세요.',
        )
      : text(
          `The loss or its gradient is not finite in ${bad.length} of ${steps} steps (${bad.join(', ')}), before a single weight has moved. Look at those batches: one of them is enough to ruin the run.`,
          `가중치가 움직이기 전인데 ${steps}개 스텝 중 ${bad.length}개(${bad.join(', ')}번째)에서 손실이나 그래디언트가 유한하지 않습니다. 해당 배치를 확인하세요. 하나만 있어도 학습을 망칠 수 있습니다.`,
        ),
    evidence: { notFinite: bad.length, steps },
    changes: [],
  };
}

function criticalRate(run: TrainingRun, measured: Measured): Judgement | undefined {
  const rate = valueOf(run, 'learningRate');
  const { criticalRate: critical } = measured;
  if (rate === undefined || !rate || critical?.median === undefined) return undefined;
  const margin = limit('critical-rate-margin');
  const ratio = critical.median / rate;
  const evidence = { learningRate: rate, criticalRate: critical.median, ratio: significant(ratio) };
  const fields: FieldId[] = ['learningRate'];
  const range = rangeOf(critical);
  const times = show(ratio < 1 ? 1 / ratio : ratio);
  if (ratio >= margin)
    return {
      id: 'critical-rate',
      level: 'fine',
      fields,
      evidence,
      changes: [],
      message: text(
        `The learning rate ${show(rate)} is ${times} times below the critical one (${range}): the first step lowers the loss. It does not say that a higher rate would train better; curvature grows while training.`,
        `설정한 학습률(${show(rate)})은 임계 학습률(${range})보다 ${times}배 작아 첫 스텝에서 손실이 줄어듭니다. 더 높은 학습률이 낫다는 뜻은 아닙니다. 학습이 진행되면 곡률이 커집니다.`,
      ),
    };
  const first = firstRate(run, rate);
  const warms = first !== undefined && first < rate;
  // Warm-up starts below the limit and gives the curvature time to fall; only the peak is in question.
  const level = ratio < 1 && !(warms && first < critical.median / margin) ? 'warning' : 'information';
  const what =
    ratio < 1
      ? text(
          `The learning rate ${show(rate)} is ${times} times the critical one (${range}): a first step of that size raises the loss on the very batch it was computed from.`,
          `설정한 학습률(${show(rate)})은 임계 학습률(${range})의 ${times}배입니다. 이 크기로 첫 스텝을 밟으면 그 스텝을 계산한 바로 그 배치의 손실이 높아집니다.`,
        )
      : text(
          `The learning rate ${show(rate)} is only ${times} times below the critical one (${range}): a first step of that size goes past the lowest point of the loss in its own direction.`,
          `설정한 학습률(${show(rate)})은 임계 학습률(${range})보다 ${times}배 작을 뿐입니다. 이 크기의 첫 스텝은 그 방향에서 손실이 가장 낮은 지점을 지나칩니다.`,
        );
  const then = warms
    ? text(
        `Warm-up starts lower, at ${show(first)}. Measure again from a checkpoint taken at the end of warm-up; until then nobody knows whether the full rate holds.`,
        `워밍업 덕분에 ${show(first)}에서 시작합니다. 최고 학습률을 견딜지는 워밍업이 끝난 체크포인트에서 다시 측정해야 알 수 있습니다.`,
      )
    : text(
        `At ${show(safeRate(critical.median))}, half the critical rate, it would not.`,
        `임계 학습률의 절반(${show(safeRate(critical.median))})이면 그렇지 않습니다.`,
      );
  return {
    id: 'critical-rate',
    level,
    fields,
    evidence,
    message: text(`${what.en} ${then.en}`, `${what.ko} ${then.ko}`),
    changes: level === 'warning' || !warms ? ratesBelow(run, critical.median) : [],
  };
}

function safeRate(critical: number): number {
  // Rounded down, so that the rate that is written keeps the margin.
  const rate = critical / limit('critical-rate-margin');
  const scale = 10 ** (1 - Math.floor(Math.log10(rate)));
  return significant(Math.floor(rate * scale) / scale, 2);
}

function ratesBelow(run: TrainingRun, critical: number): Change[] {
  const rate = safeRate(critical);
  const lower = change(
    text(
      `Learning rate ${show(rate)}: half the critical rate of your model`,
      `학습률 ${show(rate)}: 측정한 임계 학습률의 절반`,
    ),
    set('learningRate', rate),
  );
  const warm = warmUp(run, critical);
  return warm ? [lower, warm] : [lower];
}

/** The warm-up of the symptom's table row, where there is none. */
function warmUp(run: TrainingRun, critical: number): Change | undefined {
  const now = valueOf(run, 'warmupRatio') ?? valueOf(run, 'warmupSteps');
  if (now !== undefined && now > 0) return undefined;
  const { change: cure } = symptomById('early-instability');
  if (cure?.kind !== 'warmup') return undefined;
  const ratio = cure.fraction;
  const percent = Math.round(100 * ratio);
  const steps = valueOf(run, 'totalSteps');
  const rate = valueOf(run, 'learningRate') ?? 0;
  // A warm-up so short that its first step is past the limit anyway is none.
  if (steps !== undefined && rate / Math.max(1, ratio * steps) > critical) return undefined;
  return change(
    text(
      `Linear warm-up over ${percent} % of the steps, then measure again`,
      `전체 스텝의 ${percent} % 동안 선형 워밍업 후 다시 측정`,
    ),
    set('warmupRatio', ratio),
  );
}

/** The rate of the first step that moves anything; `undefined` where the length of the warm-up is not known. */
function firstRate(run: TrainingRun, rate: number): number | undefined {
  const steps = valueOf(run, 'warmupSteps');
  if (steps !== undefined && steps > 0) return rate / steps;
  const ratio = valueOf(run, 'warmupRatio') ?? valueOf(run, 'warmupEpochs');
  // At least ten steps, however short the run: enough to say that it starts lower.
  return ratio !== undefined && ratio > 0 ? rate / 10 : rate;
}

function rangeOf({ median, low, high }: Spread): string {
  if (median === undefined) return '∞';
  return low === undefined || high === undefined || high / low < 1.05
    ? show(median, 3)
    : `${show(median, 3)}, ${show(low, 3)}–${show(high, 3)}`;
}

const sgdLike = ['sgd', 'sgd-momentum', 'nag'];

function clipping(run: TrainingRun, { gradNorm, steps, clipNorm }: Measured): Judgement | undefined {
  if (!gradNorm || run.opaque.has('clipNorm')) return undefined;
  const clip = valueOf(run, 'clipNorm') ?? 0;
  const usual = significant(gradNorm.p90, 2);
  const fields: FieldId[] = ['clipNorm', 'learningRate'];
  const norms = `p50 ${show(gradNorm.p50)}, p90 ${show(gradNorm.p90)}, max ${show(gradNorm.max)}`;
  const evidence = { clipNorm: clip, p50: gradNorm.p50, p90: gradNorm.p90, max: gradNorm.max };
  const usually = change(
    text(
      `Clip the gradient norm at ${usual}, the 90th percentile on your model`,
      `그래디언트 노름을 ${usual}(실제 모델의 90번째 백분위수)에서 클리핑`,
    ),
    set('clipNorm', usual),
  );
  if (clip === 0) {
    const spike = gradNorm.max / gradNorm.p50;
    if (spike <= thresholds.gradientExplosion.spikeRatio) return undefined;
    return {
      id: 'gradient-clipping',
      level: 'information',
      fields,
      evidence,
      message: text(
        `One of ${steps} gradients is ${show(spike)} times the median (${norms}), and nothing clips it.`,
        `그래디언트 ${steps}개 중 하나가 중앙값의 ${show(spike)}배인데(${norms}) 클리핑하지 않습니다.`,
      ),
      changes: [usually],
    };
  }
  // The share is of the norms as they were; the config's threshold may have changed since.
  const share = shareAbove(gradNorm, clip);
  const percent = Math.round(100 * share);
  if (share <= limit('clip-share-high'))
    return {
      id: 'gradient-clipping',
      level: 'fine',
      fields,
      evidence: { ...evidence, share },
      message: text(
        `Clipping at ${show(clip)} meets about ${percent} % of the steps (${norms}).`,
        `${show(clip)}에서 클리핑하면 스텝의 약 ${percent} %가 해당합니다(${norms}).`,
      ),
      changes: [],
    };
  const sgd = sgdLike.includes(valueOf(run, 'optimizer') ?? '');
  const fresh = valueOf(run, 'fromScratch') !== false;
  const meaning = sgd
    ? text(
        'With SGD that is a lower learning rate in disguise: it is the clip that sets the step.',
        'SGD에서는 학습률을 낮춘 것과 같습니다. 스텝의 크기를 클리핑이 정하게 됩니다.',
      )
    : text(
        'An adaptive optimizer divides by the size of the gradient anyway, so the step hardly changes; but a spike no longer stands out.',
        '적응형 옵티마이저는 어차피 그래디언트 크기로 나누므로 스텝은 거의 그대로지만, 급등한 그래디언트를 가려내지 못합니다.',
      );
  const later = fresh
    ? text(
        'Gradients of fresh weights are large; measure again from a checkpoint before you change it.',
        '초기 가중치의 그래디언트는 큽니다. 바꾸기 전에 체크포인트에서 다시 측정하세요.',
      )
    : text('', '');
  return {
    id: 'gradient-clipping',
    level: 'information',
    fields,
    evidence: { ...evidence, share },
    message: text(
      `Clipping at ${show(clip)} meets about ${percent} % of the steps (${norms}). ${meaning.en} ${later.en}`.trim(),
      `${show(clip)}에서 클리핑하면 스텝의 약 ${percent} %가 해당합니다(${norms}). ${meaning.ko} ${later.ko}`.trim(),
    ),
    changes: fresh || clipNorm === undefined ? [] : [usually],
  };
}

/** Share of the norms above `clip`, linear between the quantiles that are known. */
function shareAbove({ p10, p50, p90, max }: GradNorm, clip: number): number {
  if (clip >= max) return 0;
  const points = [
    [max, 0],
    [p90, 0.1],
    [p50, 0.5],
    [p10, 0.9],
  ] as const;
  let [above, shareOver] = points[0] as readonly [number, number];
  for (const [norm, share] of points.slice(1)) {
    if (clip >= norm)
      return above > norm ? share + ((shareOver - share) * (clip - norm)) / (above - norm) : share;
    [above, shareOver] = [norm, share];
  }
  return 1;
}

function updateRatio(
  run: TrainingRun,
  { updateRatio: ratio, learningRate }: Measured,
): Judgement | undefined {
  const rate = valueOf(run, 'learningRate');
  if (!ratio || !rate || !learningRate) return undefined;
  const usual = limit('update-ratio-usual');
  const factor = limit('update-ratio-factor');
  // An update is proportional to the rate: what was measured at another one carries over.
  const median = (ratio.median * rate) / learningRate;
  const warms = (firstRate(run, rate) ?? rate) < rate;
  const off =
    median > usual * factor
      ? warms
        ? 'fine'
        : 'information'
      : median < usual / factor
        ? 'information'
        : 'fine';
  const largest = show((ratio.largest * rate) / learningRate);
  const there = text(
    `Update over weight in a first step at ${show(rate)}: ${show(median)} (median; largest ${largest} in ${ratio.in}). A rough rule says ${show(usual)} (CS231n).`,
    `학습률 ${show(rate)}에서 첫 스텝의 업데이트 / 가중치 비율은 ${show(median)}입니다(중앙값, 최대는 ${ratio.in}의 ${largest}). 흔히 말하는 어림값은 ${show(usual)}입니다(CS231n).`,
  );
  const adds =
    median > usual * factor
      ? warms
        ? text(
            'Warm-up keeps the first steps far below that.',
            '워밍업 덕분에 처음 스텝들은 이보다 훨씬 작습니다.',
          )
        : text('Without warm-up that is a lot at once.', '워밍업이 없으면 한 번에 바뀌는 양이 큽니다.')
      : median < usual / factor
        ? text('The run will move slowly.', '학습이 느리게 진행됩니다.')
        : text('', '');
  return {
    id: 'update-ratio',
    level: off,
    fields: ['learningRate'],
    evidence: { median, largest: (ratio.largest * rate) / learningRate, usual },
    message: text(`${there.en} ${adds.en}`.trim(), `${there.ko} ${adds.ko}`.trim()),
    changes: [],
  };
}

function noiseScale(
  run: TrainingRun,
  { noiseScale: noise, samplesPerStep }: Measured,
): Judgement | undefined {
  if (noise === undefined || !samplesPerStep) return undefined;
  const batch = valueOf(run, 'globalBatch') ?? samplesPerStep;
  return {
    id: 'noise-scale',
    level: 'fine',
    fields: ['globalBatch', 'batchPerDevice'],
    evidence: { noiseScale: noise, batch },
    message: text(
      `The gradient noise scale at these weights is about ${show(noise)} samples, the batch is ${show(batch, 4)}. Batches far above it save little time; it usually grows while training (McCandlish et al. 2018).`,
      `현재 가중치의 그래디언트 노이즈 스케일은 표본 약 ${show(noise)}개이고 배치는 ${show(batch, 4)}입니다. 이보다 훨씬 큰 배치는 시간을 거의 줄여 주지 못합니다. 이 값은 보통 학습하면서 커집니다(McCandlish 외 2018).`,
    ),
    changes: [],
  };
}

function change(title: Text, ...operations: Operation[]): Change {
  return { title, safe: false, operations };
}
