import fc from 'fast-check';
import type { ConfigFormat } from '../../src/document/types.ts';

/** Random config files in the ways people write them: comments, quotes, flow and block, tabs in JSON, CRLF, BOM. */

type Value = string | Value[] | { readonly [key: string]: Value };

const keys = fc.constantFrom(
  'lr',
  'optimizer',
  'betas',
  'warmup_steps',
  'name',
  'batch_size',
  'model',
  'x',
  'use fp16',
);
const scalars = fc.constantFrom(
  '1',
  '0.001',
  '5e-5',
  '5.0e-5',
  'true',
  '"a b"',
  '"1"',
  '"x # y"',
  '8',
  '"it is"',
);

const { value: values } = fc.letrec<{ value: Value; map: Value; list: Value }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalars, tie('map'), tie('list')),
  map: fc.dictionary(keys, tie('value'), { minKeys: 1, maxKeys: 4 }),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
}));
const roots = fc.dictionary(keys, values, { minKeys: 1, maxKeys: 5 });

/** A stream of small decisions, so that the text around the same tree varies. */
type Dice = (sides: number) => number;

function diceOf(rolls: readonly number[]): Dice {
  let at = 0;
  return (sides) => (rolls[at++ % rolls.length] ?? 0) % sides;
}

function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value);
}

function yamlKey(key: string): string {
  return key.includes(' ') ? `"${key}"` : key;
}

function yamlScalar(text: string, roll: Dice): string {
  if (!text.startsWith('"')) return text;
  const inside = text.slice(1, -1);
  return roll(3) === 0 ? `'${inside}'` : text;
}

function yamlFlow(value: Value, roll: Dice): string {
  if (typeof value === 'string') return yamlScalar(value, roll);
  if (Array.isArray(value))
    return `[${value.map((item) => yamlFlow(item, roll)).join(roll(2) ? ', ' : ',')}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${yamlKey(key)}: ${yamlFlow(item, roll)}`);
  return roll(2) ? `{${pairs.join(', ')}}` : `{ ${pairs.join(', ')} }`;
}

/** A flow collection over several lines, closing bracket on its own; empty where it would be one line anyway. */
function yamlSpreadFlow(value: Value, indent: string, roll: Dice): string {
  if (typeof value === 'string') return yamlFlow(value, roll);
  const parts = Array.isArray(value)
    ? value.map((item) => yamlFlow(item, roll))
    : Object.entries(value).map(([key, item]) => `${yamlKey(key)}: ${yamlFlow(item, roll)}`);
  const trailing = roll(3) === 0 ? ',' : '';
  const lines = parts.map(
    (part, index) => `${indent}  ${part}${index < parts.length - 1 ? ',' : trailing}${comment(roll)}`,
  );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return [open + comment(roll), ...lines, indent + close].join('\n');
}

/** What only a value of a block map can be: nothing, a block scalar, one with an anchor or a tag. */
function yamlSpecial(indent: string, roll: Dice): string {
  const inner = `\n${indent}  `;
  const forms = [
    '',
    ' &rate 0.1',
    ' !!float 3e-4',
    ` |${inner}one${inner}two`,
    ` >-  # folded${inner}one${inner}two`,
  ];
  return forms[roll(forms.length)] ?? '';
}

function comment(roll: Dice): string {
  return ['', '', '', ' # note', '   # rate: 1'][roll(5)] ?? '';
}

