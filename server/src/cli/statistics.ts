import pc from 'picocolors';
import type { LintedFile } from './formats/formats.ts';
import type { CliIo } from './io.ts';

/** Counts per rule and dialect, and which rules had nothing to go by: silence is not coverage. */
export function statistics(files: readonly LintedFile[], io: CliIo): string {
  const { bold, dim } = pc.createColors(io.color);
  const configs = files.filter(({ config }) => config);
  const ko = io.lang === 'ko';
  const lines: string[] = ['', bold(ko ? '통계' : 'Statistics')];
  lines.push(
    `  ${ko ? '파일' : 'files'} ${files.length}, ${ko ? '학습 설정' : 'training configs'} ${configs.length}`,
  );
  lines.push(...table(tally(configs.map(({ config }) => config?.dialect.id ?? ''))));
  const suppressed = files.reduce((sum, file) => sum + file.suppressed, 0);
  lines.push('', bold(ko ? '규칙별 진단' : 'Findings by rule'));
  lines.push(
    ...table(
      tally(files.flatMap(({ findings }) => findings.map(({ rule, severity }) => `${rule} (${severity})`))),
    ),
  );
  if (suppressed > 0) lines.push(`  ${ko ? '억제됨' : 'suppressed'} ${suppressed}`);
  const silent = tally(
    files.flatMap(({ notRun }) => notRun.map(({ rule, why }) => `${rule}: ${why[io.lang]}`)),
  );
  if (silent.length > 0) {
    lines.push('', bold(ko ? '실행하지 못한 규칙' : 'Rules that could not tell'));
    lines.push(...table(silent).map((line) => dim(line)));
  }
  return `${lines.join('\n')}\n`;
}

function tally(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

const table = (rows: readonly [string, number][]) =>
  rows.map(([word, count]) => `  ${String(count).padStart(5)}  ${word}`);
