import { type AST, parseTOML } from 'toml-eslint-parser';
import { LimitReached } from './limit.ts';
import {
  mapEntry,
  noPath,
  type OpenMap,
  type OpenParent,
  openMap,
  openSeq,
  scalarNode,
  type Writable,
} from './nodes.ts';
import { duplicateKey, maxDepth, tooDeep } from './problems.ts';
import { readTolerantly } from './toml-recovery.ts';
import type { Comment, ConfigNode, KeyNode, MapEntry, Path, SyntaxProblem } from './types.ts';
import type { ParsedText } from './yaml.ts';

/** TOML 1.1 with `toml-eslint-parser`; a broken line is left out and the others are kept. */
export function parseToml(text: string, lineOf: (offset: number) => number): ParsedText {
  const deep = bracketsDeeperThan(text, maxDepth);
  if (deep !== undefined) return { roots: [], comments: [], problems: [tooDeep(deep)] };
  const read = readTolerantly(text, (source) => parseTOML(source));
  if (!read.program) return { roots: [], comments: [], problems: read.problems };
  const comments = read.program.comments.map((comment) => tomlComment(comment, text));
  const tree = new TomlTree(text, read.renamed, lineOf);
  try {
    const root = tree.program(read.program);
    const isEmpty = root.kind === 'map' && root.entries.length === 0;
    const problems = [...read.problems, ...tree.problems];
    return { roots: isEmpty ? [] : [root], comments, problems };
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return { roots: [], comments, problems: [error.problem] };
  }
}

class TomlTree {
  readonly problems: SyntaxProblem[] = [];
  private readonly text: string;
  private readonly lineOf: (offset: number) => number;
  /** Duplicate keys that got another name to please the parser: offset of the key to its real name. */
  private readonly renamed: ReadonlyMap<number, string>;

  constructor(text: string, renamed: ReadonlyMap<number, string>, lineOf: (offset: number) => number) {
    this.text = text;
    this.renamed = renamed;
    this.lineOf = lineOf;
  }

  program(program: AST.TOMLProgram): ConfigNode {
    const root = openMap(this.text.charCodeAt(0) === 0xfeff ? 1 : 0, noPath, undefined, false);
    root.span.end = this.text.length;
    const [top] = program.body;
    for (const item of top.body) {
      if (item.type === 'TOMLKeyValue') this.keyValue(item, root, 1);
      else this.table(item, root);
    }
    this.finish(root, 0);
    root.span.end = Math.max(root.span.end, this.text.length);
    return root;
  }

  private table(table: AST.TOMLTable, root: OpenMap): void {
    const keys = table.key.keys;
    let map = root;
    keys.slice(0, -1).forEach((key) => {
      map = this.descend(map, key, false);
    });
    const last = keys.at(-1);
    if (!last) return;
    const name = this.name(last);
    const start = table.range[0];
    if (table.kind === 'array') {
      const existing = map.entries.findLast(({ key }) => key.name === name)?.value;
      let seq =
        existing?.kind === 'seq' && !existing.flow ? (existing as ReturnType<typeof openSeq>) : undefined;
      if (!seq) {
        seq = openSeq(start, [...map.path, name], map, false);
        map.entries.push(mapEntry(this.keyNode(last, name), seq));
      }
      const item = openMap(start, [...seq.path, seq.items.length], seq, false);
      item.span.end = table.range[1];
      seq.items.push(item);
      map = item;
    } else {
      map = this.descend(map, last, this.renamed.has(last.range[0]));
      map.span.start = Math.min(map.span.start, start);
      map.span.end = Math.max(map.span.end, table.range[1]);
    }
    for (const item of table.body) this.keyValue(item, map, keys.length + 1);
  }

  /** The table under `key`, made when it is not there; the last item of an array of tables. */
  private descend(map: OpenMap, key: AST.TOMLBare | AST.TOMLQuoted, fresh: boolean): OpenMap {
    const name = this.name(key);
    const found = fresh ? undefined : map.entries.findLast((entry) => entry.key.name === name)?.value;
    const inner = found?.kind === 'seq' ? found.items.at(-1) : found;
    if (inner?.kind === 'map') return inner as OpenMap;
    const made = openMap(key.range[0], [...map.path, name], map, false);
    made.span.end = key.range[1];
    map.entries.push(mapEntry(this.keyNode(key, name), made));
    return made;
  }

