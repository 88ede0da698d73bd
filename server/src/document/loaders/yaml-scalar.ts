import type { LoadedValue, Loader, LoaderId, ScalarNode } from '../types.ts';
import { pythonFloat, pythonInt, sexagesimal, splitSign } from './python.ts';
import { spellNumber } from './spell.ts';

/** What sets one YAML library apart from another. */
export interface YamlRules {
  readonly id: LoaderId;
  readonly name: string;
  readonly boolean: RegExp;
  readonly null: RegExp;
  readonly integer: RegExp;
  readonly float: RegExp;
  /** YAML 1.1: `010` is eight and `1:30` is ninety. */
  readonly oldIntegers: boolean;
  /** `???` is a value still to be given. */
  readonly missingMark: boolean;
  /** A dotless `5e-5` would come back as a string. */
  readonly needsDot: boolean;
}

export function yamlLoader(rules: YamlRules): Loader {
  return {
    id: rules.id,
    name: rules.name,
    scalar: (node) => loadYamlScalar(node, rules),
    spellNumber: (value) => spellNumber(value, { dot: rules.needsDot, special: 'yaml' }),
  };
}

function loadYamlScalar(node: ScalarNode, rules: YamlRules): LoadedValue {
  const { text } = node;
  if (node.tag !== undefined && node.tag !== '!') return loadTagged(node, node.tag, rules);
  const undecided = decidedElsewhere(text, rules.missingMark);
  if (undecided) return undecided;
  if (node.style !== 'plain' || node.tag === '!') return { kind: 'string', value: text };
  return resolvePlain(text, rules);
}

/** Interpolation, templates and mandatory values: known only when the program runs. */
export function decidedElsewhere(text: string, missingMark: boolean): LoadedValue | undefined {
  if (text.includes('${') || (missingMark && text === '???'))
    return { kind: 'unknown', why: 'interpolation' };
  if (text.includes('{{') || text.includes('{%')) return { kind: 'unknown', why: 'template' };
  return undefined;
}

function resolvePlain(text: string, rules: YamlRules): LoadedValue {
  if (rules.null.test(text)) return { kind: 'null' };
  const code = text.charCodeAt(0);
  const mayBeNumber = (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
  if (!mayBeNumber) {
    if (rules.boolean.test(text)) return { kind: 'boolean', value: /^(?:y|on|t)/i.test(text) };
    return { kind: 'string', value: text };
  }
  if (rules.integer.test(text)) {
    const value = readInteger(text, rules.oldIntegers);
    if (value !== undefined) return { kind: 'integer', value };
  } else if (rules.float.test(text)) {
    const value = readFloat(text);
    if (value !== undefined) return { kind: 'float', value };
  }
  return { kind: 'string', value: text };
}

function readInteger(text: string, oldIntegers: boolean): number | undefined {
  const [sign, digits] = splitSign(text.replaceAll('_', ''));
  const value = readDigits(digits, oldIntegers);
  return value === undefined ? undefined : sign * value;
}

function readDigits(digits: string, oldIntegers: boolean): number | undefined {
  const prefix = digits.slice(0, 2);
  if (prefix === '0b') return pythonInt(digits.slice(2), 2);
  if (prefix === '0x') return pythonInt(digits.slice(2), 16);
  if (prefix === '0o') return pythonInt(digits.slice(2), 8);
  if (oldIntegers && digits.length > 1 && digits.startsWith('0')) return pythonInt(digits, 8);
  if (oldIntegers && digits.includes(':')) return sexagesimal(digits);
  return pythonInt(digits, 10);
}

function readFloat(text: string): number | undefined {
  const [sign, rest] = splitSign(text.replaceAll('_', '').toLowerCase());
  const value = readUnsignedFloat(rest);
  return value === undefined ? undefined : sign * value;
}

function readUnsignedFloat(text: string): number | undefined {
  if (text === '.inf') return Number.POSITIVE_INFINITY;
  if (text === '.nan') return Number.NaN;
  return text.includes(':') ? sexagesimal(text) : pythonFloat(text);
}

const standardTag = /^(?:!!|!<tag:yaml\.org,2002:|tag:yaml\.org,2002:)([a-z]+)>?$/;

function loadTagged(node: ScalarNode, tag: string, rules: YamlRules): LoadedValue {
  const { text } = node;
  const undecided = decidedElsewhere(text, rules.missingMark);
  const unknown: LoadedValue = { kind: 'unknown', why: 'tag' };
  const type = standardTag.exec(tag)?.[1];
  if (type === undefined) return unknown;
  if (undecided) return undecided;
  switch (type) {
    case 'str':
      return { kind: 'string', value: text };
    case 'null':
      return { kind: 'null' };
    case 'bool':
      return boolTag.test(text) ? { kind: 'boolean', value: /^(?:y|on|t)/i.test(text) } : unknown;
    case 'int': {
      const value = readInteger(text, rules.oldIntegers);
      return value === undefined ? unknown : { kind: 'integer', value };
    }
    case 'float': {
      const value = readFloat(text);
      return value === undefined ? unknown : { kind: 'float', value };
    }
    default:
      return unknown;
  }
}

/** What an explicit `!!bool` takes, in any case. */
const boolTag = /^(?:yes|no|true|false|on|off)$/i;
