import { sgdVariant } from '../knowledge/optimizers.ts';
import { type Text, text } from '../text.ts';
import type { FieldId, FieldTypes } from './fields.ts';
import type { MutableSettings, Setting } from './setting.ts';
import { isStated, type TrainingRun } from './training-run.ts';

/** Fields that say the same thing in other units; the stated one decides the others. */
export const equivalents: readonly (readonly FieldId[])[] = [
  ['warmupSteps', 'warmupRatio', 'warmupEpochs'],
  ['cooldownSteps', 'cooldownRatio'],
  ['minLearningRate', 'minLearningRateRatio'],
];

/**
 * Completes a run by arithmetic: effective batch, total steps, warm-up in every unit, final rate.
 * Idempotent; never overrides what the file states, replaces a framework's default only by what a stated
 * equivalent says (a stated `warmup_ratio` decides the number of warm-up steps, not the default 0).
 */
export function derive(run: TrainingRun): TrainingRun {
  const settings: MutableSettings = { ...run.settings };
  const draft: TrainingRun = { ...run, settings };
  deriveVariant(settings);
  deriveBatch(draft, settings);
  deriveLength(draft, settings);
  deriveWarmup(draft, settings);
  deriveCooldown(draft, settings);
  deriveFinalRate(draft, settings);
  return { ...run, settings };
}

function put<F extends FieldId>(settings: MutableSettings, field: F, value: FieldTypes[F], why: Text): void {
  const setting: Setting<FieldTypes[F]> = { value, from: 'derived', why };
  (settings as Record<FieldId, unknown>)[field] = setting;
}

/** Whether arithmetic may say this field: nobody states it, readable or not. */
function open(run: TrainingRun, field: FieldId): boolean {
  return !isStated(run, field);
}

/** Frameworks call three optimizers of the tables `SGD`; the settings beside the name tell which one runs. */
function deriveVariant(settings: MutableSettings): void {
  const { optimizer, momentum } = settings;
  if (!optimizer || !sgdFamily.has(optimizer.value) || momentum === undefined) return;
  const value = sgdVariant({ momentum: momentum.value, nesterov: settings.nesterov?.value ?? false });
  if (value !== optimizer.value) settings.optimizer = { ...optimizer, value };
}

const sgdFamily: ReadonlySet<string> = new Set(['sgd', 'sgd-momentum', 'nag']);

function deriveBatch(run: TrainingRun, settings: MutableSettings): void {
  const perDevice = settings.batchPerDevice?.value;
  const accumulation = settings.gradientAccumulation?.value ?? 1;
  if (run.opaque.has('gradientAccumulation') || run.opaque.has('worldSize')) return;
  const world = settings.worldSize?.value;
  const global = settings.globalBatch?.value;
  if (global !== undefined && settings.globalBatch?.from !== 'derived') {
    if (open(run, 'batchPerDevice') && settings.batchPerDevice === undefined && world) {
      const each = global / (accumulation * world);
      if (Number.isInteger(each))
        put(
          settings,
          'batchPerDevice',
          each,
          text(`${global} / (${accumulation} × ${world})`, `${global} / (${accumulation} × ${world})`),
        );
    }
    return;
  }
  if (perDevice === undefined || !open(run, 'globalBatch')) return;
  const why =
    world === undefined
      ? text(
          `${perDevice} × ${accumulation}, on one device; the file does not say how many there are`,
          `${perDevice} × ${accumulation}, 장치 1개 기준 (파일에 장치 수가 없습니다)`,
        )
      : text(
          `${perDevice} per device × ${accumulation} accumulation × ${world} devices`,
          `장치당 ${perDevice} × 누적 ${accumulation} × 장치 ${world}개`,
        );
  put(settings, 'globalBatch', perDevice * accumulation * (world ?? 1), why);
}

