import type { ConfigFormat, Loader, ScalarNode, ScalarStyle } from '../types.ts';

export type PlainValue = null | boolean | number | string;

export interface ScalarSetting {
  readonly format: ConfigFormat;
  readonly loader: Loader;
  /** Inside of brackets, where commas and brackets end a plain YAML scalar. */
  readonly flow: boolean;
  /** The value that is replaced; its quotes and capital letters are kept. */
  readonly old?: ScalarNode | undefined;
}

/** A scalar as it is written into a file. TOML has no null: callers leave such keys out. */
export function spellScalar(value: PlainValue, setting: ScalarSetting): string {
  if (typeof value === 'number') return setting.loader.spellNumber(value);
  if (typeof value === 'boolean') return spellBoolean(value, setting);
  if (value === null) return 'null';
  return spellString(value, setting);
}

function spellBoolean(value: boolean, { format, old }: ScalarSetting): string {
  const word = value ? 'true' : 'false';
  if (format !== 'yaml' || old?.style !== 'plain') return word;
  if (/^(?:True|False)$/.test(old.text)) return value ? 'True' : 'False';
  if (/^(?:TRUE|FALSE)$/.test(old.text)) return word.toUpperCase();
  return word;
}

export function spellString(value: string, setting: ScalarSetting): string {
  const { format, old } = setting;
  if (format === 'json') return JSON.stringify(value);
  if (format === 'toml') return tomlString(value, old?.style);
  if (old?.style === 'single-quoted' && isPrintable(value)) return singleQuoted(value);
  if (old?.style === 'double-quoted') return yamlDoubleQuoted(value);
  return isSafePlain(value, setting) ? value : yamlDoubleQuoted(value);
}

/** A key as it is written into a file. */
export function spellKey(name: string, setting: ScalarSetting): string {
  if (setting.format === 'toml') return /^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name, undefined);
  return spellString(name, setting);
}

/** Whether a YAML plain scalar comes back as the same string (or as one decided elsewhere, `${…}`). */
function isSafePlain(value: string, { loader, flow }: ScalarSetting): boolean {
  if (!isPrintable(value) || value === '' || value.trim() !== value) return false;
  if (/^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)/.test(value)) return false;
  if (/:(?:\s|$)|\s#/.test(value)) return false;
  if (flow && /[,[\]{}]|^[-?:]/.test(value)) return false;
  const loaded = loader.scalar({ ...plainScalar, source: value, text: value });
  return loaded.kind === 'unknown' || (loaded.kind === 'string' && loaded.value === value);
}

const plainScalar: ScalarNode = {
  kind: 'scalar',
  style: 'plain',
  source: '',
  text: '',
  span: { start: 0, end: 0 },
  path: [],
  parent: undefined,
};

/** No line breaks, control characters or others that must be escaped. */
function isPrintable(value: string): boolean {
  return !/[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/u.test(value);
}

function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** JSON strings are YAML double-quoted strings; only what YAML takes for a line break needs more. */
function yamlDoubleQuoted(value: string): string {
  return escapeRest(JSON.stringify(value));
}

function tomlString(value: string, style: ScalarStyle | undefined): string {
  if (style === 'single-quoted' && isPrintable(value) && !value.includes("'")) return `'${value}'`;
  return escapeRest(JSON.stringify(value));
}

function escapeRest(quoted: string): string {
  return quoted.replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
