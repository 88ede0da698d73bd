import type { ConfigFile } from '../../engine/config-file.ts';
import type { Change } from '../../run/change.ts';
import type { Symptom } from '../../symptoms/symptom.ts';
import type { Text } from '../../text.ts';
import type { FixVerdict } from '../protocol.ts';

/**
 * What the language server asks of whoever trains: the seam at which tests put a trainer of their own, and which a
 * server without processes (in a browser) can fill differently.
 */
export interface SanityRunner {
  /**
   * Trains run `index` of the file on its proxy and tries its fixes. Rejects with a reason for the user when it
   * cannot start; resolves early with `cancelled` when the signal fires.
   */
  run(
    file: ConfigFile,
    index: number,
    options: SanityOptions,
    events: SanityEvents,
    signal: AbortSignal,
  ): Promise<SanityResult>;
}

export interface SanityOptions {
  readonly steps?: number;
  readonly seed: number;
  readonly verifyFixes: boolean;
}

export interface SanitySpec {
  readonly proxy: string;
  readonly description: Text;
  readonly optimizer: string;
  readonly steps: number;
  readonly seed: number;
  readonly backend: string;
  readonly scaled: readonly {
    readonly name: Text;
    readonly yours: string;
    readonly proxy: string;
    readonly why: Text;
  }[];
}

export interface SanityPoint {
  readonly step: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly lr: number;
}

export interface SanityFix {
  readonly id: string;
  readonly symptom: string;
  readonly change: Change;
  /** Undefined while it is being trained. */
  readonly verdict?: FixVerdict;
  readonly ratio?: number;
}

export interface SanityEvents {
  spec(spec: SanitySpec): void;
  /** `series`: `yours`, `reference`, or the id of a fix. */
  steps(series: string, points: readonly SanityPoint[]): void;
  symptom(symptom: Symptom): void;
  /** Once when a fix is about to be trained and once with its verdict. */
  fix(fix: SanityFix): void;
}

export interface SanityResult {
  readonly cancelled: boolean;
  readonly symptoms: readonly Symptom[];
  readonly fixes: readonly SanityFix[];
  readonly seconds: number;
  /** Questions the proxy cannot answer. */
  readonly cannotTell: readonly Text[];
}

/** A reason for the user why no training took place, in both languages. */
export class CannotRun extends Error {
  readonly why: Text;
  constructor(why: Text) {
    super(why.en);
    this.name = 'CannotRun';
    this.why = why;
  }
}
