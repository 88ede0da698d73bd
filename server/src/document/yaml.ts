import { type CST, Lexer, Parser } from 'yaml';
import { LimitReached } from './limit.ts';
import { maxDepth, tooDeep } from './problems.ts';
import type { Comment, ConfigNode, SyntaxProblem } from './types.ts';
import { firstYamlProblem } from './yaml-problems.ts';
import { YamlTree } from './yaml-tree.ts';

/** What a reader of one format makes of a text. */
export interface ParsedText {
  readonly roots: readonly ConfigNode[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}

/** YAML with the `yaml` package's lexer and parser: every document of the stream, whatever its tags. */
export function parseYaml(text: string, lineOf: (offset: number) => number): ParsedText {
  const tokens: CST.Token[] = [];
  const tooDeepAt = readTokens(text, tokens);
  if (tooDeepAt !== undefined) return { roots: [], comments: [], problems: [tooDeep(tooDeepAt)] };
  const tree = new YamlTree(text, lineOf);
  const roots: ConfigNode[] = [];
  try {
    for (const token of tokens) {
      if (token.type === 'document') roots.push(tree.document(token));
      else if (token.type === 'comment') tree.comment(token);
      else if (token.type === 'doc-end') tree.trailing(token.end ?? [], false);
      else if (token.type === 'directive' || token.type === 'error') tree.doubtful = true;
    }
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return { roots: [], comments: tree.comments, problems: [error.problem] };
  }
  const syntax = tree.doubtful ? firstYamlProblem(tokens, text) : undefined;
  const problems = syntax ? [syntax, ...tree.problems] : tree.problems;
  return { roots, comments: tree.comments, problems };
}

/** Fills `tokens`; gives up with an offset when collections nest so deep that the rest would cost too much. */
function readTokens(text: string, tokens: CST.Token[]): number | undefined {
  const parser = new Parser();
  const maxStack = 4 * maxDepth;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxStack) return parser.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  return undefined;
}
