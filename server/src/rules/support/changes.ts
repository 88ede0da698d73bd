import type { OptimizerId } from '../../knowledge/ids.ts';
import { limit } from '../../knowledge/limits.ts';
import { withParticle } from '../../korean.ts';
import { type Change, type Operation, set } from '../../run/change.ts';
import type { ScheduleKind } from '../../run/fields.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { text } from '../../text.ts';
import { formatNumber, formatPercent, roundForConfig } from './numbers.ts';
import { optimizerName } from './optimizers.ts';
import { likelyRate } from './usual-rate.ts';

/**
 * Trains with another optimizer, at that optimizer's usual learning rate where the present one lies far from it:
 * a rate belongs to its optimizer.
 */
export function switchOptimizer(run: TrainingRun, id: OptimizerId): readonly Change[] {
  // Some frameworks have SGD with momentum in its Nesterov form only.
  return id === 'sgd-momentum' ? [switchTo(run, id), switchTo(run, 'nag')] : [switchTo(run, id)];
}

function switchTo(run: TrainingRun, id: OptimizerId): Change {
  const name = optimizerName(id);
  const operations: Operation[] = [set('optimizer', id)];
  const rate = newRate(run, id);
  if (rate !== undefined) operations.push(set('learningRate', rate));
  const shown = rate === undefined ? undefined : formatNumber(rate);
  return {
    title: shown
      ? text(
          `Use ${name} with a learning rate of ${shown}`,
          `${withParticle(name, '을/를')} 학습률 ${withParticle(shown, '으로/로')} 사용하기`,
        )
      : text(`Use ${name}`, `${name} 사용하기`),
    safe: false,
    operations,
  };
}

function newRate(run: TrainingRun, id: OptimizerId): number | undefined {
  const present = valueOf(run, 'learningRate');
  const usual = likelyRate(run, id);
  if (present === undefined || !usual) return undefined;
  const slack = limit('learning-rate-weak-factor');
  if (present <= usual.high * slack && present >= usual.low / slack) return undefined;
  return roundForConfig(usual.typical);
}

export function setLearningRate(value: number): Change {
  const rate = roundForConfig(value);
  const shown = formatNumber(rate);
  return {
    title: text(`Set the learning rate to ${shown}`, `학습률을 ${withParticle(shown, '으로/로')} 바꾸기`),
    safe: false,
    operations: [set('learningRate', rate)],
  };
}

/** Linear warm-up over a share of the run; dialects write it in the unit their framework has. */
export function warmUp(ratio: number): Change {
  const shown = formatPercent(ratio);
  return {
    title: text(`Warm up over ${shown} of the steps`, `전체 스텝의 ${shown} 동안 워밍업하기`),
    safe: false,
    operations: [set('warmupRatio', ratio)],
  };
}

/**
 * Warm-up in steps, for frameworks that count nothing else and runs whose length the file does not tell; with a
 * schedule for those that warm up only within one.
 */
export function warmUpSteps(steps: number, kind?: ScheduleKind): Change {
  const name = kind && scheduleName(kind);
  return {
    title: name
      ? text(
          `Warm up over ${steps} steps, then use ${name.en}`,
          `처음 ${steps}스텝 동안 워밍업한 뒤 ${name.ko} 사용하기`,
        )
      : text(`Warm up over ${steps} steps`, `처음 ${steps}스텝 동안 워밍업하기`),
    safe: false,
    lastResort: true,
    operations: [...(kind ? [set('schedule', kind)] : []), set('warmupSteps', steps)],
  };
}

/** Warm-up together with a decay, for frameworks that warm up only within a schedule. */
export function warmUpAndDecay(ratio: number, kind: ScheduleKind): Change {
  const shown = formatPercent(ratio);
  const name = scheduleName(kind);
  return {
    title: text(
      `Warm up over ${shown} of the steps, then use ${name.en}`,
      `전체 스텝의 ${shown} 동안 워밍업한 뒤 ${name.ko} 사용하기`,
    ),
    safe: false,
    operations: [set('schedule', kind), set('warmupRatio', ratio)],
  };
}

export function clipAt(norm: number): Change {
  const shown = formatNumber(norm);
  return {
    title: text(
      `Clip the gradient norm at ${shown}`,
      `그래디언트 노름을 ${withParticle(shown, '으로/로')} 클리핑하기`,
    ),
    safe: false,
    operations: [set('clipNorm', norm)],
  };
}

const scheduleNames: Partial<Record<ScheduleKind, { en: string; ko: string }>> = {
  constant: { en: 'a constant learning rate', ko: '고정 학습률' },
  linear: { en: 'linear decay', ko: '선형 감쇠' },
  cosine: { en: 'cosine decay', ko: '코사인 감쇠' },
  'cosine-restarts': { en: 'cosine decay with restarts', ko: '재시작하는 코사인 감쇠' },
  polynomial: { en: 'polynomial decay', ko: '다항식 감쇠' },
  step: { en: 'step decay', ko: '스텝 감쇠' },
  'multi-step': { en: 'multi-step decay', ko: '다단계 스텝 감쇠' },
  exponential: { en: 'exponential decay', ko: '지수 감쇠' },
  'inverse-sqrt': { en: 'inverse square-root decay', ko: '역제곱근 감쇠' },
  noam: { en: 'the Noam schedule', ko: 'Noam 스케줄' },
  'one-cycle': { en: 'the one-cycle schedule', ko: '원사이클 스케줄' },
  'warmup-stable-decay': { en: 'warm-up, stable, decay', ko: '워밍업-유지-감쇠 스케줄' },
  'reduce-on-plateau': { en: 'reduction on a plateau', ko: '정체 시 감소' },
};

/** A schedule in the middle of a sentence. */
export function scheduleName(kind: ScheduleKind): { en: string; ko: string } {
  return scheduleNames[kind] ?? { en: kind, ko: kind };
}

export function useSchedule(kind: ScheduleKind): Change {
  const name = scheduleName(kind);
  return {
    title: text(`Use ${name.en}`, `${name.ko} 사용하기`),
    safe: false,
    operations: [set('schedule', kind)],
  };
}

/** Lets the rate decay to a fraction of its peak. */
export function endAt(fraction: number): Change {
  const shown = formatPercent(fraction);
  return {
    title: text(`Let the learning rate end at ${shown} of the peak`, `학습률을 최고점의 ${shown}까지 낮추기`),
    safe: false,
    operations: [set('minLearningRateRatio', fraction)],
  };
}

export function setWeightDecay(value: number): Change {
  const shown = formatNumber(value);
  return {
    title: text(`Set weight decay to ${shown}`, `가중치 감쇠를 ${withParticle(shown, '으로/로')} 바꾸기`),
    safe: false,
    operations: [set('weightDecay', value)],
  };
}

export function setMomentum(value: number): Change {
  const shown = formatNumber(value);
  return {
    title: text(`Set momentum to ${shown}`, `모멘텀을 ${withParticle(shown, '으로/로')} 바꾸기`),
    safe: false,
    operations: [set('momentum', value)],
  };
}

export function setBeta1(value: number): Change {
  const shown = formatNumber(value);
  return {
    title: text(`Set β₁ to ${shown}`, `β₁을 ${withParticle(shown, '으로/로')} 바꾸기`),
    safe: false,
    operations: [set('beta1', value)],
  };
}
