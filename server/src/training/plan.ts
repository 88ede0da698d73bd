import type { OptimizerSpec, ProxyInfo, RunSpec } from '@trainlint/kernels';
import { limit } from '../knowledge/limits.ts';
import { show } from '../number-text.ts';
import { applyChange } from '../run/apply-change.ts';
import { set } from '../run/change.ts';
import type { ScheduleKind } from '../run/fields.ts';
import { learningRates, type ScheduleShape, scheduleShape } from '../run/schedule.ts';
import { namesWeights, stageOf } from '../run/situation.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { significant } from '../symptoms/statistics.ts';
import { type Text, text } from '../text.ts';
import { hasMultiple } from './exchange.ts';
import { optimizerSpec, splitWrapper, twinOptimizer, withWeightDecay } from './optimizer-spec.ts';
import { bothPlayers, type Player } from './players.ts';
import { blindSpots, chooseProxy, namedProxy, type ProxyChoice, tunedRate } from './proxy-table.ts';
import { referenceRate } from './reference-rate.ts';
import { referenceFactor } from './reference-spec.ts';
import {
  scaleBatch,
  scaleClipping,
  scaleDataset,
  scaleDropout,
  scaleEarlyStopping,
  scaleRate,
  scaleWeightDecay,
} from './scaling.ts';
import type { NoPlan, RunPlan, Scaling } from './types.ts';

export interface PlanOptions {
  /** Proxy id to use instead of the nearest one. */
  readonly proxy?: string;
  /** Optimizer steps of the proxy; default: its own. */
  readonly steps?: number;
  readonly seed?: number;
  /** The other player of a GAN, where the file sets the two apart. */
  readonly otherPlayer?: TrainingRun;
}

const maxSteps = 100_000;
const usualHorizon = 3;

/**
 * Translates a run for a proxy: relative learning rate, schedule and warm-up by fractions, weight decay by horizon,
 * everything else as it is, each with its rule. The reference beside it has the same optimizer at its tuned rate.
 */
export function planRun(
  run: TrainingRun,
  available: readonly ProxyInfo[],
  options: PlanOptions = {},
): RunPlan | NoPlan {
  const steps = options.steps;
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1 && steps <= maxSteps))
    return no(
      `Steps must be a whole number from 1 to ${maxSteps}.`,
      `스텝 수는 1에서 ${maxSteps} 사이의 정수여야 합니다.`,
    );
  const choice = options.proxy ? namedProxy(options.proxy, available) : chooseProxy(run, available);
  if (!choice) {
    const known = available.map(({ id }) => id).join(', ') || '-';
    return options.proxy
      ? no(
          `There is no proxy "${options.proxy}". Known: ${known}.`,
          `"${options.proxy}" 대리 모델이 없습니다. 사용 가능: ${known}.`,
        )
      : no('The kernels have no proxy.', '커널에 대리 모델이 없습니다.');
  }
  if (!knownAtAll(run))
    return no(
      'The config says neither an optimizer nor a learning rate: there is nothing to try.',
      '설정에 옵티마이저도 학습률도 없어 시험할 것이 없습니다.',
    );
  const name =
    valueOf(run, 'optimizer') ??
    (run.opaque.has('optimizer') ? undefined : choice.info.reference.optimizer.kind);
  if (name === undefined)
    return no(
      'The optimizer is decided outside this file, so no proxy can be trained with it.',
      '옵티마이저가 이 파일 밖에서 정해져 대리 모델을 학습할 수 없습니다.',
    );
  if (!hasMultiple(name))
    return no(
      `No proxy can be trained with the optimizer "${name}": the kernels do not have it.`,
      `커널에 "${name}" 옵티마이저가 없어 대리 모델을 학습할 수 없습니다.`,
    );
  return build(run, choice, name, options);
}

function knownAtAll(run: TrainingRun): boolean {
  return (['optimizer', 'learningRate'] as const).some(
    (field) => valueOf(run, field) !== undefined || run.opaque.has(field),
  );
}

