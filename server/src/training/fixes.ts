import { domainPreference } from '../knowledge/domains.ts';
import { isDomainId, type SymptomId } from '../knowledge/ids.ts';
import { limit } from '../knowledge/limits.ts';
import { show } from '../number-text.ts';
import { type Change, type Operation, set } from '../run/change.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { quantile, significant } from '../symptoms/statistics.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { type Text, text } from '../text.ts';
import { hasMultiple } from './exchange.ts';
import { splitWrapper } from './optimizer-spec.ts';
import { usualRate } from './reference-rate.ts';

/** What the original run showed that a candidate may use. */
export interface Observed {
  /** Gradient norms of the user's run, in the proxy or as their own log has them. */
  readonly gradNorms: readonly number[];
  /** Where they were seen; default the proxy. */
  readonly origin?: 'proxy' | 'log';
  /** One unit of the user's clipping norm in the proxy's. */
  readonly clipScale: number;
  /** False where the proxy has no places for dropout: it could not show what dropout does. */
  readonly dropout?: boolean;
}

/**
 * Ways out of a symptom to be trained: the table's cure first, then its relatives, then another optimizer the domain
 * prefers. Each is a change of the run; one that would change nothing is left out.
 */
export function candidates(run: TrainingRun, symptom: Symptom, observed: Observed): Change[] {
  return byId[symptom.symptom](run, symptom, observed).filter(
    (change): change is Change => change !== undefined,
  );
}

type Propose = (run: TrainingRun, symptom: Symptom, observed: Observed) => (Change | undefined)[];

const byId: Readonly<Record<SymptomId, Propose>> = {
  'loss-divergence': (run, _, observed) => [
    ganBeta(run),
    scaleRate(run, 1 / 10),
    rateOfTable(run),
    usualRateAndMomentum(run),
    scaleRate(run, 1 / 3),
    clip(run, 1),
    clipAtQuantile(run, observed),
    warmup(run, 0.1),
    preferredOptimizer(run),
  ],
  'gradient-explosion': (run, _, observed) => [
    clip(run, 1),
    clipAtQuantile(run, observed),
    scaleRate(run, 1 / 3),
    scaleRate(run, 1 / 10),
  ],
  'early-instability': (run) => [
    warmup(run, 0.1),
    usualRateAndMomentum(run),
    warmup(run, 0.05),
    scaleRate(run, 1 / 10),
    scaleRate(run, 1 / 3),
    rateOfTable(run),
    clip(run, 1),
  ],
  'late-plateau': (run) => [
    cosine(run),
    cooldown(run, limit('cooldown-share')),
    cooldown(run, limit('cooldown-share-least')),
    scaleRate(run, 1 / 3),
  ],
  overfitting: (run, _, observed) => [
    moreDecay(run, 10),
    stopEarly(run),
    dropout(run, limit('usual-dropout'), observed),
    moreDecay(run, 100),
    dropout(run, limit('strong-dropout'), observed),
    scaleRate(run, 1 / 3),
  ],
  oscillation: (run) => [
    lowerMomentum(run),
    usualRateAndMomentum(run),
    scaleRate(run, 1 / 10),
    scaleRate(run, 1 / 3),
    rateOfTable(run),
  ],
  'vanishing-gradient': (run) => [scaleRate(run, 3), scaleRate(run, 1 / 10), preferredOptimizer(run)],
  'dead-units': (run) => [scaleRate(run, 1 / 10), scaleRate(run, 1 / 3), warmup(run, 0.1)],
  'slow-convergence': (run, { evidence }) => {
    const up = [
      lessDropout(run),
      shorterWarmup(run),
      rateOfTable(run),
      scaleRate(run, 3),
      scaleRate(run, 10),
      preferredOptimizer(run),
    ];
    if (evidence.cause === 'too-small-steps') return up;
    if (evidence.cause === 'too-large-steps')
      return [rateOfTable(run), scaleRate(run, 1 / 10), scaleRate(run, 1 / 3), warmup(run, 0.1)];
    return [
      lessDropout(run),
      lowerMomentum(run),
      shorterWarmup(run),
      scaleRate(run, 1 / 3),
      scaleRate(run, 3),
      warmup(run, 0.1),
      cosine(run),
      cooldown(run, limit('cooldown-share')),
      preferredOptimizer(run),
    ];
  },
};

function change(title: Text, ...operations: Operation[]): Change {
  return { title, safe: false, operations };
}

function scaleRate(run: TrainingRun, factor: number): Change | undefined {
  const rate = valueOf(run, 'learningRate');
  if (!rate) return undefined;
  const to = significant(rate * factor, 2);
  const how = factor < 1 ? `÷ ${Math.round(1 / factor)}` : `× ${factor}`;
  return change(
    text(`Learning rate ${how} (${show(to)})`, `학습률 ${how} (${show(to)})`),
    set('learningRate', to),
  );
}

