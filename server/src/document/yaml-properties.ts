import type { CST } from 'yaml';
import type { Comment } from './types.ts';

type Tokens = readonly CST.SourceToken[];

/**
 * Reads the small tokens between nodes: blanks, comments, indicators, anchors and tags. The fields hold what the last
 * {@link read} found; they are overwritten by the next, so that reading a file makes no garbage.
 */
export class YamlProperties {
  readonly comments: Comment[] = [];
  /** Something was met that only the library's own composer can judge. */
  doubtful = false;
  anchor: string | undefined;
  tag: string | undefined;
  found = false;
  comma = false;
  newline = false;
  end = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Comments after a value or between documents; anything else there is doubtful. */
  trailing(tokens: Tokens, hasSpace: boolean): void {
    let space = hasSpace;
    for (const token of tokens) {
      if (token.type === 'comment') {
        if (!space) this.doubtful = true;
        this.comment(token);
      } else if (token.type === 'space' || token.type === 'newline') space = true;
      else this.doubtful = true;
    }
  }

  comment(token: { readonly offset: number; readonly source: string }): void {
    let before = token.offset - 1;
    while (before >= 0 && isBlank(this.text.charCodeAt(before))) before--;
    const code = before < 0 ? 10 : this.text.charCodeAt(before);
    this.comments.push({
      span: { start: token.offset, end: token.offset + token.source.length },
      text: token.source.slice(1).trim(),
      ownLine: code === 10 || code === 13 || code === 0xfeff,
    });
  }

  /** Reads what stands before a node: blanks, comments, indicator, anchor, tag. */
  read(
    tokens: Tokens,
    indicator: CST.SourceToken['type'],
    flow: boolean,
    next: CST.Token | null | undefined,
    lineStart: boolean,
    offset: number,
  ): void {
    this.anchor = undefined;
    this.tag = undefined;
    this.found = false;
    this.comma = false;
    this.newline = false;
    this.end = offset;
    let space = lineStart;
    let glued = false;
    for (const token of tokens) {
      const { type } = token;
      if (glued && type !== 'space' && type !== 'newline' && type !== 'comma') this.doubtful = true;
      glued = false;
      if (type === 'space') {
        if (!flow && token.source.includes('\t')) this.doubtful = true;
        space = true;
        continue;
      }
      if (type === 'newline') {
        this.newline = true;
        space = true;
        continue;
      }
      if (type === 'comment') {
        if (!space) this.doubtful = true;
        this.comment(token);
        continue;
      }
      if (type === indicator) {
        if (this.found || this.anchor !== undefined || this.tag !== undefined) this.doubtful = true;
        this.found = true;
      } else if (type === 'anchor') {
        if (this.anchor !== undefined || token.source.length < 2) this.doubtful = true;
        this.anchor = token.source.slice(1);
        glued = true;
      } else if (type === 'tag') {
        if (this.tag !== undefined) this.doubtful = true;
        this.tag = token.source;
        glued = true;
      } else if (type === 'comma' && flow) {
        if (this.comma) this.doubtful = true;
        this.comma = true;
      } else {
        this.doubtful = true;
      }
      space = false;
      this.end = token.offset + token.source.length;
    }
    if (glued && next && !(next.type === 'scalar' && next.source === '')) this.doubtful = true;
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