function no(en: string, ko: string): NoPlan {
  return { impossible: text(en, ko) };
}

function build(run: TrainingRun, choice: ProxyChoice, name: string, options: PlanOptions): RunPlan {
  const { info, row } = choice;
  const steps = options.steps ?? info.defaultSteps;
  const seed = options.seed ?? 0;
  const notes: Text[] = [];
  const scaled: Scaling[] = [];
  const { base } = splitWrapper(name);
  const tuned = tunedRate(info, row, name);
  if (!tuned.measured)
    notes.push(
      text(
        `No rate of ${name} was tuned on this proxy; its usual multiple of the reference's was taken.`,
        `이 대리 모델에서 ${name}의 학습률을 조정한 값이 없어 기준 옵티마이저와의 일반적인 비율을 적용했습니다.`,
      ),
    );
  if (valueOf(run, 'optimizer') === undefined)
    notes.push(
      text(
        `The config names no optimizer; ${name} stands in.`,
        `설정에 옵티마이저가 없습니다. 대신 쓰는 옵티마이저: ${name}.`,
      ),
    );
  const peak = scaleRate(run, name, tuned.rate, scaled, notes);
  scaled.push(scaleBatch(run, info.defaultBatchSize));
  const factors = shape(run, choice, steps, scaled, notes);
  const clipping = scaleClipping(run, info, scaled);
  const dropout = scaleDropout(run, info, scaled, notes);
  const earlyStopping = scaleEarlyStopping(run, scaled);
  const horizonLimit = row?.horizonLimit ?? usualHorizon;
  const spec = optimizerSpec(run, name, info.reference.optimizer);
  const decay = scaleWeightDecay(
    run,
    { kind: base, spec, peak, steps, horizonLimit, reference: info.reference.optimizer },
    scaled,
    notes,
  );
  describeCoefficients(spec, scaled);
  scaled.push({
    what: text('Steps', '스텝 수'),
    from: valueOf(run, 'totalSteps'),
    to: steps,
    rule: text('fractions of the run are kept', '전체에 대한 비율을 유지'),
    source: 'proxies.json',
  });
  const dataset = scaleDataset(run, info, steps, scaled);
  const twinInfo = { ...info, reference: twinShape(run, choice, name, notes) };
  const shared = { proxy: info.id, steps, seed, ...(dataset && { dataset }) };
  const own: Player = { peak, optimizer: decay === undefined ? spec : withWeightDecay(spec, decay) };
  const trained =
    options.otherPlayer && info.id === 'gan'
      ? beside(run, own, options.otherPlayer, choice, name, steps, scaled)
      : own;
  return {
    proxy: info.id,
    why: choice.why,
    recognised: choice.recognised,
    scaled,
    notes,
    notDiscriminating: blindSpots(row),
    spec: {
      ...shared,
      optimizer: trained.optimizer,
      learningRates: factors.map((factor) => trained.peak * factor),
      ...(clipping && { clipping }),
      ...(dropout && { dropout }),
    },
    reference: {
      ...referenceSpec(twinInfo, name, tuned.rate, shared),
      // A usual dropout is no trouble, so the twin has it too; what goes beyond shows beside it.
      ...(dropout && { dropout: Math.min(dropout, limit('usual-dropout')) }),
    },
    ...(earlyStopping && { earlyStopping }),
  };
}