function rateOfTable(run: TrainingRun): Change | undefined {
  const rate = valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  if (!rate || optimizer === undefined) return undefined;
  const usual = significant(usualRate(run, optimizer), 2);
  // Nearer than that is not resolved; ÷ 10 and × 10 are tried anyway.
  if (Math.abs(Math.log(usual / rate)) < Math.log(2)) return undefined;
  return change(
    text(`Learning rate at the usual ${show(usual)}`, `일반적인 학습률 ${show(usual)}`),
    set('learningRate', usual),
  );
}

/**
 * The same changes in the order they are trained: at a rate far above the usual one, that one comes first, since a tenth
 * of the rate would still be too much and a warm-up only puts it off.
 */
export function likeliestFirst(run: TrainingRun, changes: readonly Change[]): readonly Change[] {
  const rate = valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  const usual = rateOfTable(run);
  if (!usual || !rate || optimizer === undefined) return changes;
  if (rate < limit('far-rate') * usualRate(run, optimizer)) return changes;
  const same = JSON.stringify(usual.operations);
  const [first] = changes.filter(({ operations }) => JSON.stringify(operations) === same);
  return first ? [first, ...changes.filter((each) => each !== first)] : changes;
}

/** Both at once, where both are off: either alone would leave the other's trouble. */
function usualRateAndMomentum(run: TrainingRun): Change | undefined {
  const rate = rateOfTable(run);
  const momentum = lowerMomentum(run);
  if (!rate || !momentum) return undefined;
  const [usual] = rate.operations;
  const shown = usual && 'value' in usual ? show(Number(usual.value)) : '';
  return change(
    text(
      `Usual rate ${shown} and ${momentum.title.en.toLowerCase()}`,
      `일반적인 학습률 ${shown}, ${momentum.title.ko}`,
    ),
    ...rate.operations,
    ...momentum.operations,
  );
}

/** What a run may lack beside its rate: cures that go together with another one. */
export function companions(run: TrainingRun): Change[] {
  const constant = valueOf(run, 'schedule') === 'constant';
  return [lowerMomentum(run), constant ? cosine(run) : undefined, warmup(run, 0.1), clip(run, 1)].filter(
    (change): change is Change => change !== undefined,
  );
}

/** The run before anybody chose a rate. */
export function withoutRate(run: TrainingRun): TrainingRun {
  const { learningRate: _, ...settings } = run.settings;
  return { ...run, settings };
}

function clip(run: TrainingRun, norm: number): Change | undefined {
  const now = valueOf(run, 'clipNorm');
  if (now !== undefined && now > 0 && now <= norm) return undefined;
  return change(
    text(`Clip the gradient norm at ${norm}`, `그래디언트 노름을 ${norm}에서 클리핑`),
    set('clipNorm', norm),
  );
}

/** A 90th percentile this many times above the median is of a run that came apart: clipping there would clip nothing. */
const apart = 100;

/** A threshold that a tenth of the steps would meet. */
function clipAtQuantile(run: TrainingRun, { gradNorms, clipScale, origin }: Observed): Change | undefined {
  const finite = gradNorms.filter(Number.isFinite);
  const high = quantile(finite, limit('clip-quantile'));
  const norm = significant(high / clipScale, 2);
  if (!(norm > 0) || Math.abs(Math.log(norm)) < Math.log(1.5)) return undefined;
  if (high > apart * quantile(finite.slice(0, Math.ceil(finite.length / 4)), 0.5)) return undefined;
  const proposal = clip(run, norm);
  return (
    proposal && {
      ...proposal,
      title:
        origin === 'log'
          ? text(
              `Clip the gradient norm at ${norm}, the 90th percentile of your log`,
              `그래디언트 노름을 ${norm}(로그의 90번째 백분위수)에서 클리핑`,
            )
          : text(
              `Clip the gradient norm at ${norm}, the proxy's 90th percentile`,
              `그래디언트 노름을 ${norm}(대리 모델의 90번째 백분위수)에서 클리핑`,
            ),
    }
  );
}

function warmup(run: TrainingRun, ratio: number): Change | undefined {
  const now = valueOf(run, 'warmupRatio');
  if (now !== undefined && now >= ratio) return undefined;
  const percent = Math.round(100 * ratio);
  return change(
    text(`Linear warm-up over ${percent} % of the steps`, `전체 스텝의 ${percent} % 동안 선형 워밍업`),
    set('warmupRatio', ratio),
  );
}

/** Warm-up over half of a run is nobody's intention. */
function shorterWarmup(run: TrainingRun): Change | undefined {
  const now = valueOf(run, 'warmupRatio');
  if (now === undefined || now < 0.5) return undefined;
  return change(
    text('Linear warm-up over 10 % of the steps instead of more', '워밍업을 전체 스텝의 10 %로 단축'),
    set('warmupRatio', 0.1),
  );
}

