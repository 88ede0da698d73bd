import { type AST, ParseError } from 'toml-eslint-parser';
import { problem } from './problems.ts';
import type { SyntaxProblem } from './types.ts';

export interface TolerantRead {
  /** Undefined when nothing could be saved. */
  readonly program: AST.TOMLProgram | undefined;
  /** At most one: the first thing that is wrong. Duplicate keys are not among them. */
  readonly problems: readonly SyntaxProblem[];
  /** Offset of a duplicate key to its real name; the parser saw another one. */
  readonly renamed: ReadonlyMap<number, string>;
}

type Parse = (source: string) => AST.TOMLProgram;
type Attempt =
  | { readonly program: AST.TOMLProgram; readonly error?: never }
  | { readonly program?: never; readonly error: ParseError };

/** Broken lines that are left out before we give up; big files get fewer tries. */
const maxRepairs = 6;
const maxDuplicates = 50;
/** A text this long is parsed only a few times over. */
const bigFile = 20_000;

/**
 * The parser stops at its first error. To keep the rest of the tree, the broken line is overwritten with blanks
 * (offsets stay the same) and the text is parsed again; a duplicate key, which the parser takes for an error too,
 * is read under another name of the same length.
 */
export function readTolerantly(text: string, parse: Parse): TolerantRead {
  // The parser gives a `0` at the very end of the text no length; with a line break behind it, it does.
  let source = `${text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text}\n`;
  let repairs = text.length > bigFile ? 1 : maxRepairs;
  const renames = text.length > bigFile ? 3 : maxDuplicates;
  let first: SyntaxProblem | undefined;
  const renamed = new Map<number, string>();
  for (;;) {
    const attempt = tryParse(source, parse);
    if (attempt.program) return { program: attempt.program, problems: first ? [first] : [], renamed };
    const { error } = attempt;
    const other =
      isDuplicate(error) && renamed.size < renames ? rename(source, error.index, renamed) : undefined;
    if (other !== undefined) {
      source = other;
      continue;
    }
    first ??= explainToml(error, text);
    const repaired = repairs-- > 0 ? repair(source, error, parse) : undefined;
    if (repaired === undefined) return { program: undefined, problems: [first], renamed };
    source = repaired;
  }
}

function tryParse(source: string, parse: Parse): Attempt {
  try {
    return { program: parse(source) };
  } catch (error) {
    if (error instanceof ParseError) return { error };
    throw error;
  }
}

function isDuplicate(error: ParseError): boolean {
  return error.message.startsWith('Defining a key');
}

/** Blanks the line of the error or the line with text before it, whichever lets the parser get further. */
function repair(source: string, error: ParseError, parse: Parse): string | undefined {
  const here = lineWithText(source, Math.min(error.index, source.length));
  if (!here) return undefined;
  const withoutLine = blank(source, here);
  const before = here[0] > 0 ? lineWithText(source, here[0] - 1) : undefined;
  if (!before) return withoutLine;
  const withoutPrevious = blank(source, before);
  return reach(withoutPrevious, parse) > reach(withoutLine, parse) ? withoutPrevious : withoutLine;
}

/** How far the parser gets: the offset of its error, infinite without one. */
function reach(source: string, parse: Parse): number {
  const { error } = tryParse(source, parse);
  if (!error) return Number.POSITIVE_INFINITY;
  return isDuplicate(error) ? source.length : error.index;
}

/** The line at `offset`, or the nearest one above it that is not blank. */
function lineWithText(source: string, offset: number): readonly [number, number] | undefined {
  let end = source.indexOf('\n', offset);
  if (end === -1) end = source.length;
  while (end > 0) {
    const start = source.lastIndexOf('\n', end - 1) + 1;
    if (source.slice(start, end).trim() !== '') return [start, end];
    end = start - 1;
  }
  return undefined;
}

function blank(source: string, [start, end]: readonly [number, number]): string {
  return source.slice(0, start) + source.slice(start, end).replace(/[^\r\n]/g, ' ') + source.slice(end);
}

