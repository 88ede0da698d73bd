import { limit } from '../../knowledge/limits.ts';
import { show } from '../../number-text.ts';
import { set } from '../../run/change.ts';
import type { FieldId } from '../../run/fields.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { significant } from '../../symptoms/statistics.ts';
import { thresholds } from '../../symptoms/thresholds.ts';
import { text } from '../../text.ts';
import type { GradNorm, Measured } from '../measured.ts';
import type { Judgement } from './judgement.ts';
import { change } from './judgement.ts';

const sgdLike = ['sgd', 'sgd-momentum', 'nag'];

export function clipping(run: TrainingRun, { gradNorm, steps, clipNorm }: Measured): Judgement | undefined {
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
