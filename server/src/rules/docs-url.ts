import type { Language } from '../text.ts';

/** Where a rule's page is read in a browser; the same pages lie in `docs/rules/`. */
const pages = 'https://github.com/trainlint/trainlint/blob/main/docs/rules';

export function ruleDocsUrl(rule: string, lang: Language): string {
  return lang === 'ko' ? `${pages}/ko/${rule}.md` : `${pages}/${rule}.md`;
}
