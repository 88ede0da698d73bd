import { type ParseErrorCode, visit } from 'jsonc-parser';
import { explainJson, isUnknownWord, isValueExpected } from './json-problems.ts';
import {
  mapEntry,
  noPath,
  type OpenMap,
  type OpenParent,
  type OpenSeq,
  openMap,
  openSeq,
  scalarNode,
} from './nodes.ts';
import { duplicateKey, maxDepth, tooDeep } from './problems.ts';
import type { Comment, ConfigNode, KeyNode, Path, SyntaxProblem } from './types.ts';
import type { ParsedText } from './yaml.ts';

/**
 * JSON with comments and trailing commas, which the loaders that matter tolerate or strip, and with `NaN` and
 * `Infinity`, which Python's `json` reads.
 */
export function parseJson(text: string, lineOf: (offset: number) => number): ParsedText {
  const deep = deeperThan(text, maxDepth);
  if (deep !== undefined) return { roots: [], comments: [], problems: [tooDeep(deep)] };
  const tree = new JsonTree(text, lineOf);
  // The scanner does not know byte-order marks.
  const source = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  visit(source, tree.visitor(), {
    disallowComments: false,
    allowTrailingComma: true,
    allowEmptyContent: true,
  });
  return tree.result();
}

class JsonTree {
  private readonly text: string;
  private readonly lineOf: (offset: number) => number;
  private readonly comments: Comment[] = [];
  private readonly duplicates: SyntaxProblem[] = [];
  private syntax: SyntaxProblem | undefined;
  private root: ConfigNode | undefined;
  private readonly open: (OpenMap | OpenSeq)[] = [];
  private readonly keys: (KeyNode | undefined)[] = [];
  private readonly seen: Map<string, number>[] = [];
  private lastEnd = 0;
  /** End of a `NaN` or `Infinity` just read, where the scanner goes on to miss a value. */
  private specialEnd = -1;

  constructor(text: string, lineOf: (offset: number) => number) {
    this.text = text;
    this.lineOf = lineOf;
  }

  visitor(): Parameters<typeof visit>[1] {
    return {
      onObjectBegin: (offset) => this.begin(openMap(offset, this.path(), this.parent(), true)),
      onArrayBegin: (offset) => this.begin(openSeq(offset, this.path(), this.parent(), true)),
      onObjectEnd: (offset, length) => this.close(offset + length),
      onArrayEnd: (offset, length) => this.close(offset + length),
      onObjectProperty: (name, offset, length) => this.property(name, offset, length),
      onLiteralValue: (value, offset, length) => this.literal(value, offset, length),
      onSeparator: (character, offset, length) => {
        if (character === ',') this.finishKey();
        this.lastEnd = offset + length;
      },
      onComment: (offset, length) => this.comment(offset, Math.min(length, this.text.length - offset)),
      onError: (code, offset, length) => this.error(code, offset, length),
    };
  }

  result(): ParsedText {
    while (this.open.length > 0) this.close(this.lastEnd);
    return {
      roots: this.root ? [this.root] : [],
      comments: this.comments,
      problems: this.syntax ? [this.syntax, ...this.duplicates] : this.duplicates,
    };
  }

  private parent(): OpenParent {
    return this.open.at(-1);
  }

  private path(): Path {
    const parent = this.parent();
    if (!parent) return noPath;
    if (parent.kind === 'seq') return [...parent.path, parent.items.length];
    return [...parent.path, this.keys.at(-1)?.name ?? ''];
  }

  private begin(node: OpenMap | OpenSeq): void {
    this.lastEnd = node.span.start + 1;
    this.open.push(node);
    this.keys.push(undefined);
    this.seen.push(new Map());
  }

  private close(end: number): void {
    this.finishKey();
    const node = this.open.pop();
    this.keys.pop();
    this.seen.pop();
    if (!node) return;
    // Behind a comment that is not closed the scanner counts one too many.
    node.span.end = Math.min(end, this.text.length);
    this.add(node);
  }

  private literal(value: unknown, offset: number, length: number): void {
    const source = this.text.slice(offset, offset + length);
    const quoted = source.startsWith('"');
    const style = quoted ? 'double-quoted' : 'literal';
    const content = quoted && typeof value === 'string' ? value : source;
    const span = { start: offset, end: offset + length };
    this.add(scalarNode(span, this.path(), this.parent(), style, source, content));
  }