/** What published runs do without is no trouble, so the twin does without it too where the run does. */
function twinShape(
  run: TrainingRun,
  { info: { reference }, row }: ProxyChoice,
  name: string,
  notes: Text[],
): ProxyInfo['reference'] {
  const warms = (['warmupRatio', 'warmupSteps', 'warmupEpochs'] as const).some((field) =>
    valueOf(run, field),
  );
  if (warms || reference.warmupFraction === 0) return reference;
  const isConstant = valueOf(run, 'schedule') === 'constant' && referenceRate(run, name).constantRate;
  if (isConstant) return { ...reference, warmupFraction: 0, schedule: 'constant' };
  if (row?.fromWeights || !startsFromWeights(run)) return reference;
  notes.push(
    text(
      'The proxy begins from random weights and needs a warm-up that a run from trained weights may do without: the reference has none either, and its absence is not judged.',
      '대리 모델은 무작위 가중치에서 시작해 워밍업이 필요하지만, 학습된 가중치에서 시작하는 실행은 없어도 됩니다. 그래서 기준 실행에도 워밍업을 넣지 않았고, 워밍업이 없는 것은 판정하지 않습니다.',
    ),
  );
  return { ...reference, warmupFraction: 0 };
}

function startsFromWeights(run: TrainingRun): boolean {
  if (valueOf(run, 'fromScratch') === true) return false;
  return stageOf(run) === 'fine-tuning' || stageOf(run) === 'preference-tuning' || namesWeights(run);
}

/** The run's player and the other one, each with its own optimizer and rate; the schedule is the run's. */
function beside(
  run: TrainingRun,
  own: Player,
  other: TrainingRun,
  choice: ProxyChoice,
  name: string,
  steps: number,
  scaled: Scaling[],
): Player {
  const { info, row } = choice;
  const kind = valueOf(other, 'optimizer') ?? name;
  if (!hasMultiple(kind)) return own;
  // Told in one line below; the rules are those of the run's own player.
  const aside: Scaling[] = [];
  const peak = scaleRate(other, kind, tunedRate(info, row, kind).rate, aside, []);
  const spec = optimizerSpec(other, kind, info.reference.optimizer);
  const decay = scaleWeightDecay(
    other,
    {
      ...{ kind: splitWrapper(kind).base, spec, peak, steps },
      ...{ horizonLimit: row?.horizonLimit ?? usualHorizon, reference: info.reference.optimizer },
    },
    aside,
    [],
  );
  const opponent: Player = { peak, optimizer: decay === undefined ? spec : withWeightDecay(spec, decay) };
  const isDiscriminator = valueOf(run, 'architecture') === 'gan-discriminator';
  scaled.push({
    what: isDiscriminator
      ? text('Generator’s rate', '생성자 학습률')
      : text('Discriminator’s rate', '판별자 학습률'),
    from: valueOf(other, 'learningRate'),
    to: significant(peak),
    rule: text('the other player of the same file', '같은 파일의 상대 신경망'),
    source: 'proxies.json',
  });
  return isDiscriminator ? bothPlayers(opponent, own) : bothPlayers(own, opponent);
}

/** The healthy twin: the same optimizer at its tuned rate, with the proxy's reference schedule, warm-up and clipping. */
export function referenceSpec(
  info: ProxyInfo,
  name: string,
  rate: number,
  shared: Pick<RunSpec, 'proxy' | 'steps' | 'seed' | 'dataset'>,
): RunSpec {
  const { reference } = info;
  const { wrapper, base } = splitWrapper(name);
  const inner = twinOptimizer(base, reference.optimizer);
  return {
    ...shared,
    optimizer: wrapper ? { kind: wrapper, base: inner } : inner,
    learningRates: Array.from(
      { length: shared.steps },
      (_, k) => rate * referenceFactor(reference, k, shared.steps),
    ),
    ...(reference.clipping && { clipping: reference.clipping }),
  };
}

