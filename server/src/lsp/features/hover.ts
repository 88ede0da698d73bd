import { type Hover, MarkupKind } from 'vscode-languageserver/node';
import { offsetAt, type Position } from '../../document/position.ts';
import type { LoadedValue } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { type Language, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { toRange } from '../convert.ts';
import type { RuleDocsAddress } from './diagnostics.ts';
import { type Place, placeAt } from './field-at.ts';
import { fieldFacts, usualHere } from './field-documentation.ts';
import { rulesAbout } from './rules-about.ts';
import { schedulePicture } from './schedule-picture.ts';

/** Rule links beyond this many are a list nobody reads. */
const mostRules = 8;

export interface HoverContext {
  readonly ruleDocs: RuleDocsAddress;
  /** Whether the client shows pictures that are part of the Markdown. */
  readonly pictures: boolean;
}

/** What the key or value under the cursor is, what the loader makes of it, what is usual, and who checks it. */
export function hover(
  analysis: Analysis,
  position: Position,
  language: Language,
  { ruleDocs, pictures }: HoverContext,
): Hover | null {
  const { file, document } = analysis.opened;
  if (!file || !document) return null;
  const place = placeAt(file, offsetAt(document, position));
  if (place?.field === undefined) return null;
  const index = place.run ?? 0;
  const run = file.runs[index];
  const picture = pictures && run && schedulePicture(run, place.field, language);
  const parts = [
    fieldFacts(file, index, place.field, language),
    loaderNote(file, place, language),
    picture,
    usualHere(file, index, place.field, language),
    checkedBy(rulesAbout(file, index, place.field), language, ruleDocs),
  ];
  const span = place.onKey && place.entry ? place.entry.key.span : place.node.span;
  return {
    contents: { kind: MarkupKind.Markdown, value: parts.filter(Boolean).join('\n\n') },
    range: toRange(document, span),
  };
}

/** Said only where the framework's loader sees something else than a reader would. */
function loaderNote(file: ConfigFile, { node, root }: Place, language: Language): string {
  const loader = file.views[root]?.loader;
  if (!loader || node.kind !== 'scalar' || node.style !== 'plain') return '';
  const loaded = loader.scalar(node);
  const looksNumeric = /^[-+]?[\d._]+(e[-+]?\d+)?$/i.test(node.text);
  const surprising =
    (loaded.kind === 'string' && looksNumeric) ||
    (loaded.kind === 'boolean' && !/^(true|false)$/i.test(node.text));
  if (!surprising) return '';
  return text(
    `⚠ ${loader.name} reads \`${node.source}\` as ${kindWord(loaded, 'en')}.`,
    `⚠ ${loader.name}에서는 \`${node.source}\` 값이 ${kindWord(loaded, 'ko')}로 읽힙니다.`,
  )[language];
}

function kindWord(loaded: LoadedValue, language: Language): string {
  if (loaded.kind === 'boolean')
    return text(`the boolean \`${loaded.value}\``, `불리언 \`${loaded.value}\``)[language];
  return text('text', '문자열')[language];
}

function checkedBy(ids: readonly string[], language: Language, ruleDocs: RuleDocsAddress): string {
  if (ids.length === 0) return '';
  const links = ids
    .slice(0, mostRules)
    .map((id) => `[${id}](${ruleDocs(id) ?? ''})`)
    .join(' · ');
  return text(`Checked by ${links}`, `관련 규칙: ${links}`)[language];
}
