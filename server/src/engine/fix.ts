import { writeChange } from '../dialects/write.ts';
import { applyEdits } from '../document/edit.ts';
import type { TextEdit } from '../document/types.ts';
import type { Change } from '../run/change.ts';
import type { ConfigFile } from './config-file.ts';
import { type LintFinding, lint, type RuleLevels } from './lint.ts';
import { type OpenOptions, openConfig } from './open.ts';

export interface Fix {
  readonly change: Change;
  readonly edits: readonly TextEdit[];
}

/** The finding's changes that this file's framework can say, as edits. */
export function fixesFor(file: ConfigFile, finding: LintFinding): readonly Fix[] {
  const fixes: Fix[] = [];
  for (const change of finding.changes) {
    if (change.lastResort && fixes.length > 0) continue;
    const edits = writeChange(file, finding.run ?? 0, change);
    if (edits?.length) fixes.push({ change, edits });
  }
  return fixes;
}

/** Passes after which we stop, as ESLint does: a fix may bring another finding to light. */
const passes = 10;

/**
 * The text after every applicable fix: the first fix of each finding, safe ones only unless `unsafe`.
 * Fixes that would overlap wait for the next pass. Returns the same text when there is nothing to do.
 */
export function fixAll(
  source: string,
  fileName: string,
  options: OpenOptions & { unsafe?: boolean; levels?: RuleLevels } = {},
): { text: string; fixed: number } {
  let current = source;
  let fixed = 0;
  for (let pass = 0; pass < passes; pass++) {
    const { file } = openConfig(current, fileName, options);
    if (!file) break;
    const edits: TextEdit[] = [];
    // What the file says before what a run lacks: a misspelled key, once mended, may be the one that was missed.
    const { findings } = lint(file, options.levels);
    const ofFile = findings.filter(({ run }) => run === undefined);
    const ofRuns = findings.filter(({ run }) => run !== undefined);
    let renamed = false;
    for (const finding of [...ofFile, ...ofRuns]) {
      if (renamed && finding.run !== undefined) break;
      const fix = fixesFor(file, finding).find(({ change }) => change.safe || options.unsafe);
      if (!fix || fix.edits.some((edit) => edits.some((other) => touches(edit, other)))) continue;
      edits.push(...fix.edits);
      renamed ||= fix.change.operations.some(({ op }) => op === 'rename');
      fixed++;
    }
    if (edits.length === 0) break;
    const next = applyEdits(current, edits);
    if (next === current) break;
    current = next;
  }
  return { text: current, fixed };
}

/** Adjacent insertions count as touching: their order would be undefined. */
function touches(a: TextEdit, b: TextEdit): boolean {
  return a.span.start <= b.span.end && b.span.start <= a.span.end;
}