function yamlLines(value: Value, indent: string, unit: string, roll: Dice): string[] {
  if (typeof value === 'string') return [indent + yamlScalar(value, roll)];
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (typeof item === 'string' || roll(3) === 0)
        return [`${indent}- ${yamlFlow(item, roll)}${comment(roll)}`];
      const [first = '', ...rest] = yamlLines(item, `${indent}  `, unit, roll);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const own = roll(6) === 0 ? [`${indent}# about ${key}`] : roll(8) === 0 ? [''] : [];
    const name = `${indent}${yamlKey(key)}:`;
    if (typeof item === 'string' && roll(6) === 0) return [...own, name + yamlSpecial(indent, roll)];
    if (typeof item !== 'string' && roll(6) === 0)
      return [...own, `${name} ${yamlSpreadFlow(item, indent + unit, roll)}${comment(roll)}`];
    if (typeof item === 'string' || roll(4) === 0)
      return [...own, `${name}${roll(5) === 0 ? '   ' : ' '}${yamlFlow(item, roll)}${comment(roll)}`];
    const inner = Array.isArray(item) && roll(2) === 0 ? indent : indent + unit;
    const lines = yamlLines(item, inner, unit, roll);
    // A comment line of the first entry would stand where the dash belongs.
    return [...own, name + comment(roll), ...lines];
  });
}

function jsonText(value: Value, indent: string, unit: string, roll: Dice): string {
  if (typeof value === 'string') return value;
  const spread = unit !== '' && roll(4) !== 0;
  const inner = indent + unit;
  const parts = Array.isArray(value)
    ? value.map((item) => jsonText(item, inner, unit, roll))
    : Object.entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}: ${jsonText(item, inner, unit, roll)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (!spread) return open + parts.join(', ') + close;
  const trailing = roll(4) === 0 ? ',' : '';
  const lines = parts.map((part, index) => {
    const note = ['', '', '', ' // note', ' /* why */'][roll(5)] ?? '';
    const own = roll(8) === 0 ? `${inner}// of the next\n` : '';
    return `${own}${inner}${part}${index < parts.length - 1 ? ',' : trailing}${note}\n`;
  });
  return `${open}\n${lines.join('')}${indent}${close}`;
}

function tomlInline(value: Value): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(tomlInline).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${yamlKey(key)} = ${tomlInline(item)}`)
    .join(', ')} }`;
}

function tomlLines(map: { readonly [key: string]: Value }, path: readonly string[], roll: Dice): string[] {
  const lines: string[] = [];
  const sections: string[] = [];
  for (const [key, item] of Object.entries(map)) {
    const own = roll(6) === 0 ? [`# about ${key}`] : [];
    const name = [...path, key].map(yamlKey).join('.');
    if (isMap(item) && roll(3) !== 0) {
      const inside = tomlLines(item, [...path, key], roll);
      sections.push(...(roll(2) ? [''] : []), ...own, `[${name}]${comment(roll)}`, ...inside);
    } else if (Array.isArray(item) && item.every(isMap) && roll(2)) {
      for (const table of item)
        sections.push(
          `[[${name}]]`,
          ...Object.entries(table).map(([k, v]) => `${yamlKey(k)} = ${tomlInline(v)}`),
        );
    } else lines.push(...own, `${yamlKey(key)} = ${tomlInline(item)}${comment(roll)}`);
  }
  return [...lines, ...sections];
}

function write(format: ConfigFormat, root: { readonly [key: string]: Value }, roll: Dice): string {
  const unit = ['  ', '    ', '  '][roll(3)] ?? '  ';
  const head = roll(4) === 0 && format !== 'json' ? '# head\n' : '';
  let text: string;
  if (format === 'json') text = jsonText(root, '', ['  ', '\t', ''][roll(3)] ?? '', roll);
  else if (format === 'toml') text = tomlLines(root, [], roll).join('\n');
  else text = yamlLines(root, '', unit, roll).join('\n');
  text = head + text + (roll(5) === 0 ? '' : '\n');
  if (roll(4) === 0) text = text.replaceAll('\n', '\r\n');
  return roll(8) === 0 ? `\ufeff${text}` : text;
}

/** Well-formed files of a format. */
export function files(format: ConfigFormat): fc.Arbitrary<string> {
  const rolls = fc.array(fc.nat(1000), { minLength: 5, maxLength: 40 });
  return fc.tuple(roots, rolls).map(([root, dice]) => write(format, root, diceOf(dice)));
}