  private add(node: ConfigNode): void {
    const parent = this.parent();
    this.lastEnd = node.span.end;
    if (!parent) {
      this.root ??= node;
      return;
    }
    if (parent.kind === 'seq') {
      parent.items.push(node);
      return;
    }
    const key = this.keys.at(-1);
    if (!key) return;
    parent.entries.push(mapEntry(key, node));
    this.keys[this.keys.length - 1] = undefined;
  }

  private property(name: string, offset: number, length: number): void {
    this.finishKey();
    const key = { name, span: { start: offset, end: offset + length } };
    this.keys[this.keys.length - 1] = key;
    this.lastEnd = key.span.end;
    const seen = this.seen.at(-1);
    const first = seen?.get(name);
    if (first === undefined) seen?.set(name, offset);
    else this.duplicates.push(duplicateKey(name, key.span, this.lineOf(first)));
  }

  /** A key whose value is missing is kept, with nothing as its value; what cannot be read there is its span. */
  private finishKey(): void {
    if (!this.keys.at(-1)) return;
    const from = Math.min(this.lastEnd, this.text.length);
    unreadable.lastIndex = from;
    const [before = '', source = ''] = unreadable.exec(this.text)?.slice(1) ?? [];
    const start = source ? from + before.length : from;
    const span = { start, end: start + source.length };
    this.add(scalarNode(span, this.path(), this.parent(), 'literal', source, ''));
  }

  private comment(start: number, length: number): void {
    const source = this.text.slice(start, start + length);
    const block = source.startsWith('/*');
    const inner = block
      ? source.slice(2, source.endsWith('*/') && length >= 4 ? -2 : undefined)
      : source.slice(2);
    const lineStart = start === 0 ? 0 : this.text.lastIndexOf('\n', start - 1) + 1;
    const ownLine = /^[\ufeff \t]*$/.test(this.text.slice(lineStart, start));
    this.comments.push({ span: { start, end: start + length }, text: inner.trim(), ownLine });
  }

  /** Takes the numbers that only Python's JSON has; the scanner stops behind the minus sign. */
  private special(offset: number, length: number): boolean {
    const word = this.text.slice(offset, offset + length);
    if (word === '-') return this.text.startsWith('Infinity', offset + 1);
    if (word !== 'NaN' && word !== 'Infinity') return false;
    const parent = this.parent();
    if (!parent || (parent.kind === 'map' && !this.keys.at(-1))) return false;
    const start = this.text[offset - 1] === '-' ? offset - 1 : offset;
    const source = this.text.slice(start, offset + length);
    const span = { start, end: offset + length };
    this.add(scalarNode(span, this.path(), parent, 'literal', source, source));
    this.specialEnd = this.lastEnd;
    return true;
  }

  private error(code: ParseErrorCode, offset: number, length: number): void {
    if (isUnknownWord(code) && this.special(offset, length)) return;
    if (isValueExpected(code) && this.specialEnd === this.lastEnd) return;
    this.syntax ??= explainJson(code, offset, length, this.text, this.lastEnd);
  }
}

/** Blanks, then what stands up to the next separator of its line. */
const unreadable = /([ \t]*)([^,{}[\]\r\n]*[^,{}[\]\s])?/y;

/** Offset of the bracket that nests deeper than `limit`; strings and comments are skipped. */
function deeperThan(text: string, limit: number): number | undefined {
  let depth = 0;
  const interesting = /["[\]{}]|\/\/|\/\*/g;
  for (let match = interesting.exec(text); match; match = interesting.exec(text)) {
    switch (match[0]) {
      case '[':
      case '{':
        if (++depth > limit) return match.index;
        break;
      case ']':
      case '}':
        depth--;
        break;
      case '"':
        interesting.lastIndex = stringEnd(text, match.index + 1);
        break;
      default: {
        const end = match[0] === '//' ? text.indexOf('\n', match.index) : text.indexOf('*/', match.index + 2);
        if (end === -1) return undefined;
        interesting.lastIndex = end + 1;
      }
    }
  }
  return undefined;
}

/** Offset behind a JSON string whose opening quote stands before `start`; strings end with their line at the latest. */
function stringEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
    else if (code === 10 || code === 13) return at;
  }
  return text.length;
}
