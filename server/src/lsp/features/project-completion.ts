import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver/node';
import { dialects } from '../../dialects/registry.ts';
import type { Position } from '../../document/position.ts';
import type { ConfigDocument, Path } from '../../document/types.ts';
import { architectureIds, domainIds, goalIds, severities } from '../../knowledge/ids.ts';
import { rules } from '../../rules/registry.ts';
import { type Language, type Text, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { toRange } from '../convert.ts';
import { type Cursor, cursorAt } from './cursor.ts';

interface Word {
  readonly label: string;
  readonly about?: Text;
}

const settings: readonly Word[] = [
  { label: 'rules', about: text('Level of single rules.', '규칙별 수준입니다.') },
  {
    label: 'overrides',
    about: text(
      'What holds for files that match: framework, domain, architecture, goal, rules.',
      '패턴에 맞는 파일의 프레임워크, 도메인, 아키텍처, 목표, 규칙 수준입니다.',
    ),
  },
  { label: 'frameworkVersions', about: text('Installed versions.', '설치된 버전입니다.') },
  { label: 'ignore', about: text('Files never to be linted.', '검사하지 않을 파일입니다.') },
  { label: 'worldSize', about: text('Number of training processes.', '학습 프로세스 수입니다.') },
];
const overrideSettings = ['files', 'dialect', 'domain', 'architecture', 'goal', 'rules'];

/** Keys, rule ids and values of our own `trainlint.config.*`. */
export function projectCompletion(
  analysis: Analysis,
  position: Position,
  language: Language,
): CompletionItem[] {
  const { document } = analysis.opened;
  const cursor = document && cursorAt(document, position);
  if (!document || !cursor) return [];
  const words = cursor.kind === 'key' ? keys(cursor.path) : values(cursor.path);
  const present = new Set(cursor.kind === 'key' ? cursor.map?.entries.map(({ key }) => key.name) : []);
  return words
    .filter(({ label }) => !present.has(label))
    .map(({ label, about }) => ({
      label,
      kind: cursor.kind === 'key' ? CompletionItemKind.Property : CompletionItemKind.EnumMember,
      ...(about ? { documentation: { kind: MarkupKind.Markdown, value: about[language] } } : {}),
      textEdit: { range: toRange(document, cursor.typed), newText: written(document, cursor, label) },
    }));
}

function keys(path: Path): readonly Word[] {
  if (path.length === 0) return settings;
  if (path.at(-1) === 'rules') return rules.map(({ meta }) => ({ label: meta.id, about: meta.what }));
  return path[0] === 'overrides' && path.length === 2 ? overrideSettings.map((label) => ({ label })) : [];
}

function values(path: Path): readonly Word[] {
  const words = (ids: readonly string[]) => ids.map((label) => ({ label }));
  if (path.at(-2) === 'rules') return words(['off', ...severities]);
  switch (path.at(-1)) {
    case 'dialect':
      return dialects.map(({ id, name }) => ({ label: id, about: text(name, name) }));
    case 'domain':
      return words(domainIds);
    case 'architecture':
      return words(architectureIds);
    case 'goal':
      return words(goalIds);
    default:
      return [];
  }
}

function written({ format, text: source }: ConfigDocument, { kind, typed }: Cursor, label: string): string {
  if (/["']/.test(source[typed.start - 1] ?? '')) return label;
  if (kind === 'value') return format === 'yaml' ? label : JSON.stringify(label);
  if (format === 'json') return `${JSON.stringify(label)}: `;
  return format === 'toml' ? `${label} = ` : `${label}: `;
}
