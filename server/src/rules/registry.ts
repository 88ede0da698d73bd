import { adamLargeBatch } from './adam-large-batch.ts';
import { adamWeightDecay } from './adam-weight-decay.ts';
import { batchArithmetic } from './batch-arithmetic.ts';
import { beta2Horizon } from './beta2-horizon.ts';
import { bf16TinySteps } from './bf16-tiny-steps.ts';
import { boolAsWord } from './bool-as-word.ts';
import { clipNormRange } from './clip-norm-range.ts';
import { clippingMissing } from './clipping-missing.ts';
import { conflictingSettings } from './conflicting-settings.ts';
import { countDomain } from './count-domain.ts';
import { decayBeyondRun } from './decay-beyond-run.ts';
import { decayTooEarly } from './decay-too-early.ts';
import { deprecatedKey } from './deprecated-key.ts';
import { duplicateKey } from './duplicate-key.ts';
import { durationTwice } from './duration-twice.ts';
import { epsBelowFp16 } from './eps-below-fp16.ts';
import { epsHigh } from './eps-high.ts';
import { floatAsString } from './float-as-string.ts';
import { fp16Bf16Model } from './fp16-bf16-model.ts';
import { ganBeta1 } from './gan-beta1.ts';
import { ganLearningRates } from './gan-learning-rates.ts';
import { hyperparameterDomain } from './hyperparameter-domain.ts';
import { ignoredSetting } from './ignored-setting.ts';
import { intForFloat } from './int-for-float.ts';
import { invalidDirective } from './invalid-directive.ts';
import { lambSmallBatch } from './lamb-small-batch.ts';
import { lionLearningRate } from './lion-learning-rate.ts';
import { lrBatchScaling } from './lr-batch-scaling.ts';
import { lrConstant } from './lr-constant.ts';
import { lrRange } from './lr-range.ts';
import { minLrAbovePeak } from './min-lr-above-peak.ts';
import { misplacedKey } from './misplaced-key.ts';
import { momentumHigh } from './momentum-high.ts';
import { multiplierRateLow } from './multiplier-rate-low.ts';
import { nesterovWithoutMomentum } from './nesterov-without-momentum.ts';
import { noneAsText } from './none-as-text.ts';
import { octalInteger } from './octal-integer.ts';
import { oneCycleWarmup } from './one-cycle-warmup.ts';
import { optimizerArchitecture } from './optimizer-architecture.ts';
import { optimizerDomain } from './optimizer-domain.ts';
import { optimizerGoal } from './optimizer-goal.ts';
import { optimizerTrait } from './optimizer-trait.ts';
import { precisionConflict } from './precision-conflict.ts';
import { quotedNumber } from './quoted-number.ts';
import { radamWarmup } from './radam-warmup.ts';
import { recsysHybridOptimizer } from './recsys-hybrid-optimizer.ts';
import type { Rule } from './rule.ts';
import { scheduleOptimizer } from './schedule-optimizer.ts';
import { sexagesimalInteger } from './sexagesimal-integer.ts';
import { switchToSgd } from './switch-to-sgd.ts';
import { syntaxError } from './syntax-error.ts';
import { unknownKey } from './unknown-key.ts';
import { unknownValue } from './unknown-value.ts';
import { unusedSuppression } from './unused-suppression.ts';
import { warmupMissing } from './warmup-missing.ts';
import { warmupTooLong } from './warmup-too-long.ts';
import { warmupTwice } from './warmup-twice.ts';
import { weightDecayRange } from './weight-decay-range.ts';

/** Every rule, in alphabetical order. */
export const rules: readonly Rule[] = [
  adamLargeBatch,
  adamWeightDecay,
  batchArithmetic,
  beta2Horizon,
  bf16TinySteps,
  boolAsWord,
  clipNormRange,
  clippingMissing,
  conflictingSettings,
  countDomain,
  decayBeyondRun,
  decayTooEarly,
  deprecatedKey,
  duplicateKey,
  durationTwice,
  epsBelowFp16,
  epsHigh,
  floatAsString,
  fp16Bf16Model,
  ganBeta1,
  ganLearningRates,
  hyperparameterDomain,
  ignoredSetting,
  intForFloat,
  lambSmallBatch,
  lionLearningRate,
  lrBatchScaling,
  lrConstant,
  lrRange,
  minLrAbovePeak,
  misplacedKey,
  momentumHigh,
  multiplierRateLow,
  nesterovWithoutMomentum,
  noneAsText,
  octalInteger,
  oneCycleWarmup,
  optimizerArchitecture,
  optimizerDomain,
  optimizerGoal,
  optimizerTrait,
  precisionConflict,
  quotedNumber,
  radamWarmup,
  recsysHybridOptimizer,
  scheduleOptimizer,
  sexagesimalInteger,
  switchToSgd,
  unknownKey,
  unknownValue,
  warmupMissing,
  warmupTooLong,
  warmupTwice,
  weightDecayRange,
  // What the engine itself reports.
  syntaxError,
  invalidDirective,
  unusedSuppression,
];

const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
