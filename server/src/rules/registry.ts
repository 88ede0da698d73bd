import { clippingMissing } from './clipping-missing.ts';
import { floatAsString } from './float-as-string.ts';
import { ganBeta1 } from './gan-beta1.ts';
import { invalidDirective } from './invalid-directive.ts';
import { lrConstant } from './lr-constant.ts';
import { momentumHigh } from './momentum-high.ts';
import { noneAsText } from './none-as-text.ts';
import { octalInteger } from './octal-integer.ts';
import { quotedNumber } from './quoted-number.ts';
import type { Rule } from './rule.ts';
import { sexagesimalInteger } from './sexagesimal-integer.ts';
import { syntaxError } from './syntax-error.ts';
import { unusedSuppression } from './unused-suppression.ts';
import { warmupMissing } from './warmup-missing.ts';
import { warmupTooLong } from './warmup-too-long.ts';

/** Every rule, by category and then by weight: the order of the documentation. */
export const rules: readonly Rule[] = [
  clippingMissing,
  floatAsString,
  ganBeta1,
  lrConstant,
  momentumHigh,
  noneAsText,
  octalInteger,
  quotedNumber,
  sexagesimalInteger,
  warmupMissing,
  warmupTooLong,
  syntaxError,
  invalidDirective,
  unusedSuppression,
];

const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));

export function ruleById(id: string): Rule | undefined {
  return byId.get(id);
}
