import type { Span } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import type { Severity } from '../knowledge/ids.ts';
import type { Change } from '../run/change.ts';
import type { TrainingRun } from '../run/training-run.ts';
import type { Text } from '../text.ts';

export type RuleCategory =
  | 'value'
  | 'learning-rate'
  | 'schedule'
  | 'optimizer'
  | 'batch'
  | 'stability'
  | 'regularisation'
  | 'precision'
  | 'key';

/** A config that stands for many: it is the documentation, the test and the hover example at once. */
export interface RuleExample {
  readonly title: Text;
  /** Dialect that must recognise it. */
  readonly dialect: string;
  readonly fileName: string;
  readonly text: string;
  /** The text after the finding's first fix; only for examples with a finding that has one. */
  readonly fixed?: string;
}

export interface RuleMeta {
  readonly id: string;
  readonly category: RuleCategory;
  /** The highest severity it reports at. */
  readonly severity: Severity;
  readonly fix: 'safe' | 'unsafe' | 'none';
  /** Version of Trainlint that brought it. */
  readonly since: string;
  /** Where its numbers come from: knowledge table rows (`symptoms/early-instability`) or a paper or framework file. */
  readonly sources: readonly string[];
  readonly what: Text;
  readonly why: Text;
  /** Exactly one finding of this rule each. */
  readonly bad: readonly RuleExample[];
  /** No finding of this rule. */
  readonly good: readonly RuleExample[];
}

export interface Finding {
  readonly message: Text;
  readonly span: Span;
  /** Lower than the rule's own when this case is weaker. */
  readonly severity?: Severity;
  /** Knowledge rows it rests on: `architecture-preferences/bert`. */
  readonly evidence: readonly string[];
  /** Ways out, best first. */
  readonly changes: readonly Change[];
  readonly related?: readonly { readonly span: Span; readonly message: Text }[];
  /** Numbers for machines: `{learningRate: 0.1, usual: [1e-5, 5e-5]}`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** "I cannot tell, because …": silence must not be mistaken for coverage. */
export interface CannotTell {
  readonly cannotTell: Text;
}

/** Pure, total: no I/O, no throw, no knowledge of any dialect's keys. */
export type Rule =
  | {
      readonly scope: 'run';
      readonly meta: RuleMeta;
      readonly check: (run: TrainingRun, file: ConfigFile) => readonly Finding[] | CannotTell;
    }
  | {
      readonly scope: 'file';
      readonly meta: RuleMeta;
      readonly check: (file: ConfigFile) => readonly Finding[] | CannotTell;
    }
  /** Found by the engine itself while it reads directives and suppressions; here for its metadata and page. */
  | { readonly scope: 'engine'; readonly meta: RuleMeta };

export function cannotTell(en: string, ko: string): CannotTell {
  return { cannotTell: { en, ko } };
}
