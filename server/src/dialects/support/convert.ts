import type { FieldId, FieldTypes } from '../../run/fields.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { tidy } from './numbers.ts';

/** A field that says the same in another unit, with the value in that unit. */
export interface Equivalent {
  readonly field: FieldId;
  readonly value: number;
}

/**
 * Other ways to say `field = value`, best first, with the totals the run knows. Empty when the run does not know
 * enough: a number of warm-up steps cannot become a fraction of a run whose length nobody knows.
 */
export function equivalentsOf(field: FieldId, value: unknown, run: TrainingRun): readonly Equivalent[] {
  if (typeof value !== 'number') return [];
  const total = valueOf(run, 'totalSteps');
  const epochs = valueOf(run, 'epochs');
  const peak = valueOf(run, 'learningRate');
  const list: (Equivalent | undefined)[] = [];
  const say = (to: FieldId, result: number | undefined) => {
    if (result !== undefined && Number.isFinite(result)) list.push({ field: to, value: tidy(result) });
  };
  const steps = (ratio: number) => (value === 0 ? 0 : total && Math.max(1, Math.round(ratio * total)));
  switch (field) {
    case 'warmupRatio':
      say('warmupSteps', steps(value));
      say('warmupEpochs', epochs && value * epochs);
      break;
    case 'warmupSteps':
      say('warmupRatio', value === 0 ? 0 : total && value / total);
      say('warmupEpochs', value === 0 ? 0 : total && epochs && (value / total) * epochs);
      break;
    case 'warmupEpochs':
      say('warmupRatio', value === 0 ? 0 : epochs && value / epochs);
      say('warmupSteps', value === 0 ? 0 : epochs && steps(value / epochs));
      break;
    case 'cooldownRatio':
      say('cooldownSteps', steps(value));
      break;
    case 'cooldownSteps':
      say('cooldownRatio', total && value / total);
      break;
    case 'minLearningRate':
      say('minLearningRateRatio', value === 0 ? 0 : peak && value / peak);
      break;
    case 'minLearningRateRatio':
      say('minLearningRate', value === 0 ? 0 : peak && value * peak);
      break;
    case 'globalBatch':
      batchParts(value, run, say);
      break;
    case 'batchPerDevice': {
      const world = valueOf(run, 'worldSize');
      say('globalBatch', world && value * world * (valueOf(run, 'gradientAccumulation') ?? 1));
      break;
    }
    case 'gradientAccumulation': {
      // Where the batch of a device is only worked out, another global batch would change it instead.
      const each = run.settings.batchPerDevice?.from === 'file' ? valueOf(run, 'batchPerDevice') : undefined;
      const world = valueOf(run, 'worldSize');
      say('globalBatch', each && world && each * value * world);
      break;
    }
    case 'totalSteps':
      say('maxSteps', value);
      say('epochs', total && epochs && (value / total) * epochs);
      break;
    case 'maxSteps':
      say('epochs', total && epochs && (value / total) * epochs);
      break;
    case 'epochs':
      say('maxSteps', total && epochs && Math.max(1, Math.round((value / epochs) * total)));
      break;
    default:
  }
  return list.filter((item) => item !== undefined);
}

/** A global batch is said by the per-device batch, or by accumulation where that does not come out even. */
function batchParts(
  global: FieldTypes['globalBatch'],
  run: TrainingRun,
  say: (field: FieldId, value: number | undefined) => void,
): void {
  const world = valueOf(run, 'worldSize') ?? 1;
  const accumulation = valueOf(run, 'gradientAccumulation') ?? 1;
  const each = valueOf(run, 'batchPerDevice');
  const perDevice = global / (accumulation * world);
  if (Number.isInteger(perDevice) && perDevice > 0) say('batchPerDevice', perDevice);
  const times = each ? global / (each * world) : 0;
  if (Number.isInteger(times) && times > 0) say('gradientAccumulation', times);
}
