import { clippingMissing } from './clipping-missing.ts';
import { floatAsString } from './float-as-string.ts';
import { ganBeta1 } from './gan-beta1.ts';
import { invalidDirective } from './invalid-directive.ts';
import { lrBatchScaling } from './lr-batch-scaling.ts';
import { lrConstant } from './lr-constant.ts';
import { lrRange } from './lr-range.ts';
import { momentumHigh } from './momentum-high.ts';
import { noneAsText } from './none-as-text.ts';
import { octalInteger } from './octal-integer.ts';
import { optimizerArchitecture } from './optimizer-architecture.ts';
import { optimizerDomain } from './optimizer-domain.ts';
import { quotedNumber } from './quoted-number.ts';
import type { Rule } from './rule.ts';
import { sexagesimalInteger } from './sexagesimal-integer.ts';
import { syntaxError } from './syntax-error.ts';
import { unusedSuppression } from './unused-suppression.ts';
import { warmupMissing } from './warmup-missing.ts';
import { warmupTooLong } from './warmup-too-long.ts';
import { weightDecayRange } from './weight-decay-range.ts';

/** Every rule, in alphabetical order. */
export const rules: readonly Rule[] = [
  clippingMissing,
  floatAsString,
  ganBeta1,
  lrBatchScaling,
  lrConstant,
  lrRange,
  momentumHigh,
  noneAsText,
  octalInteger,
  optimizerArchitecture,
  optimizerDomain,
  quotedNumber,
  sexagesimalInteger,
  warmupMissing,
  warmupTooLong,
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
