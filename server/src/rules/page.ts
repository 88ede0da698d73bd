import type { Language } from '../text.ts';
import type { Rule, RuleExample } from './rule.ts';

const words = {
  en: {
    severity: 'Severity',
    category: 'Category',
    fix: 'Fix',
    since: 'Since',
    why: 'Why',
    bad: 'Reported',
    good: 'Not reported',
    fixed: 'After the fix',
    sources: 'Sources',
    disable: 'Switching it off',
    fixes: {
      safe: 'safe (runs with `--fix` and on save)',
      unsafe: 'offered, never applied unasked',
      none: 'none',
    },
  },
  ko: {
    severity: '심각도',
    category: '분류',
    fix: '수정',
    since: '추가된 버전',
    why: '이유',
    bad: '진단이 나오는 예',
    good: '진단이 없는 예',
    fixed: '수정 후',
    sources: '출처',
    disable: '끄는 방법',
    fixes: {
      safe: '안전 (`--fix`와 저장 시 적용)',
      unsafe: '제안만 함 (자동으로 적용하지 않음)',
      none: '없음',
    },
  },
} as const;

/** A rule's page in Markdown, from its metadata alone. */
export function rulePage(rule: Rule, lang: Language): string {
  const { meta } = rule;
  const word = words[lang];
  const parts = [
    `# ${meta.id}`,
    meta.what[lang],
    `| ${word.severity} | ${word.category} | ${word.fix} | ${word.since} |\n|---|---|---|---|\n| ${meta.severity} | ${meta.category} | ${word.fixes[meta.fix]} | ${meta.since} |`,
    `## ${word.why}`,
    meta.why[lang],
    ...section(word.bad, meta.bad, lang, word.fixed),
    ...section(word.good, meta.good, lang, word.fixed),
    `## ${word.sources}`,
    meta.sources.map((source) => `- ${source}`).join('\n'),
    `## ${word.disable}`,
    `\`\`\`yaml\n# trainlint-disable-next-line ${meta.id} -- reason\n\`\`\``,
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, examples: readonly RuleExample[], lang: Language, fixed: string): string[] {
  if (examples.length === 0) return [];
  return [`## ${title}`, ...examples.flatMap((example) => exampleParts(example, lang, fixed))];
}

function exampleParts(example: RuleExample, lang: Language, fixed: string): string[] {
  const language = example.fileName.split('.').pop() ?? '';
  const block = (text: string) => `\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\``;
  const head = `${example.title[lang]} (\`${example.dialect}\`)`;
  return example.fixed === undefined
    ? [head, block(example.text)]
    : [head, block(example.text), `${fixed}:`, block(example.fixed)];
}
