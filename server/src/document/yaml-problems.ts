import { Composer, type CST, type ErrorCode, type YAMLParseError } from 'yaml';
import { problem } from './problems.ts';
import type { Span, SyntaxProblem } from './types.ts';

/** Findings of the library that are no matter of syntax for us: unknown tags are values decided elsewhere. */
const ignored: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TAG_RESOLVE_FAILED',
  'BAD_COLLECTION_TYPE',
  'DUPLICATE_KEY',
  'NON_STRING_KEY',
  'KEY_OVER_1024_CHARS',
]);

/** Asks the `yaml` package what is wrong; the first thing is enough, the others mostly follow from it. */
export function firstYamlProblem(tokens: readonly CST.Token[], text: string): SyntaxProblem | undefined {
  let first: YAMLParseError | undefined;
  try {
    const composer = new Composer({ uniqueKeys: false, logLevel: 'silent', merge: true });
    for (const document of composer.compose(tokens)) {
      for (const error of document.errors) {
        // PyYAML, which most frameworks read with, wants no blank before a comment.
        if (ignored.has(error.code) || error.message.startsWith('Comments must be separated')) continue;
        if (!first || error.pos[0] < first.pos[0]) first = error;
      }
      if (first) break;
    }
    for (const error of composer.streamInfo().errors) {
      if (error instanceof Error && !first) first = error;
    }
  } catch {
    return undefined;
  }
  return first && explain(first, text);
}

function explain(error: YAMLParseError, text: string): SyntaxProblem {
  const start = Math.min(Math.max(error.pos[0], 0), text.length);
  const lineBreak = text.slice(start).search(/[\r\n]/);
  const lineEnd = lineBreak === -1 ? text.length : start + lineBreak;
  const end = Math.min(Math.max(error.pos[1], start + 1), Math.max(lineEnd, start + 1), text.length);
  // At the very end of the text there is nothing left to underline but the character before it.
  const from = start === end ? Math.max(0, start - 1) : start;
  const [en, ko] = messageOf(error);
  return problem('syntax', from, end, en, ko);
}

function messageOf({ code, message }: YAMLParseError): readonly [string, string] {
  switch (code) {
    case 'TAB_AS_INDENT':
      return [
        'A tab is used as indentation here; YAML allows only spaces. Replace it by spaces.',
        '들여쓰기에 탭을 썼습니다. YAML은 공백만 허용하므로 공백으로 바꾸세요.',
      ];
    case 'BAD_INDENT':
      if (message.startsWith('Flow'))
        return [
          'This bracket is not closed, or its lines are not indented more than the key it belongs to.',
          '괄호가 닫히지 않았거나, 괄호 안의 줄이 해당 키보다 더 들여쓰여 있지 않습니다.',
        ];
      return [
        'The indentation does not fit the lines above: entries of one block must start in the same column.',
        '들여쓰기가 윗줄과 맞지 않습니다. 같은 블록의 항목은 같은 열에서 시작해야 합니다.',
      ];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return [
        'Two "key: value" pairs stand on one line, or a block starts where a value was expected. Put the inner pair on its own indented line, or quote the value.',
        '한 줄에 "키: 값"이 두 번 있거나, 값이 올 자리에서 블록이 시작됩니다. 안쪽 쌍을 들여쓴 새 줄로 옮기거나 값을 따옴표로 감싸세요.',
      ];
    case 'MULTILINE_IMPLICIT_KEY':
      return [
        'A key must stand on one line with its colon. Is a colon missing on this line or the one before?',
        '키와 콜론은 한 줄에 있어야 합니다. 이 줄이나 윗줄에 콜론이 빠지지 않았는지 확인하세요.',
      ];
    case 'MISSING_CHAR':
      return missingCharacter(message);
    case 'BAD_SCALAR_START':
      return [
        'A value cannot start with this character unless it is quoted. Put quotes around the value.',
        '따옴표 없이 이 문자로 값을 시작할 수 없습니다. 값을 따옴표로 감싸세요.',
      ];
    case 'BAD_DQ_ESCAPE':
      return [
        'This backslash sequence means nothing inside double quotes. Write \\\\ for a backslash or use single quotes.',
        '큰따옴표 안에서 쓸 수 없는 백슬래시 표현입니다. 백슬래시는 \\\\로 적거나 작은따옴표를 쓰세요.',
      ];
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'BAD_PROP_ORDER':
      return [
        'This anchor, alias or tag is not well-formed. Write at most one &anchor and one !tag, directly before the value.',
        '앵커, 별칭 또는 태그의 형식이 잘못되었습니다. 값 바로 앞에 &앵커와 !태그를 하나씩만 적으세요.',
      ];
    case 'BLOCK_IN_FLOW':
      return [
        'Inside brackets, values must be written in brackets too; an indented block is not allowed here.',
        '괄호 안에서는 값도 괄호로 적어야 하며, 들여쓴 블록은 쓸 수 없습니다.',
      ];
    case 'BAD_DIRECTIVE':
      return [
        'A line starting with % is a YAML directive, and this one is not known. Quote it if it is a value.',
        '%로 시작하는 줄은 YAML 지시문인데 알 수 없는 지시문입니다. 값이라면 따옴표로 감싸세요.',
      ];
    default:
      return [
        'This is not expected here: YAML cannot tell which value it belongs to. Check the indentation and quotes of this line and the one before.',
        'YAML이 이 부분이 어느 값에 속하는지 알 수 없습니다. 이 줄과 윗줄의 들여쓰기와 따옴표를 확인하세요.',
      ];
  }
}

const quoteNotClosed = [
  'A quote is opened and not closed. Add the missing quote at the end of the value.',
  '따옴표를 열고 닫지 않았습니다. 값 끝에 빠진 따옴표를 추가하세요.',
] as const;

/** A value that begins with a quote and does not end with one. */
export function unclosedQuote({ start, end }: Span): SyntaxProblem {
  return problem('syntax', start, end, ...quoteNotClosed);
}

function missingCharacter(message: string): readonly [string, string] {
  if (/quote/.test(message)) return quoteNotClosed;
  if (/map values|followed by/.test(message))
    return [
      'A colon after the key is missing here, or this text belongs to the line before. Write "key: value" with a space after the colon.',
      '키 뒤에 콜론이 없거나, 이 글이 윗줄에 속합니다. 콜론 뒤에 공백을 두고 "키: 값"으로 적으세요.',
    ];
  if (/, between/.test(message))
    return [
      'A comma is missing between two values inside brackets.',
      '괄호 안의 두 값 사이에 쉼표가 없습니다.',
    ];
  if (/must end with/.test(message))
    return ['A bracket is opened and not closed.', '괄호를 열고 닫지 않았습니다.'];
  if (/without - indicator/.test(message))
    return [
      'This line stands among list items but does not start with "- ".',
      '목록 항목 사이의 줄인데 "- "로 시작하지 않습니다.',
    ];
  return [
    'Something is missing before this point: a space, a line break or a separator between two values.',
    '이 앞에 무언가 빠졌습니다. 두 값 사이의 공백, 줄바꿈 또는 구분 기호를 확인하세요.',
  ];
}
