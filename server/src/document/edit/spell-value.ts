import type { ConfigNode, ConfigValue } from '../types.ts';
import type { EditContext } from './context.ts';
import { type ScalarSetting, spellKey, spellScalar } from './spell-scalar.ts';
import { isArray, isObject, isScalarValue } from './values.ts';

function setting(context: EditContext, flow: boolean, old?: ConfigNode): ScalarSetting {
  const { document, loader } = context;
  return { format: document.format, loader, flow, old: old?.kind === 'scalar' ? old : undefined };
}

/** A value on one line: scalars, `[0.9, 0.95]`, `{a: 1}` as the format writes it. */
export function inlineValue(
  context: EditContext,
  value: ConfigValue,
  flow: boolean,
  old?: ConfigNode,
): string {
  if (isScalarValue(value)) return spellScalar(value, setting(context, flow, old));
  const isToml = context.document.format === 'toml';
  const isSayable = (item: ConfigValue): boolean => item !== null || !isToml;
  if (isArray(value)) {
    const items = value.filter(isSayable);
    return `[${items.map((item) => inlineValue(context, item, true)).join(', ')}]`;
  }
  const pairs = Object.entries(value).filter(([, item]) => isSayable(item));
  const inside = pairs.map(([key, item]) => inlinePair(context, key, item)).join(', ');
  return isToml && inside ? `{ ${inside} }` : `{${inside}}`;
}

/** `key: value` inside of braces. */
export function inlinePair(
  context: EditContext,
  key: string,
  value: ConfigValue,
  separator?: string,
): string {
  const sign = separator ?? (context.document.format === 'toml' ? ' = ' : ': ');
  return `${keyText(context, key, true)}${sign}${inlineValue(context, value, true)}`;
}

export function keyText(context: EditContext, key: string, flow: boolean): string {
  return spellKey(key, setting(context, flow));
}

/** A JSON value over several lines when it is an object; `indent` is that of the line it starts on. */
export function jsonValue(
  context: EditContext,
  value: ConfigValue,
  indent: string,
  multiline: boolean,
): string {
  if (!multiline || isScalarValue(value)) return inlineValue(context, value, true);
  const inner = indent + context.unit;
  const lines = (open: string, items: string[], close: string): string =>
    items.length === 0
      ? open + close
      : [
          open,
          ...items.map((item, index) => inner + item + (index < items.length - 1 ? ',' : '')),
          indent + close,
        ].join(context.eol);
  if (isArray(value)) {
    if (value.every(isScalarValue)) return inlineValue(context, value, true);
    return lines(
      '[',
      value.map((item) => jsonValue(context, item, inner, true)),
      ']',
    );
  }
  const pairs = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${jsonValue(context, item, inner, true)}`,
  );
  return lines('{', pairs, '}');
}

/** Whether a value is written as an indented block in YAML: maps, and lists that hold something else than scalars. */
export function needsBlock(value: ConfigValue): boolean {
  if (isArray(value)) return value.length > 0 && !value.every(isScalarValue);
  return isObject(value) && Object.keys(value).length > 0;
}

/** The lines of a YAML block, without the line break before them: `a: 1`, `b:`, `  - 2`. */
export function blockLines(context: EditContext, value: ConfigValue, indent: string): string[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => blockEntryLines(context, key, item, indent));
  }
  if (!isArray(value)) return [indent + inlineValue(context, value, false)];
  return value.flatMap((item) => blockItemLines(context, item, indent));
}

export function blockEntryLines(
  context: EditContext,
  key: string,
  value: ConfigValue,
  indent: string,
): string[] {
  const name = key === '<<' ? key : keyText(context, key, false);
  if (!needsBlock(value)) return [`${indent}${name}: ${inlineValue(context, value, false)}`];
  return [`${indent}${name}:`, ...blockLines(context, value, indent + context.unit)];
}

export function blockItemLines(context: EditContext, item: ConfigValue, indent: string): string[] {
  if (!needsBlock(item)) return [`${indent}- ${inlineValue(context, item, false)}`];
  const [first = '', ...rest] = blockLines(context, item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}
