import { type Text, text } from '../../text.ts';
import type { ConfigView, Recognition } from '../dialect.ts';
import { key } from './bind.ts';

/** Which of the dotted keys are present, in their order. */
export function present(view: ConfigView, keys: readonly string[]): string[] {
  return keys.filter((name) => view.has(key(name)));
}

/** "has the keys `a`, `b`": at most four, the rest is no news. */
export function hasKeys(keys: readonly string[]): Text {
  const list = keys
    .slice(0, 4)
    .map((name) => `\`${name}\``)
    .join(', ');
  return keys.length === 1
    ? text(`has the key ${list}`, `${list} 키가 있음`)
    : text(`has the keys ${list}`, `${list} 키가 있음`);
}

export function recognised(confidence: number, ...reasons: readonly Text[]): Recognition {
  return { confidence, reasons };
}

/** Evidence for a dialect whose files are told by their keys. */
export interface Marks {
  /** Every one must be there. */
  readonly all?: readonly string[];
  /** At least `min` (default 1) of them must be there. */
  readonly any?: readonly string[];
  readonly min?: number;
  /** None may be there: the file is another framework's. */
  readonly none?: readonly string[];
  /** How sure it is with the least evidence; each further key of `any` adds a little. */
  readonly confidence: number;
}

export function byKeys(view: ConfigView, marks: Marks): Recognition | undefined {
  const { all = [], any = [], min = any.length > 0 ? 1 : 0, none = [], confidence } = marks;
  const required = present(view, all);
  if (required.length < all.length || present(view, none).length > 0) return undefined;
  const found = present(view, any);
  if (found.length < min) return undefined;
  const extra = Math.min(0.02 * (found.length - min), 0.1);
  return recognised(Math.min(confidence + extra, 1), hasKeys([...required, ...found]));
}

/** Whether the string at a dotted key matches. */
export function says(view: ConfigView, dotted: string, pattern: RegExp): boolean {
  const value = view.string(key(dotted));
  return value !== undefined && pattern.test(value);
}

/** "`optimizer._component_` is `torch.optim.AdamW`" */
export function valueIs(dotted: string, value: string): Text {
  return text(`\`${dotted}\` is \`${value}\``, `\`${dotted}\` 값이 \`${value}\``);
}

export function fileIs(name: string): Text {
  return text(`the file is named ${name}`, `파일 이름이 ${name}`);
}

/** The last part of a path or URI. */
export function baseName(fileName: string): string {
  return fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
}
