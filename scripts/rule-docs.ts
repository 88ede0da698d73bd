/**
 * Writes docs/rules/ (English) and docs/rules/ko/ (Korean) from the rules' metadata: `npx tsx scripts/rule-docs.ts`.
 * A test checks that the pages are current.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rulePage } from '../server/src/rules/page.ts';
import { rules } from '../server/src/rules/registry.ts';
import type { RuleCategory } from '../server/src/rules/rule.ts';
import type { Language } from '../server/src/text.ts';

export const rulePagesFolder = fileURLToPath(new URL('../docs/rules', import.meta.url));

const categories: Readonly<Record<RuleCategory, Record<Language, string>>> = {
  'learning-rate': { en: 'Learning rate', ko: '학습률' },
  schedule: { en: 'Schedule and warm-up', ko: '스케줄과 워밍업' },
  optimizer: { en: 'Optimizer', ko: '옵티마이저' },
  batch: { en: 'Batch', ko: '배치' },
  stability: { en: 'Stability', ko: '안정성' },
  regularisation: { en: 'Regularisation', ko: '정규화' },
  precision: { en: 'Precision', ko: '정밀도' },
  value: { en: 'Values and their spelling', ko: '값과 표기' },
  key: { en: 'Keys', ko: '키' },
};

const words = {
  en: {
    title: 'Rules',
    intro: 'Written by `npx tsx scripts/rule-docs.ts` from the rules themselves; do not edit.',
    head: '| rule | severity | fix | what it reports |',
  },
  ko: {
    title: '규칙',
    intro: '규칙의 메타데이터에서 `npx tsx scripts/rule-docs.ts`로 만든 문서입니다. 직접 고치지 마세요.',
    head: '| 규칙 | 심각도 | 수정 | 알리는 내용 |',
  },
} as const;

/** Every page by its path under docs/rules. */
export function rulePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const lang of ['en', 'ko'] as const) {
    const folder = lang === 'en' ? '' : 'ko/';
    pages.set(`${folder}README.md`, index(lang));
    for (const rule of rules) pages.set(`${folder}${rule.meta.id}.md`, rulePage(rule, lang));
  }
  return pages;
}

function index(lang: Language): string {
  const sections = (Object.keys(categories) as RuleCategory[]).flatMap((category) => {
    const rows = rules
      .filter(({ meta }) => meta.category === category)
      .map(
        ({ meta: { id, severity, fix, what } }) =>
          `| [${id}](${id}.md) | ${severity} | ${fix} | ${what[lang]} |`,
      );
    if (rows.length === 0) return [];
    return [`## ${categories[category][lang]}`, [words[lang].head, '|---|---|---|---|', ...rows].join('\n')];
  });
  return `${[`# ${words[lang].title}`, words[lang].intro, ...sections].join('\n\n')}\n`;
}

/** The pages that lie in the folder now, by the same paths. */
export function writtenPages(folder: string = rulePagesFolder): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replaceAll('\\', '/'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pages = rulePages();
  mkdirSync(join(rulePagesFolder, 'ko'), { recursive: true });
  for (const name of writtenPages()) if (!pages.has(name)) rmSync(join(rulePagesFolder, name));
  for (const [name, page] of pages) {
    const path = join(rulePagesFolder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, page);
  }
}
