import { text } from '../../text.ts';
import type { RuleExample } from '../rule.ts';

/**
 * A config of a rule's documentation. `source` is a template literal that starts with a line break, so that the
 * config stands flush left in the rule's file. `fix` gives what the first fix alters, as pairs of old and new text;
 * each old text stands in the config exactly once.
 */
export function example(
  dialect: string,
  fileName: string,
  en: string,
  ko: string,
  source: string,
  ...fix: readonly (readonly [from: string, to: string])[]
): RuleExample {
  const config = source.replace(/^\n/, '');
  const base = { title: text(en, ko), dialect, fileName, text: config };
  if (fix.length === 0) return base;
  const fixed = fix.reduce((now, [from, to]) => {
    if (now.split(from).length !== 2) throw new Error(`${fileName}: "${from}" does not stand there once`);
    return now.replace(from, () => to);
  }, config);
  return { ...base, fixed };
}
