import type { ConfigNode, ConfigValue, Loader, TextEdit } from '../types.ts';
import { removal } from './context.ts';
import { isArray, isObject, isSame } from './values.ts';

/**
 * Takes the tag off a node whose new value it does not fit: `!!float` stays before a number, `!ref` goes before
 * anything, and a list or map that stays one keeps its tag. Empty when there is nothing to take off.
 */
export function tagRemoval(text: string, node: ConfigNode, value: ConfigValue, loader: Loader): TextEdit[] {
  const { tag, span } = node;
  if (tag === undefined || fits(tag, node, value)) return [];
  if (node.kind === 'scalar' && isSame(loader.scalar(node), value)) return [];
  const at = text.lastIndexOf(tag, span.start);
  if (at < 0 || !/^[\s&!]/.test(text.slice(at + tag.length, span.start) || ' ')) return [];
  let end = at + tag.length;
  while (end < span.start && (text[end] === ' ' || text[end] === '\t')) end++;
  // Nothing follows: the blanks before the tag would be left at the end of the line.
  let start = at;
  if (span.start === span.end) while (text[start - 1] === ' ') start--;
  return [removal(start, end)];
}

function fits(tag: string, node: ConfigNode, value: ConfigValue): boolean {
  if (node.kind === 'map') return isObject(value);
  if (node.kind === 'seq') return isArray(value);
  switch (tag) {
    case '!!float':
      return typeof value === 'number';
    case '!!int':
      return Number.isInteger(value);
    case '!!bool':
      return typeof value === 'boolean';
    case '!!str':
      return typeof value === 'string';
    default:
      return false;
  }
}
