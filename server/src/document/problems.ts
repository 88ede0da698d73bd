import type { Span, SyntaxProblem } from './types.ts';

/** Beyond this many UTF-16 code units a file is not parsed: no training config comes near it. */
export const maxTextLength = 512 * 1024;
/** Collections inside collections; published configs stay under 15. */
export const maxDepth = 200;
/** Nodes a file may have once every alias is written out. */
export const maxExpandedNodes = 1_000_000;

export function problem(
  code: SyntaxProblem['code'],
  start: number,
  end: number,
  en: string,
  ko: string,
): SyntaxProblem {
  return { code, span: { start, end: Math.max(start, end) }, message: { en, ko } };
}

export function duplicateKey(name: string, span: Span, firstLine: number): SyntaxProblem {
  return problem(
    'duplicate-key',
    span.start,
    span.end,
    `The key "${name}" is already set on line ${firstLine}. Depending on the loader the file is refused or the last value wins silently; keep one of the two.`,
    `"${name}" 키는 ${firstLine}번째 줄에 이미 있습니다. 로더에 따라 파일을 거부하거나 마지막 값만 조용히 쓰므로 하나만 남기세요.`,
  );
}

export function tooLarge(length: number): SyntaxProblem {
  const size = (length / 1024 / 1024).toFixed(1);
  return problem(
    'too-large',
    0,
    0,
    `This file is ${size} MB long, far more than a training config needs, so it was not read. The limit is 0.5 MB.`,
    `파일 크기가 ${size}MB로 학습 설정이라기에는 너무 커서 읽지 않았습니다. 한도는 0.5MB입니다.`,
  );
}

export function tooDeep(offset: number): SyntaxProblem {
  return problem(
    'too-deep',
    offset,
    offset + 1,
    `Values are nested more than ${maxDepth} levels deep here, so the file was not read further. Is a bracket left open?`,
    `여기서 값이 ${maxDepth}단계보다 깊게 중첩되어 더 읽지 않았습니다. 닫지 않은 괄호가 있는지 확인하세요.`,
  );
}

export function aliasBomb(start: number, end: number): SyntaxProblem {
  return problem(
    'alias-bomb',
    start,
    end,
    'Written out, the aliases of this file make more than a million values, so it was not read. Use fewer aliases inside aliased blocks.',
    '이 파일의 별칭(alias)을 모두 펼치면 값이 백만 개를 넘으므로 읽지 않았습니다. 별칭이 가리키는 블록 안의 별칭을 줄이세요.',
  );
}

export function binaryContent(offset: number): SyntaxProblem {
  return problem(
    'binary',
    offset,
    offset + 1,
    'There is a control character here that no text format allows. Is this a binary file, or one saved as UTF-16?',
    '여기에 텍스트 형식에서 쓸 수 없는 제어 문자가 있습니다. 바이너리 파일이거나 UTF-16으로 저장된 파일인지 확인하세요.',
  );
}
