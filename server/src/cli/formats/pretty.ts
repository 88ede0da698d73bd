import pc from 'picocolors';
import type { ConfigDocument } from '../../document/types.ts';
import type { Severity } from '../../knowledge/ids.ts';
import { codeFrame, frameIndent } from '../code-frame.ts';
import type { CliIo } from '../io.ts';
import { wrap } from '../wrap.ts';
import type { Colors, FixableFinding, Format, LintedFile } from './formats.ts';

const names: Readonly<Record<Severity, { en: string; ko: string }>> = {
  error: { en: 'error', ko: '오류' },
  warning: { en: 'warning', ko: '경고' },
  information: { en: 'info', ko: '정보' },
  hint: { en: 'hint', ko: '힌트' },
};

/** For people: the line itself, what is marked on it, the message, and what can be done. */
export const pretty: Format = (files, io) => {
  const colors = pc.createColors(io.color);
  for (const file of files)
    if (file.document && file.findings.length > 0) printFile(file, file.document, io, colors);
  io.stdout.write(summary(files, io, colors));
};

function printFile(file: LintedFile, document: ConfigDocument, io: CliIo, colors: Colors): void {
  const dialect = file.config?.dialect.name ?? '';
  io.stdout.write(`${colors.bold(colors.underline(file.name))}  ${colors.dim(dialect)}\n\n`);
  for (const finding of file.findings) io.stdout.write(`${printFinding(finding, document, io, colors)}\n`);
}

function printFinding(finding: FixableFinding, document: ConfigDocument, io: CliIo, colors: Colors): string {
  const paint = painter(finding.severity, colors);
  const width = io.width ?? 80;
  const label = `${paint(colors.bold(names[finding.severity][io.lang]))} ${colors.dim(finding.rule)}`;
  const frame = codeFrame(document, finding.span, { width, colors, paint, label });
  const indent = ' '.repeat(frameIndent(document));
  const room = Math.min(width - indent.length, 100);
  const body = wrap(finding.message[io.lang], room).map((part) => `${indent}${part}\n`);
  const fixes = finding.fixes.slice(0, 3).map(({ change }) => {
    const mark = change.safe
      ? colors.green(io.lang === 'ko' ? '수정' : 'fix')
      : colors.cyan(io.lang === 'ko' ? '제안' : 'try');
    return `${indent}${mark} ${change.title[io.lang]}\n`;
  });
  return `${frame}${body.join('')}${fixes.join('')}`;
}

function painter(severity: Severity, colors: Colors): (text: string) => string {
  if (severity === 'error') return colors.red;
  if (severity === 'warning') return colors.yellow;
  return severity === 'information' ? colors.blue : colors.dim;
}

function summary(files: readonly LintedFile[], io: CliIo, colors: Colors): string {
  const configs = files.filter(({ document }) => document).length;
  const findings = files.flatMap((file) => file.findings);
  const safe = findings.filter(({ fixes }) => fixes.some(({ change }) => change.safe)).length;
  const parts = (Object.keys(names) as Severity[])
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => painter(severity, colors)(counted(count, severity, io)));
  const where =
    io.lang === 'ko' ? `학습 설정 ${configs}개` : `${configs} training config${configs === 1 ? '' : 's'}`;
  const skipped = files.length - configs;
  const other =
    io.lang === 'ko'
      ? `다른 파일 ${skipped}개는 건드리지 않음`
      : `${skipped} other file${skipped === 1 ? '' : 's'} left alone`;
  const head =
    parts.length > 0 ? parts.join(', ') : colors.green(io.lang === 'ko' ? '문제 없음' : 'nothing to report');
  const fix =
    safe > 0
      ? `\n${colors.dim(io.lang === 'ko' ? `${safe}개는 --fix로 고칠 수 있습니다.` : `${safe} can be fixed with --fix.`)}`
      : '';
  return `${head} ${colors.dim(`· ${where}${skipped > 0 ? ` · ${other}` : ''}`)}${fix}\n`;
}

function counted(count: number, severity: Severity, io: CliIo): string {
  if (io.lang === 'ko') return `${names[severity].ko} ${count}개`;
  const plural = count > 1 && severity !== 'information' ? 's' : '';
  return `${count} ${names[severity].en}${plural}`;
}