  private keyValue(item: AST.TOMLKeyValue, into: OpenMap, depth: number): void {
    const keys = item.key.keys;
    let map = into;
    keys.slice(0, -1).forEach((key) => {
      map = this.descend(map, key, false);
    });
    const last = keys.at(-1);
    if (!last) return;
    const name = this.name(last);
    const value = this.value(item.value, [...map.path, name], map, depth + keys.length);
    map.entries.push(mapEntry(this.keyNode(last, name), value));
  }

  private value(node: AST.TOMLContentNode, path: Path, parent: OpenParent, depth: number): ConfigNode {
    if (depth > maxDepth) throw new LimitReached(tooDeep(node.range[0]));
    const [start, end] = node.range;
    if (node.type === 'TOMLArray') {
      const seq = openSeq(start, path, parent, true);
      seq.span.end = end;
      node.elements.forEach((element, index) => {
        seq.items.push(this.value(element, [...path, index], seq, depth + 1));
      });
      return seq;
    }
    if (node.type === 'TOMLInlineTable') {
      const map = openMap(start, path, parent, true);
      map.span.end = end;
      for (const item of node.body) this.keyValue(item, map, depth + 1);
      return map;
    }
    const source = this.text.slice(start, end);
    if (node.kind !== 'string') return scalarNode({ start, end }, path, parent, 'literal', source, source);
    const style = node.style === 'basic' ? 'double-quoted' : 'single-quoted';
    return scalarNode({ start, end }, path, parent, style, source, node.value);
  }

  private name(key: AST.TOMLBare | AST.TOMLQuoted): string {
    return this.renamed.get(key.range[0]) ?? (key.type === 'TOMLBare' ? key.name : key.value);
  }

  private keyNode(key: AST.TOMLBare | AST.TOMLQuoted, name: string): KeyNode {
    return { name, span: { start: key.range[0], end: key.range[1] } };
  }

  /** Tables grow while later headers are read; spans and duplicates are settled when all is known. */
  private finish(node: ConfigNode, depth: number): void {
    if (depth > maxDepth) throw new LimitReached(tooDeep(node.span.start));
    if (node.kind === 'seq') for (const item of node.items) this.finish(item, depth + 1);
    if (node.kind !== 'map') {
      if (node.kind === 'seq' && !node.flow) grow(node.span, node.items);
      return;
    }
    const first = new Map<string, number>();
    for (const entry of node.entries as Writable<MapEntry>[]) {
      const { key, value } = entry;
      this.finish(value, depth + 1);
      entry.span = { start: Math.min(key.span.start, value.span.start), end: value.span.end };
      const seen = first.get(key.name);
      if (seen === undefined) first.set(key.name, key.span.start);
      else this.problems.push(duplicateKey(key.name, key.span, this.lineOf(seen)));
    }
    if (!node.flow) grow(node.span, node.entries);
  }
}

function grow(
  span: Writable<ConfigNode['span']>,
  parts: readonly { readonly span: ConfigNode['span'] }[],
): void {
  for (const part of parts) {
    span.start = Math.min(span.start, part.span.start);
    span.end = Math.max(span.end, part.span.end);
  }
}

function tomlComment(comment: AST.Comment, text: string): Comment {
  const [start, end] = comment.range;
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  return {
    span: { start, end },
    text: comment.value.trim(),
    ownLine: /^[\ufeff \t]*$/.test(text.slice(lineStart, start)),
  };
}

/** Strings, comments and brackets of TOML, for counting brackets before the recursive parser sees them. */
const pieces = /"""[\s\S]*?(?<!\\)"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}]/g;

function bracketsDeeperThan(text: string, limit: number): number | undefined {
  let depth = 0;
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    if (piece === '[' || piece === '{') {
      if (++depth > limit) return index;
    } else if (piece === ']' || piece === '}') depth = Math.max(0, depth - 1);
  }
  return undefined;
}