/** The schedule as a factor of the peak for every step of the proxy. */
function shape(
  run: TrainingRun,
  { info }: ProxyChoice,
  steps: number,
  scaled: Scaling[],
  notes: Text[],
): number[] {
  const { reference } = info;
  const warmupSteps = valueOf(run, 'warmupSteps');
  const warm = scaleWarmup(run, reference, notes);
  const kind = valueOf(run, 'schedule');
  const known = withoutGuessedDrops(warm, reference.schedule, notes);
  // A schedule that waits for a metric decays in some way that nobody can draw beforehand.
  const shapeOf = kind === 'reduce-on-plateau' ? undefined : scheduleShape(known);
  // Rates of a run with a peak of one are the factors themselves.
  const unit = shapeOf && learningRates(applyPeak(known), steps);
  const rule = text('by fractions of the run', '전체에 대한 비율로 옮김');
  if (!unit || !shapeOf) {
    notes.push(
      kind === undefined
        ? text(
            `The config says no schedule; the proxy's own (${reference.schedule}) stands in.`,
            `설정에 스케줄이 없어 대리 모델의 스케줄(${reference.schedule})로 대신합니다.`,
          )
        : text(
            `The schedule "${kind}" cannot be drawn; the proxy's own (${reference.schedule}) stands in.`,
            `"${kind}" 스케줄은 그릴 수 없어 대리 모델의 스케줄(${reference.schedule})로 대신합니다.`,
          ),
    );
    scaled.push({
      what: text('Schedule', '스케줄'),
      from: kind,
      to: reference.schedule,
      rule,
      source: 'proxies.json',
    });
    return Array.from({ length: steps }, (_, k) => referenceFactor(reference, k, steps));
  }
  notes.push(...shapeOf.assumed, ...oddities(shapeOf));
  scaled.push({ what: text('Schedule', '스케줄'), from: kind, to: kind, rule, source: 'run/schedule.ts' });
  scaled.push({
    what: text('Warm-up', '워밍업'),
    from: warmupSteps ?? `${significant(100 * shapeOf.warmup)} %`,
    to: Math.min(steps, Math.round(shapeOf.warmup * steps)),
    rule,
    source: 'run/schedule.ts',
  });
  return [...unit];
}

/** Drops at a guessed time could hold a healthy run back: the proxy's own decay takes their place. */
function withoutGuessedDrops(run: TrainingRun, usual: ScheduleKind, notes: Text[]): TrainingRun {
  if (!scheduleShape(run)?.guessed) return run;
  notes.push(
    text(
      `When the rate drops cannot be told from the file; the proxy's own schedule (${usual}) stands in.`,
      `학습률이 떨어지는 시점을 파일에서 알 수 없어 대리 모델의 스케줄(${usual})로 대신합니다.`,
    ),
  );
  return applyChange(run, { title: text('', ''), safe: false, operations: [set('schedule', usual)] });
}

/** Taken where neither the run nor the proxy says how long a warm-up is. */
const usualWarmup = 0.05;

/**
 * The run with the share of its steps that the proxy warms up over. Some hundred steps are enough for a run of any length (Ma
 * and Yarats 2019: 2 / (1 - β₂) of Adam's); a proxy of some hundred steps needs more than the same share to be as warm.
 */
