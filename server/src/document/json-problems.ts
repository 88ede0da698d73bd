import type { ParseErrorCode } from 'jsonc-parser';
import { problem } from './problems.ts';
import type { SyntaxProblem } from './types.ts';

/** `ParseErrorCode` of jsonc-parser is an ambient const enum; these are its published numbers. */
const codes = {
  invalidSymbol: 1,
  invalidNumber: 2,
  propertyNameExpected: 3,
  valueExpected: 4,
  colonExpected: 5,
  commaExpected: 6,
  closeBraceExpected: 7,
  closeBracketExpected: 8,
  endOfFileExpected: 9,
  unexpectedEndOfComment: 11,
  unexpectedEndOfString: 12,
  unexpectedEndOfNumber: 13,
  invalidUnicode: 14,
  invalidEscape: 15,
  invalidCharacter: 16,
} as const;

/** A word that is no JSON literal, or the start of one. */
export const isUnknownWord = (code: ParseErrorCode): boolean => Number(code) === codes.invalidSymbol;
export const isValueExpected = (code: ParseErrorCode): boolean => Number(code) === codes.valueExpected;

/** `before` is the end of what was read last; a missing comma or colon is shown there. */
export function explainJson(
  code: ParseErrorCode,
  offset: number,
  length: number,
  text: string,
  before: number,
): SyntaxProblem {
  const missing =
    code === codes.colonExpected ||
    code === codes.commaExpected ||
    code === codes.closeBraceExpected ||
    code === codes.closeBracketExpected;
  const start = missing ? Math.max(0, before - 1) : Math.min(offset, Math.max(0, text.length - 1));
  const end = missing ? before : Math.min(text.length, start + Math.max(1, length));
  const [en, ko] = messageOf(code, text.slice(offset, offset + length));
  return problem('syntax', start, end, en, ko);
}

function messageOf(code: number, found: string): readonly [string, string] {
  switch (code) {
    case codes.invalidSymbol:
      if (/^(True|False|None)$/.test(found))
        return [
          `"${found}" is Python; JSON writes ${pythonToJson[found]}.`,
          `"${found}"는 파이썬 표기입니다. JSON에서는 ${pythonToJson[found]}로 적습니다.`,
        ];
      return [
        'This is no JSON value. Strings need double quotes; the other values are numbers, true, false and null.',
        'JSON 값이 아닙니다. 문자열은 큰따옴표로 감싸고, 그 밖에는 숫자, true, false, null만 쓸 수 있습니다.',
      ];
    case codes.invalidNumber:
    case codes.unexpectedEndOfNumber:
      return [
        'JSON does not know this spelling of a number. Write digits on both sides of the dot, for example 0.5 or 5e-5.',
        'JSON에서 쓸 수 없는 숫자 표기입니다. 0.5나 5e-5처럼 소수점 앞뒤에 숫자를 적으세요.',
      ];
    case codes.propertyNameExpected:
      return ['A key in double quotes is expected here.', '여기에는 큰따옴표로 감싼 키가 와야 합니다.'];
    case codes.valueExpected:
      return ['A value is missing here.', '여기에 값이 빠졌습니다.'];
    case codes.colonExpected:
      return ['A colon is missing after this key.', '이 키 뒤에 콜론이 빠졌습니다.'];
    case codes.commaExpected:
      return ['A comma is missing after this value.', '이 값 뒤에 쉼표가 빠졌습니다.'];
    case codes.closeBraceExpected:
      return ['A closing brace } is missing after this.', '이 뒤에 닫는 중괄호 }가 빠졌습니다.'];
    case codes.closeBracketExpected:
      return ['A closing bracket ] is missing after this.', '이 뒤에 닫는 대괄호 ]가 빠졌습니다.'];
    case codes.endOfFileExpected:
      return [
        'The JSON value ends before this; nothing may follow it.',
        'JSON 값이 이 앞에서 끝났습니다. 뒤에는 아무것도 올 수 없습니다.',
      ];
    case codes.unexpectedEndOfComment:
      return ['This comment is not closed with */.', '주석이 */로 닫히지 않았습니다.'];
    case codes.unexpectedEndOfString:
      return ['This string is not closed with a quote.', '문자열이 따옴표로 닫히지 않았습니다.'];
    case codes.invalidEscape:
    case codes.invalidUnicode:
      return [
        'This backslash sequence means nothing in JSON. Write \\\\ for a backslash.',
        'JSON에서 쓸 수 없는 백슬래시 표현입니다. 백슬래시는 \\\\로 적으세요.',
      ];
    default:
      return ['This character is not allowed here in JSON.', 'JSON에서 이 자리에 쓸 수 없는 문자입니다.'];
  }
}

const pythonToJson: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };
