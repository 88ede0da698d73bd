import { isSeverity, type Severity } from '../knowledge/ids.ts';
import type { Language } from '../text.ts';

/** `trainlint.*` of the editor, checked and complete. */
export interface EditorSettings {
  readonly enable: boolean;
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly locale: 'auto' | Language;
  /** Files to leave alone, in the patterns of .gitignore, relative to the workspace folder. */
  readonly exclude: readonly string[];
  /** Pattern → dialect id, for files that are not recognised or wrongly so. */
  readonly associations: Readonly<Record<string, string>>;
  readonly worldSize: number | undefined;
  /** Larger files are not read at all. */
  readonly maxFileSizeKilobytes: number;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly run: RunSettings;
}

export interface RunSettings {
  readonly onSave: boolean;
  readonly steps: number | undefined;
  readonly seed: number;
  readonly verifyFixes: boolean;
}

export const defaultEditorSettings: EditorSettings = {
  enable: true,
  rules: {},
  locale: 'auto',
  exclude: [],
  associations: {},
  worldSize: undefined,
  maxFileSizeKilobytes: 2048,
  codeLens: true,
  inlayHints: true,
  run: { onSave: false, steps: undefined, seed: 0, verifyFixes: true },
};

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const record = (value: unknown): Json => (isRecord(value) ? value : {});
const flag = (value: unknown, fallback: boolean): boolean => (typeof value === 'boolean' ? value : fallback);

function number(value: unknown, low: number, high: number): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high
    ? value
    : undefined;
}

function pickEntries<T>(value: unknown, accept: (one: unknown) => one is T): Record<string, T> {
  const kept: Record<string, T> = {};
  for (const [key, one] of Object.entries(record(value))) if (accept(one)) kept[key] = one;
  return kept;
}

const isLevel = (value: unknown): value is Severity | 'off' => value === 'off' || isSeverity(value);
const isString = (value: unknown): value is string => typeof value === 'string';

/** Reads what a client sends as its `trainlint` section. Anything malformed falls back to the default. */
export function readEditorSettings(value: unknown): EditorSettings {
  const given = record(value);
  const run = record(given.run);
  const defaults = defaultEditorSettings;
  const locale = given.locale;
  return {
    enable: flag(given.enable, defaults.enable),
    rules: pickEntries(given.rules, isLevel),
    locale: locale === 'en' || locale === 'ko' ? locale : 'auto',
    exclude: Array.isArray(given.exclude) ? given.exclude.filter(isString) : [],
    associations: pickEntries(given.associations, isString),
    worldSize: number(given.worldSize, 1, 1e6),
    maxFileSizeKilobytes: number(given.maxFileSize, 1, 1e6) ?? defaults.maxFileSizeKilobytes,
    codeLens: flag(record(given.codeLens).enable, defaults.codeLens),
    inlayHints: flag(record(given.inlayHints).enable, defaults.inlayHints),
    run: {
      onSave: flag(run.onSave, defaults.run.onSave),
      steps: number(run.steps, 1, 100_000),
      seed: number(run.seed, 0, Number.MAX_SAFE_INTEGER) ?? defaults.run.seed,
      verifyFixes: flag(run.verifyFixes, defaults.run.verifyFixes),
    },
  };
}
