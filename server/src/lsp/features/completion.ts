import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver/node';
import type { Position } from '../../document/position.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { fieldsByPath, pathKey } from '../../rules/support/scalars.ts';
import type { FieldId } from '../../run/fields.ts';
import type { Language } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { toRange } from '../convert.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { fieldDocumentation } from './field-documentation.ts';
import { fieldWords } from './field-words.ts';
import { choicesFor } from './value-choices.ts';

/** Keys the framework knows, and the names it has for optimizers, schedules and precisions, best for the domain first. */
export function completion(analysis: Analysis, position: Position, language: Language): CompletionItem[] {
  const { file, document } = analysis.opened;
  if (!file || !document) return [];
  const cursor = cursorAt(document, position);
  if (!cursor) return [];
  return cursor.kind === 'key' ? keyItems(file, cursor, language) : valueItems(file, cursor, language);
}

function keyItems(file: ConfigFile, cursor: Cursor & { kind: 'key' }, language: Language): CompletionItem[] {
  const keys = file.dialect.keys?.(cursor.path) ?? boundKeys(file, cursor);
  const fields = fieldsByPath(file, cursor.root);
  const present = new Set(cursor.map?.entries.map(({ key }) => key.name));
  const range = toRange(file.document, cursor.typed);
  return keys.flatMap((name): CompletionItem[] => {
    if (present.has(name)) return [];
    const field = fields.get(pathKey([...cursor.path, name]));
    const before = insideQuotes(file, cursor);
    const newText = before ? name : keyText(file, name);
    return [
      {
        label: name,
        kind: CompletionItemKind.Property,
        // What bears on the optimizer comes before the hundreds of other keys some frameworks have.
        sortText: `${field ? 0 : 1}${name}`,
        ...(field ? { detail: fieldWords[field][language], ...documentation(file, field, language) } : {}),
        textEdit: { range, newText },
      },
    ];
  });
}

/** The keys our own map of the framework reads here, where the framework's list is open. */
function boundKeys(file: ConfigFile, cursor: Cursor): string[] {
  const keys = new Set<string>();
  const here = pathKey(cursor.path);
  for (const { bindings } of file.layouts)
    for (const { paths } of bindings)
      for (const path of paths) {
        const last = path.at(-1);
        if (typeof last === 'string' && pathKey(path.slice(0, -1)) === here) keys.add(last);
      }
  return [...keys];
}

function insideQuotes(file: ConfigFile, cursor: Cursor): boolean {
  return /["']/.test(file.document.text[cursor.typed.start - 1] ?? '');
}

function keyText(file: ConfigFile, name: string): string {
  if (file.document.format === 'json') return `${JSON.stringify(name)}: `;
  return file.document.format === 'toml' ? `${name} = ` : `${name}: `;
}

function valueItems(file: ConfigFile, cursor: Cursor, language: Language): CompletionItem[] {
  const range = toRange(file.document, cursor.typed);
  const quoted = insideQuotes(file, cursor);
  return choicesFor(file, cursor.root, cursor.path).map(({ written, rank, detail, about }, index) => ({
    label: written,
    kind: CompletionItemKind.EnumMember,
    sortText: `${rank}${String(index).padStart(3, '0')}`,
    ...(detail ? { detail: detail[language] } : {}),
    ...(about ? { documentation: { kind: MarkupKind.Markdown, value: about[language] } } : {}),
    textEdit: {
      range,
      newText: quoted || file.document.format === 'yaml' ? written : JSON.stringify(written),
    },
  }));
}

function documentation(file: ConfigFile, field: FieldId, language: Language) {
  const value = fieldDocumentation(file, 0, field, language);
  return value ? { documentation: { kind: MarkupKind.Markdown, value } } : {};
}