function scaleWarmup(
  run: TrainingRun,
  { warmupFraction: usual }: ProxyInfo['reference'],
  notes: Text[],
): TrainingRun {
  const ratio = valueOf(run, 'warmupRatio');
  const steps = valueOf(run, 'warmupSteps');
  const epochs = valueOf(run, 'warmupEpochs');
  const over = (share: number): TrainingRun =>
    applyChange(run, { title: text('', ''), safe: false, operations: [set('warmupRatio', share)] });
  if (ratio === undefined && (steps || epochs)) {
    const share = usual || usualWarmup;
    const percent = Math.round(100 * share);
    notes.push(
      steps
        ? text(
            `How long ${steps} warm-up steps are cannot be told without the length of the run; ${percent} % was taken.`,
            `전체 스텝 수를 알 수 없어 워밍업 ${steps} 스텝의 비율을 계산할 수 없습니다. ${percent} %로 가정했습니다.`,
          )
        : text(
            `How long ${epochs} epochs of warm-up are cannot be told without the length of the run; ${percent} % was taken.`,
            `전체 에폭 수를 알 수 없어 워밍업 ${epochs} 에폭의 비율을 계산할 수 없습니다. ${percent} %로 가정했습니다.`,
          ),
    );
    return over(share);
  }
  const total = valueOf(run, 'totalSteps');
  if (!ratio || ratio >= usual) return run;
  if (!total) return epochs && epochs >= limit('warmup-enough-epochs') ? over(usual) : run;
  const base = splitWrapper(valueOf(run, 'optimizer') ?? '').base;
  const memory = base.startsWith('adam') || base === 'nadam' ? 2 / (1 - (valueOf(run, 'beta2') ?? 0.999)) : 0;
  const usualShare = ratio >= limit('warmup-pretraining-fraction') && ratio * total >= memory;
  const enough = usualShare ? ratio * total : Math.max(limit('warmup-enough-steps'), memory);
  const share = usual * Math.min(1, (ratio * total) / enough);
  if (share <= ratio) return run;
  const own = Math.round(ratio * total);
  notes.push(
    text(
      `${own} steps of warm-up enter as ${significant(100 * share, 2)} % of the proxy's run: with so many steps a small share is enough, and the proxy has few.`,
      `워밍업 ${own} 스텝은 대리 모델 실행의 ${significant(100 * share, 2)} %로 옮겼습니다. 스텝이 많으면 적은 비율로도 충분하지만 대리 모델은 스텝이 적기 때문입니다.`,
    ),
  );
  return over(share);
}

/** What the schedule's own numbers say, without any training: exact, and about the user's run. */
function oddities({ kind, warmup, decayEnd, floor }: ScheduleShape): Text[] {
  const percent = (share: number) => `${significant(100 * share, 2)} %`;
  const found: Text[] = [];
  if (warmup > 1)
    found.push(
      text(
        `Warm-up is ${significant(warmup, 2)} times as long as the run: the learning rate only ever reaches ${percent(1 / warmup)} of its peak.`,
        `워밍업이 전체 학습의 ${significant(warmup, 2)}배여서 학습률이 최고값의 ${percent(1 / warmup)}까지만 올라갑니다.`,
      ),
    );
  if (decayEnd < 0.8 && kind !== 'constant' && kind !== 'step' && kind !== 'multi-step')
    found.push(
      text(
        `The learning rate has decayed to ${percent(floor)} of its peak after ${percent(decayEnd)} of the run and stays there.`,
        `학습률이 전체의 ${percent(decayEnd)} 지점에서 이미 최고값의 ${percent(floor)}로 줄어 그대로 유지됩니다.`,
      ),
    );
  if (decayEnd > 1.5 && warmup <= 1 && (kind === 'cosine' || kind === 'linear' || kind === 'polynomial'))
    found.push(
      text(
        `The decay is planned for ${significant(decayEnd, 2)} times the length of the run: training ends before the learning rate has come down.`,
        `감소 구간이 전체 학습의 ${significant(decayEnd, 2)}배로 잡혀 있어 학습률이 다 줄기 전에 학습이 끝납니다.`,
      ),
    );
  return found;
}

function applyPeak(run: TrainingRun): TrainingRun {
  return {
    ...run,
    settings: {
      ...run.settings,
      learningRate: { value: 1, from: 'derived', why: text('peak as the unit', '최고 학습률을 1로 둠') },
    },
  };
}

function describeCoefficients(spec: OptimizerSpec, scaled: Scaling[]): void {
  const inner =
    typeof spec.base === 'object' && spec.base !== null && 'kind' in spec.base
      ? (spec.base as OptimizerSpec)
      : spec;
  for (const name of ['momentum', 'betas', 'alpha', 'eps'] as const) {
    const value = inner[name];
    if (value === undefined || value === null) continue;
    const shown = (Array.isArray(value) ? value : [value]).map((each) => show(Number(each), 6)).join(', ');
    scaled.push({
      what: text(name, name),
      from: shown,
      to: shown,
      rule: text('unchanged', '그대로'),
      source: 'torch.optim',
    });
  }
}