function deriveLength(run: TrainingRun, settings: MutableSettings): void {
  const maxSteps = settings.maxSteps?.value;
  if (maxSteps !== undefined && maxSteps > 0) {
    if (open(run, 'totalSteps'))
      put(settings, 'totalSteps', maxSteps, text('the step limit of the file', '파일에 적힌 스텝 수 제한'));
    return;
  }
  const epochs = settings.epochs?.value;
  const size = settings.datasetSize?.value;
  const batch = settings.globalBatch?.value;
  if (epochs === undefined || !size || !batch || !open(run, 'totalSteps') || run.opaque.has('maxSteps'))
    return;
  const perEpoch = Math.ceil(size / batch);
  put(
    settings,
    'totalSteps',
    Math.ceil(epochs * perEpoch),
    text(
      `${epochs} epochs × ${perEpoch} steps (${size} samples / ${batch})`,
      `${epochs} 에폭 × ${perEpoch} 스텝 (표본 ${size}개 / ${batch})`,
    ),
  );
}

function deriveWarmup(run: TrainingRun, settings: MutableSettings): void {
  const group = ['warmupSteps', 'warmupRatio', 'warmupEpochs'] as const;
  if (group.some((field) => run.opaque.has(field))) return;
  const source =
    group.find((field) => isStated(run, field) && settings[field] !== undefined) ??
    group.find((field) => settings[field]?.from === 'default') ??
    group.find((field) => settings[field] !== undefined);
  if (!source) return;
  const value = settings[source]?.value ?? 0;
  const total = settings.totalSteps?.value;
  const epochs = settings.epochs?.value;
  const ratio =
    source === 'warmupRatio'
      ? value
      : value === 0
        ? 0
        : source === 'warmupSteps'
          ? total && value / total
          : settings.maxSteps?.value && settings.maxSteps.value > 0
            ? undefined
            : epochs && value / epochs;
  const why = text(
    `from the warm-up given in ${unitName[source].en}`,
    `${unitName[source].ko} 단위로 적힌 워밍업에서 계산`,
  );
  if (ratio === undefined) return;
  if (source !== 'warmupRatio' && open(run, 'warmupRatio')) put(settings, 'warmupRatio', ratio, why);
  if (source !== 'warmupSteps' && open(run, 'warmupSteps')) {
    // A stated ratio makes a default number of steps (usually 0) untrue even where the steps cannot be computed.
    if (total || ratio === 0) put(settings, 'warmupSteps', Math.ceil(ratio * (total ?? 0)), why);
    else delete settings.warmupSteps;
  }
  if (source !== 'warmupEpochs' && epochs !== undefined && open(run, 'warmupEpochs'))
    put(settings, 'warmupEpochs', ratio * epochs, why);
}

const unitName = {
  warmupSteps: { en: 'steps', ko: '스텝' },
  warmupRatio: { en: 'a fraction of the run', ko: '전체 비율' },
  warmupEpochs: { en: 'epochs', ko: '에폭' },
} as const;

function deriveCooldown(run: TrainingRun, settings: MutableSettings): void {
  const total = settings.totalSteps?.value;
  const { cooldownSteps: steps, cooldownRatio: ratio } = settings;
  if (!total) return;
  const why = text(`of ${total} steps`, `전체 ${total} 스텝 기준`);
  if (steps && steps.from !== 'derived' && open(run, 'cooldownRatio'))
    put(settings, 'cooldownRatio', Math.min(1, steps.value / total), why);
  else if (ratio && ratio.from !== 'derived' && open(run, 'cooldownSteps'))
    put(settings, 'cooldownSteps', Math.round(ratio.value * total), why);
}

function deriveFinalRate(run: TrainingRun, settings: MutableSettings): void {
  const peak = settings.learningRate?.value;
  if (!peak) return;
  const final = settings.minLearningRate;
  const ratio = settings.minLearningRateRatio;
  const why = text(`with the peak of ${peak}`, `최고 학습률 ${peak} 기준`);
  if (ratio && ratio.from !== 'derived' && open(run, 'minLearningRate'))
    put(settings, 'minLearningRate', peak * ratio.value, why);
  else if (final && final.from !== 'derived' && open(run, 'minLearningRateRatio'))
    put(settings, 'minLearningRateRatio', final.value / peak, why);
}
