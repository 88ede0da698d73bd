import assert from 'node:assert/strict';
import { target } from '../../src/document/lookup.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { ConfigDocument, ConfigFormat, ConfigNode } from '../../src/document/types.ts';

/** A tree without places: scalars as their text, maps as lists of pairs (duplicates show), merges under `<<`. */
export type Plain = string | Plain[] | { readonly [key: string]: Plain };

export function plain(node: ConfigNode | undefined): Plain {
  const inside = target(node);
  if (!inside) return '(nothing)';
  if (inside.kind === 'scalar') return inside.text;
  if (inside.kind === 'alias') return `*${inside.name}`;
  if (inside.kind === 'seq') return inside.items.map(plain);
  const merges = inside.merges.length > 0 ? { '<<': inside.merges.map(plain) } : {};
  return {
    ...merges,
    ...Object.fromEntries(inside.entries.map(({ key, value }) => [key.name, plain(value)])),
  };
}

export function parsed(text: string, format: ConfigFormat = 'yaml'): Plain[] {
  return parseConfig(text, format).roots.map(plain);
}

/** What holds for every tree, whatever the text: call it on anything that was parsed. */
export function assertSound(document: ConfigDocument): void {
  const { text } = document;
  const visit = (node: ConfigNode, parent: ConfigNode | undefined): void => {
    const { start, end } = node.span;
    assert.ok(start >= 0 && start <= end && end <= text.length, `span ${start}-${end}`);
    if (node.kind === 'scalar') assert.equal(text.slice(start, end), node.source);
    assert.equal(node.parent, parent);
    if (node.kind === 'map') {
      for (const { key, value, span } of node.entries) {
        assert.ok(span.start <= key.span.start && span.end >= value.span.end);
        assert.deepEqual(value.path, [...node.path, key.name]);
        visit(value, node);
      }
    } else if (node.kind === 'seq') {
      for (const [index, item] of node.items.entries()) {
        assert.deepEqual(item.path, [...node.path, index]);
        visit(item, node);
      }
    }
  };
  for (const root of document.roots) visit(root, undefined);
  let last = 0;
  for (const { span } of document.comments) {
    assert.ok(span.start >= last && span.end <= text.length, 'comments in order');
    assert.match(text.slice(span.start, span.end), /^(?:#|\/\/|\/\*)/);
    last = span.end;
  }
  for (const { span, message } of document.problems) {
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
    assert.ok(message.en.length > 10 && /[가-힣]/.test(message.ko));
  }
}
