/** Quoted text, comments, brackets and line breaks inside a flow collection. */
const pieces = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|(?<=\s)#[^\n]*|[[\]{}]|\r?\n/g;

/**
 * PyYAML lets the lines of `[…]`, `{…}` and quoted scalars start anywhere; the `yaml` parser, as the specification
 * says, ends them at a line that is not indented enough. Returns the text with the line breaks (and comments) of what
 * begins at `offsets` turned into blanks, so that every offset stays as it is. What is never closed is left alone.
 */
export function joinFlowLines(text: string, offsets: readonly number[]): string {
  let joined = '';
  let done = 0;
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    const part = offset < done ? undefined : joinOne(text, offset);
    if (part === undefined) continue;
    joined += text.slice(done, offset) + part;
    done = offset + part.length;
  }
  return joined + text.slice(done);
}

function joinOne(text: string, start: number): string | undefined {
  return /["']/.test(text.charAt(start)) ? joinQuoted(text, start) : joinBrackets(text, start);
}

/** A quoted scalar that closes on a later line, with nothing but the end of its value behind it. */
function joinQuoted(text: string, start: number): string | undefined {
  const matcher = text[start] === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^']|'')*'/y;
  matcher.lastIndex = start;
  const quoted = matcher.exec(text)?.[0];
  if (quoted === undefined || /\n(?:---|\.\.\.)\s/.test(quoted)) return undefined;
  if (!/^[ \t]*(?:[\r\n,\]}]|[ \t]#|$)/.test(text.slice(start + quoted.length, start + quoted.length + 100)))
    return undefined;
  return quoted.replace(/[\r\n]/g, ' ');
}

function joinBrackets(text: string, start: number): string | undefined {
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