function cosine(run: TrainingRun): Change | undefined {
  const now = valueOf(run, 'schedule');
  if (now === 'cosine' || now === 'linear') return undefined;
  return change(
    text('Cosine decay of the learning rate', '코사인 스케줄로 학습률 감소'),
    set('schedule', 'cosine'),
  );
}

/**
 * The same run with a linear decay to zero at its end: up to there every step is the same, so with a real model it can
 * start from a checkpoint (Hägele et al. 2024). Only where the rate is constant until then.
 */
function cooldown(run: TrainingRun, share: number): Change | undefined {
  if (valueOf(run, 'schedule') !== 'constant') return undefined;
  const percent = Math.round(100 * share);
  return change(
    text(`Cooldown: decay to 0 over the last ${percent} %`, `쿨다운: 마지막 ${percent} % 동안 0까지 감소`),
    set('schedule', 'warmup-stable-decay'),
    set('cooldownRatio', share),
  );
}

/** Whether a change is a cooldown: all but its tail is the run it cures. */
export function isCooldown({ operations }: Change): boolean {
  return operations.some((operation) => 'field' in operation && operation.field === 'cooldownRatio');
}

/** The table's usual order of magnitude, to begin from where there is none. */
const firstDecay = 0.01;

function moreDecay(run: TrainingRun, factor: number): Change | undefined {
  const now = valueOf(run, 'weightDecay');
  const to = significant(now ? now * factor : (firstDecay * factor) / 10, 2);
  if (to > 1) return undefined;
  return change(text(`Weight decay ${show(to)}`, `가중치 감쇠 ${show(to)}`), set('weightDecay', to));
}

/** Waits for a share of the run, at one evaluation an epoch; where nobody says how many there are, of twenty. */
function stopEarly(run: TrainingRun): Change | undefined {
  const epochs = valueOf(run, 'epochs');
  const evaluations = epochs !== undefined && epochs >= 2 ? epochs : 20;
  const patience = Math.max(1, Math.round(limit('early-stopping-share') * evaluations));
  const now = valueOf(run, 'earlyStoppingPatience');
  if (now && now <= 2 * patience) return undefined;
  return change(
    text(
      `Early stopping with a patience of ${patience}`,
      `조기 종료, 나아지지 않아도 ${patience}번까지 기다림`,
    ),
    set('earlyStoppingPatience', patience),
  );
}

function dropout(run: TrainingRun, share: number, observed: Observed): Change | undefined {
  if (observed.dropout === false || (valueOf(run, 'dropout') ?? 0) >= share) return undefined;
  return change(text(`Dropout ${share}`, `드롭아웃 ${share}`), set('dropout', share));
}

/** A run that drops far more than is usual learns slower for it. */
function lessDropout(run: TrainingRun): Change | undefined {
  const usual = limit('usual-dropout');
  if ((valueOf(run, 'dropout') ?? 0) < 2 * usual) return undefined;
  return change(text(`Dropout ${usual}`, `드롭아웃 ${usual}`), set('dropout', usual));
}

function lowerMomentum(run: TrainingRun): Change | undefined {
  const { base } = splitWrapper(valueOf(run, 'optimizer') ?? '');
  const momentum = valueOf(run, 'momentum');
  if (base === 'sgd-momentum' || base === 'nag' || base === 'rmsprop')
    return momentum !== undefined && momentum > 0.9
      ? change(text('Momentum 0.9', '모멘텀 0.9'), set('momentum', 0.9))
      : undefined;
  const beta1 = valueOf(run, 'beta1');
  return beta1 !== undefined && beta1 > 0.9 ? change(text('β₁ 0.9', 'β₁ 0.9'), set('beta1', 0.9)) : undefined;
}

/** Radford et al. 2015 (1511.06434): 0.9 made GANs oscillate, 0.5 did not. */
const ganBeta1 = 0.5;

function ganBeta(run: TrainingRun): Change | undefined {
  const beta1 = valueOf(run, 'beta1');
  const isGan = valueOf(run, 'architecture')?.startsWith('gan-');
  if (!isGan || beta1 === undefined || beta1 <= ganBeta1) return undefined;
  return change(text(`β₁ ${ganBeta1}`, `β₁ ${ganBeta1}`), set('beta1', ganBeta1));
}

/** The domain's first choice, at its usual rate there. */
function preferredOptimizer(run: TrainingRun): Change | undefined {
  const domain = valueOf(run, 'domain');
  const now = valueOf(run, 'optimizer');
  if (domain === undefined || !isDomainId(domain) || now === undefined) return undefined;
  const preferred = domainPreference(domain).preferences[0]?.optimizer;
  if (preferred === undefined || preferred === splitWrapper(now).base || !hasMultiple(preferred))
    return undefined;
  const usual = significant(usualRate(withoutRate(run), preferred), 2);
  return change(
    text(
      `${preferred} at ${show(usual)}, this domain's first choice`,
      `이 도메인의 1순위 옵티마이저 ${preferred}, 학습률 ${show(usual)}`,
    ),
    set('optimizer', preferred),
    set('learningRate', usual),
  );
}