/** Replaces the duplicate key at `offset` by an unused name of the same length. */
function rename(source: string, offset: number, renamed: Map<number, string>): string | undefined {
  const key = /^(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)/.exec(source.slice(offset, offset + 200))?.[0];
  if (!key) return undefined;
  const quoted = /^["']/.test(key);
  const length = quoted ? key.length - 2 : key.length;
  const [open, name] = quoted ? [key.charAt(0), key.slice(1, -1)] : ['', key];
  const tried = renamed.has(offset) ? name : '';
  const next = nextName(tried, length, source);
  if (next === undefined) return undefined;
  if (!renamed.has(offset)) renamed.set(offset, name);
  return source.slice(0, offset) + open + next + open + source.slice(offset + key.length);
}

function nextName(after: string, length: number, source: string): string | undefined {
  if (length === 0) return undefined;
  const from = after === '' ? 0 : Number.parseInt(after.slice(-4), 36) + 1;
  const limit = 36 ** Math.min(length, 4);
  for (let counter = from; counter < limit; counter++) {
    const name = counter.toString(36).padStart(Math.min(length, 4), '0').padStart(length, 'z');
    if (!source.includes(name)) return name;
  }
  return undefined;
}

function explainToml(error: ParseError, text: string): SyntaxProblem {
  const start = Math.min(Math.max(error.index, 0), Math.max(0, text.length - 1));
  const [en, ko] = messageOf(error.message);
  return problem('syntax', start, Math.min(start + 1, text.length), en, ko);
}

function messageOf(message: string): readonly [string, string] {
  if (/Unterminated string|quotes/.test(message))
    return [
      'This string is not closed with a quote before the line ends.',
      '문자열이 줄 끝까지 따옴표로 닫히지 않았습니다.',
    ];
  if (/Unterminated table-key/.test(message))
    return ['This table header is not closed with ].', '테이블 헤더가 ]로 닫히지 않았습니다.'];
  if (/Unterminated/.test(message))
    return ['A bracket or brace is opened and not closed.', '괄호를 열고 닫지 않았습니다.'];
  if (/Unspecified values/.test(message))
    return ['A value is missing after the equals sign.', '등호 뒤에 값이 없습니다.'];
  if (/equal/.test(message))
    return ['An equals sign is missing after this key.', '이 키 뒤에 등호가 없습니다.'];
  if (/comma/i.test(message))
    return ['A comma is missing or one too many here.', '쉼표가 빠졌거나 하나 더 있습니다.'];
  if (/newline/.test(message))
    return [
      'One "key = value" per line: a line break is missing here, or a value is not quoted.',
      '한 줄에는 "키 = 값" 하나만 쓸 수 있습니다. 줄바꿈이 빠졌거나 값에 따옴표가 없습니다.',
    ];
  if (/Leading zeros|Underscores|date|time/.test(message))
    return [
      'TOML does not know this spelling of a number or date. Strings need quotes.',
      'TOML에서 쓸 수 없는 숫자 또는 날짜 표기입니다. 문자열이라면 따옴표로 감싸세요.',
    ];
  if (/dot|key/i.test(message)) return ['This is not a well-formed key.', '키의 형식이 잘못되었습니다.'];
  if (/escape|code point|control/i.test(message))
    return [
      'This character or backslash sequence is not allowed in TOML. Use single quotes for text with backslashes.',
      'TOML에서 쓸 수 없는 문자 또는 백슬래시 표현입니다. 백슬래시가 든 글은 작은따옴표로 감싸세요.',
    ];
  if (/Defining/.test(message)) return ['This key is set more than once.', '같은 키가 두 번 이상 있습니다.'];
  return [
    'This is not expected here. Strings need quotes in TOML, and each line holds one "key = value".',
    '여기에 올 수 없는 내용입니다. TOML에서는 문자열을 따옴표로 감싸고 한 줄에 "키 = 값" 하나만 씁니다.',
  ];
}
