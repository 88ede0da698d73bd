import { type CST, Lexer, Parser } from 'yaml';
import { LimitReached } from './limit.ts';
import { applyMends, mendsOf } from './mend.ts';
import { maxDepth, tooDeep } from './problems.ts';
import type { Comment, ConfigNode, SyntaxProblem } from './types.ts';
import { joinFlowLines } from './yaml-flow.ts';
import { firstYamlProblem, unclosedQuote } from './yaml-problems.ts';
import { YamlTree } from './yaml-tree.ts';

/** What a reader of one format makes of a text. */
export interface ParsedText {
  readonly roots: readonly ConfigNode[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}

/** YAML with the `yaml` package's lexer and parser: every document of the stream, whatever its tags. */
export function parseYaml(text: string, lineOf: (offset: number) => number): ParsedText {
  let source = text;
  let reading = readYaml(text, source, lineOf);
  // One collection that ends too early for the parser may hide the next.
  for (let rounds = text.length > bigFile ? 0 : maxRounds; rounds > 0; rounds--) {
    if (reading.unclosed.length === 0 || reading.unclosed.length > maxUnclosed) break;
    const joined = joinFlowLines(source, reading.unclosed);
    if (joined === source) break;
    source = joined;
    reading = readYaml(text, source, lineOf);
  }
  return blameQuote(text, reading.parsed, lineOf);
}

/** Of more lines than this with a lone quote none is the one at fault. */
const maxQuotes = 5;

/**
 * A quote that is not closed ends at the next one, often many lines down, and the parser complains there. Blames the
 * quote that opens, if closing it on its own line makes the text well-formed.
 */
function blameQuote(text: string, parsed: ParsedText, lineOf: (offset: number) => number): ParsedText {
  const [first, ...others] = parsed.problems;
  if (first?.code !== 'syntax' || text.length > bigFile) return parsed;
  const quotes = mendsOf(text).filter(({ kind }) => kind === 'quote');
  const culprit = quotes.slice(0, maxQuotes).find((mend) => {
    const mended = applyMends(text, [mend]);
    return readYaml(mended, mended, lineOf).parsed.problems.every(({ code }) => code !== 'syntax');
  });
  if (!culprit) return parsed;
  return { ...parsed, problems: [unclosedQuote(culprit.span), ...others] };
}

/** Beyond this many UTF-16 code units a file is not read again for the sake of its indentation. */
const bigFile = 100_000;
const maxRounds = 8;
/** More than this many open brackets and quotes are not a matter of indentation. */
const maxUnclosed = 20;

interface YamlReading {
  readonly parsed: ParsedText;
  /** Offsets of brackets whose collection the parser saw no end of. */
  readonly unclosed: readonly number[];
}

/** Reads `source`, which is `text` but for blanks in place of some line breaks and comments. */
function readYaml(text: string, source: string, lineOf: (offset: number) => number): YamlReading {
  const tokens: CST.Token[] = [];
  const tooDeepAt = readTokens(source, tokens);
  if (tooDeepAt !== undefined) return stopped([], tooDeep(tooDeepAt));
  const tree = new YamlTree(text, lineOf);
  const roots: ConfigNode[] = [];
  try {
    for (const token of tokens) {
      if (token.type === 'document') roots.push(tree.document(token));
      else if (token.type === 'comment') tree.before.comment(token);
      else if (token.type === 'doc-end') tree.before.trailing(token.end ?? [], false);
      else if (token.type === 'directive' || token.type === 'error') tree.before.doubtful = true;
    }
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return stopped(tree.before.comments, error.problem);
  }
  if (source !== text) addHiddenComments(tree, text, source);
  const syntax = tree.before.doubtful ? firstYamlProblem(tokens, text) : undefined;
  const problems = syntax ? [syntax, ...tree.problems] : tree.problems;
  return { parsed: { roots, comments: tree.before.comments, problems }, unclosed: tree.unclosed };
}

function stopped(comments: readonly Comment[], why: SyntaxProblem): YamlReading {
  return { parsed: { roots: [], comments, problems: [why] }, unclosed: [] };
}

/** Comments that were blanked together with line breaks still are comments of the file. */
function addHiddenComments(tree: YamlTree, text: string, source: string): void {
  for (let at = text.indexOf('#'); at !== -1; at = text.indexOf('#', at + 1)) {
    if (source[at] !== ' ') continue;
    const lineBreak = text.indexOf('\n', at);
    const content = text.slice(at, lineBreak === -1 ? undefined : lineBreak).trimEnd();
    tree.before.comment({ offset: at, source: content });
    at += content.length;
  }
  tree.before.comments.sort((a, b) => a.span.start - b.span.start);
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
