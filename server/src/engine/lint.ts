import { positionAt } from '../document/position.ts';
import type { SyntaxProblem } from '../document/types.ts';
import type { Severity } from '../knowledge/ids.ts';
import { rules } from '../rules/registry.ts';
import type { CannotTell, Finding, Rule } from '../rules/rule.ts';
import { type Text, text } from '../text.ts';
import type { ConfigFile } from './config-file.ts';
import { type Directives, readDirectives, type Suppression } from './directives.ts';

export interface LintFinding extends Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Index into `file.runs` that it speaks of; undefined for findings about the file. */
  readonly run?: number;
}

/** A rule that had nothing to go by: silence that is not coverage. */
export interface NotRun {
  readonly rule: string;
  readonly why: Text;
}

export interface LintResult {
  /** In order of position. */
  readonly findings: readonly LintFinding[];
  readonly suppressed: readonly LintFinding[];
  readonly notRun: readonly NotRun[];
}

/** Severity each rule is asked to report at, over the file's project settings: the command line's `--rule`. */
export type RuleLevels = Readonly<Record<string, Severity | 'off'>>;

/** Runs every rule over a file. Pure; a rule that throws is reported as not run, the others still run. */
export function lint(
  file: ConfigFile,
  levels: RuleLevels = {},
  directives = readDirectives(file.document),
): LintResult {
  const notRun: NotRun[] = [];
  const level = (rule: string) => levels[rule] ?? file.levels[rule];
  const found: LintFinding[] = [];
  for (const rule of rules) {
    const wanted = level(rule.meta.id);
    if (wanted === 'off' || rule.scope === 'engine') continue;
    for (const one of runRule(rule, file)) {
      if ('cannotTell' in one) notRun.push({ rule: rule.meta.id, why: one.cannotTell });
      else found.push({ ...one, rule: rule.meta.id, severity: wanted ?? one.severity ?? rule.meta.severity });
    }
  }
  const own = engineFindings(file, directives).filter(({ rule }) => level(rule) !== 'off');
  const { kept, suppressed, unused } = suppress(file, once([...found, ...own]), directives.suppressions);
  const all = level('unused-suppression') === 'off' ? kept : [...kept, ...unused];
  const leveled = all.map((one) => {
    const wanted = level(one.rule);
    return wanted && wanted !== 'off' ? { ...one, severity: wanted } : one;
  });
  leveled.sort((a, b) => a.span.start - b.span.start || a.rule.localeCompare(b.rule));
  return { findings: leveled, suppressed, notRun };
}

/** Two runs that share a key (the players of a GAN) are told of it once. */
function once(findings: readonly LintFinding[]): LintFinding[] {
  const said = new Set<string>();
  return findings.filter(({ rule, span, message }) => {
    const what = JSON.stringify([rule, span.start, span.end, message.en]);
    return !said.has(what) && said.add(what);
  });
}

type Outcome = (Finding & { run?: number }) | CannotTell;

function* runRule(rule: Exclude<Rule, { scope: 'engine' }>, file: ConfigFile): Iterable<Outcome> {
  const guarded = (check: () => readonly Finding[] | CannotTell): readonly Outcome[] => {
    try {
      const result = check();
      return 'cannotTell' in result ? [result] : result;
    } catch (fault) {
      return [
        { cannotTell: text(`the rule failed: ${String(fault)}`, `규칙 실행 중 오류: ${String(fault)}`) },
      ];
    }
  };
  if (rule.scope === 'file') yield* guarded(() => rule.check(file));
  else
    for (const [index, run] of file.runs.entries())
      for (const one of guarded(() => rule.check(run, file)))
        yield 'cannotTell' in one ? one : { ...one, run: index };
}

/** What the engine itself notices: broken text and directives nobody can follow. */
function engineFindings(file: ConfigFile, directives: Directives): LintFinding[] {
  // A template is not what is loaded: a program fills in its place holders first.
  const isTemplate = /template|\.(?:tmpl|tpl|j2)\./i.test(file.fileName.replace(/^.*[/\\]/, ''));
  const syntax = isTemplate
    ? []
    : file.document.problems.filter((problem: SyntaxProblem) => problem.code !== 'duplicate-key');
  return [
    ...syntax.map(
      (problem): LintFinding => ({
        rule: 'syntax-error',
        severity: 'error',
        message: problem.message,
        span: problem.span,
        evidence: [],
        changes: [],
      }),
    ),
    ...directives.problems.map(
      (problem): LintFinding => ({
        rule: 'invalid-directive',
        severity: 'warning',
        message: problem.message,
        span: problem.span,
        evidence: [],
        changes: [],
      }),
    ),
    ...directives.suppressions.flatMap((one) => unknownRules(one)),
  ];
}

function unknownRules(suppression: Suppression): LintFinding[] {
  const known = new Set(rules.map((rule) => rule.meta.id));
  return suppression.rules
    .filter((id) => !known.has(id))
    .map((id) => ({
      rule: 'invalid-directive',
      severity: 'warning',
      message: text(
        `There is no rule \`${id}\` to disable. \`trainlint rules\` lists them.`,
        `\`${id}\` 규칙은 없습니다. \`trainlint rules\`로 목록을 확인하세요.`,
      ),
      span: suppression.span,
      evidence: [],
      changes: [],
    }));
}

function suppress(file: ConfigFile, findings: readonly LintFinding[], suppressions: readonly Suppression[]) {
  const used = new Set<Suppression>();
  const kept: LintFinding[] = [];
  const suppressed: LintFinding[] = [];
  for (const finding of findings) {
    const line = positionAt(file.document, finding.span.start).line;
    const by = suppressions.filter(
      (one) =>
        (one.rules.length === 0 || one.rules.includes(finding.rule)) &&
        (one.scope === 'file' || one.line === line),
    );
    // A broken file or directive cannot be wished away by a blanket suppression.
    const silenced = by.some((one) => one.rules.includes(finding.rule) || finding.rule !== 'syntax-error');
    for (const one of by) used.add(one);
    (silenced ? suppressed : kept).push(finding);
  }
  const unused = suppressions.filter((one) => !used.has(one)).map(unusedFinding);
  return { kept, suppressed, unused };
}

function unusedFinding(suppression: Suppression): LintFinding {
  const what = suppression.rules.join(', ');
  return {
    rule: 'unused-suppression',
    severity: 'hint',
    message: text(
      `This suppression${what ? ` of ${what}` : ''} silences nothing. Remove it.`,
      `이 억제 주석${what ? `(${what})` : ''}이 막는 진단이 없습니다. 지우세요.`,
    ),
    span: suppression.span,
    evidence: [],
    changes: [],
  };
}
