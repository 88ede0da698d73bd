import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { positionAt } from '../document/position.ts';
import type { FixableFinding, LintedFile } from './formats/formats.ts';
import { type CliIo, UsageError } from './io.ts';

/** What was known when the baseline was taken: how many findings of a rule stand on lines of the same text. */
type Baseline = Record<string, number>;

/**
 * Removes the findings that the baseline knows. A finding is known by file, rule and the text of its line, not by
 * line number, so that edits elsewhere do not bring it back. Writes the baseline when the file does not exist.
 */
export function applyBaseline(files: readonly LintedFile[], path: string, io: CliIo): readonly LintedFile[] {
  if (!existsSync(path)) {
    const taken: Baseline = {};
    for (const file of files)
      for (const finding of file.findings) {
        const key = keyOf(file, finding);
        taken[key] = (taken[key] ?? 0) + 1;
      }
    writeFileSync(path, `${JSON.stringify({ version: 1, findings: taken }, null, 2)}\n`);
    io.stderr.write(
      io.lang === 'ko' ? `기준선을 새로 만들었습니다: ${path}\n` : `Wrote a new baseline: ${path}\n`,
    );
    return files.map((file) => ({ ...file, findings: [] }));
  }
  const left = new Map(Object.entries(read(path)));
  return files.map((file) => ({
    ...file,
    findings: file.findings.filter((finding) => {
      const key = keyOf(file, finding);
      const known = left.get(key) ?? 0;
      if (known > 0) left.set(key, known - 1);
      return known === 0;
    }),
  }));
}

function read(path: string): Baseline {
  try {
    const { version, findings } = JSON.parse(readFileSync(path, 'utf8')) as {
      version: number;
      findings: Baseline;
    };
    if (version === 1 && typeof findings === 'object') return findings;
  } catch {
    // Said below, with what to do.
  }
  throw new UsageError(`--baseline ${path}: not a baseline of this program; delete it to take a new one`);
}

function keyOf(file: LintedFile, finding: FixableFinding): string {
  const { document } = file;
  if (!document) return `${file.name} ${finding.rule}`;
  const { line } = positionAt(document, finding.span.start);
  const content = document.text.slice(document.lineStarts[line], document.lineStarts[line + 1]).trim();
  return `${file.name} ${finding.rule} ${content}`;
}
