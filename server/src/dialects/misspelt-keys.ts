import { applyMends, type Mend } from '../document/mend.ts';
import type { ConfigDocument, ConfigNode } from '../document/types.ts';
import { plainName } from './support/scan.ts';
import { wordMeant } from './support/synonyms.ts';

/** Beyond this a file is data, and to look at all of its keys would only cost time. */
const mostKeys = 500;

/**
 * The text with every key that is one slip away from a word of training spelt well; undefined where there is none.
 * For recognition only: the very key that tells a training config may be the misspelt one.
 */
export function withKeysSpelt(document: ConfigDocument): string | undefined {
  const mends: Mend[] = [];
  let seen = 0;
  const visit = (node: ConfigNode | undefined): void => {
    if (node?.kind !== 'map') return;
    const names = new Set(node.entries.map(({ key }) => plainName(key.name)));
    for (const { key, value } of node.entries) {
      if (++seen > mostKeys) return;
      if (value.kind === 'map') visit(value);
      if (value.kind !== 'scalar') continue;
      const meant = wordMeant(plainName(key.name))?.word;
      if (meant === undefined || names.has(meant)) continue;
      const { span } = key;
      const newText = document.text.slice(span.start, span.end).replace(key.name, meant);
      mends.push({ kind: 'key', span, replaced: span, newText });
    }
  };
  for (const root of document.roots) visit(root);
  mends.sort((a, b) => a.span.start - b.span.start);
  return mends.length > 0 && seen <= mostKeys ? applyMends(document.text, mends) : undefined;
}
