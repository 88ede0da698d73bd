/** Quoted text, comments, brackets and line breaks inside a flow collection. */
const pieces = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|(?<=\s)#[^\n]*|[[\]{}]|\r?\n/g;

/**
 * PyYAML lets the lines of `[…]` and `{…}` start anywhere; the `yaml` parser, as the specification says, ends the
 * collection at a line that is not indented enough. Returns the text with the line breaks (and comments) of the
 * collections at `offsets` turned into blanks, so that every offset stays as it is; undefined when one is not closed.
 */
export function joinFlowLines(text: string, offsets: readonly number[]): string | undefined {
  let joined = '';
  let done = 0;
  for (const offset of offsets) {
    if (offset < done) continue;
    const part = joinOne(text, offset);
    if (part === undefined) return undefined;
    joined += text.slice(done, offset) + part;
    done = offset + part.length;
  }
  return joined + text.slice(done);
}

function joinOne(text: string, start: number): string | undefined {
  let depth = 0;
  let out = '';
  let done = start;
  const matcher = new RegExp(pieces);
  matcher.lastIndex = start;
  for (let match = matcher.exec(text); match; match = matcher.exec(text)) {
    const piece = match[0];
    const isBreak = piece.endsWith('\n') && piece.length < 3;
    if (isBreak || piece.startsWith('#')) {
      // A document ends at its marker, whatever is still open.
      if (
        isBreak &&
        /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(match.index + piece.length, match.index + piece.length + 4))
      )
        return undefined;
      out += text.slice(done, match.index) + ' '.repeat(piece.length);
      done = match.index + piece.length;
    } else if (piece === '[' || piece === '{') depth++;
    else if (piece === ']' || piece === '}') {
      depth--;
      if (depth === 0) return out + text.slice(done, match.index + 1);
    }
  }
  return undefined;
}
