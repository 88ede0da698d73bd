import { parseJson } from './json.ts';
import { lineStartsOf, positionAt } from './position.ts';
import { binaryContent, maxTextLength, problem, tooLarge } from './problems.ts';
import { parseToml } from './toml.ts';
import type { ConfigDocument, ConfigFormat, SyntaxProblem } from './types.ts';
import { type ParsedText, parseYaml } from './yaml.ts';

const parsers: Readonly<
  Record<ConfigFormat, (text: string, lineOf: (offset: number) => number) => ParsedText>
> = { yaml: parseYaml, json: parseJson, toml: parseToml };

const extensions: Readonly<Record<string, ConfigFormat>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
};

/** The format a file name stands for; undefined for files that are never configs of ours. */
export function formatOf(fileName: string): ConfigFormat | undefined {
  const extension = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  return extension === undefined ? undefined : extensions[extension];
}

/** Control characters that no text format allows. Their absence also keeps the YAML lexer's own marks unambiguous. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\0-\x08\x0b\x0e-\x1f]/;

/** A file with more duplicate keys than this is not helped by naming them all. */
const maxProblems = 100;

/** Reads a text into the common tree. Never throws: what is wrong with the text is in `problems`. */
export function parseConfig(text: string, format: ConfigFormat): ConfigDocument {
  if (text.length > maxTextLength) return unread(text, format, tooLarge(text.length));
  const control = text.search(controlCharacter);
  if (control !== -1) return unread(text, format, binaryContent(control));
  const lineStarts = lineStartsOf(text);
  const lineOf = (offset: number): number => positionAt({ text, lineStarts }, offset).line + 1;
  try {
    const { roots, comments, problems } = parsers[format](text, lineOf);
    return { text, format, roots, comments, problems: problems.slice(0, maxProblems), lineStarts };
  } catch {
    // The libraries promise not to throw; if one does, the file is unreadable, not the program broken.
    return { text, format, roots: [], comments: [], problems: [unreadable()], lineStarts };
  }
}

function unread(text: string, format: ConfigFormat, why: SyntaxProblem): ConfigDocument {
  return { text, format, roots: [], comments: [], problems: [why], lineStarts: lineStartsOf(text) };
}

function unreadable(): SyntaxProblem {
  return problem(
    'syntax',
    0,
    0,
    'This file could not be read: its structure is broken in a way the parser cannot name. Check brackets, quotes and indentation.',
    '파일을 읽지 못했습니다. 파서가 위치를 짚을 수 없을 만큼 구조가 깨졌습니다. 괄호와 따옴표, 들여쓰기를 확인하세요.',
  );
}
