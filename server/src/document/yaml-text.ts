import { CST } from 'yaml';

/** Characters a plain scalar cannot start with. */
const badStart = /^[\t,%|>@`]/;

/** The content of a scalar, unquoted, unescaped and folded; `onProblem` is called for what may be malformed. */
export function textOf(token: CST.FlowScalar | CST.BlockScalar, onProblem: () => void): string {
  const { source, type } = token;
  if (type === 'scalar') {
    if (badStart.test(source)) onProblem();
    if (!source.includes('\n')) return source;
  } else if (type !== 'block-scalar' && isSimple(source)) return source.slice(1, -1);
  return CST.resolveAsScalar(token, true, onProblem)?.value ?? '';
}

/** Whether a quoted scalar ends with the quote it begins with. */
export function isClosed(source: string): boolean {
  return source.length > 1 && source.endsWith(source.charAt(0));
}

/** Whether a quoted scalar is nothing but plain text between two quotes. */
function isSimple(source: string): boolean {
  const quote = source.charAt(0);
  if (!isClosed(source) || source.includes('\n')) return false;
  return quote === '"' ? !source.includes('\\') : source.indexOf("'", 1) === source.length - 1;
}
