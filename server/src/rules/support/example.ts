import { text } from '../../text.ts';
import type { RuleExample } from '../rule.ts';

/**
 * A config of a rule's documentation. `source` is a template literal that starts with a line break, so that the
 * config stands flush left in the rule's file; `fixed` likewise.
 */
export function example(
  dialect: string,
  fileName: string,
  en: string,
  ko: string,
  source: string,
  fixed?: string,
): RuleExample {
  const base = { title: text(en, ko), dialect, fileName, text: flush(source) };
  return fixed === undefined ? base : { ...base, fixed: flush(fixed) };
}

function flush(source: string): string {
  return source.replace(/^\n/, '').replace(/[ \t]+$/, '');
}
