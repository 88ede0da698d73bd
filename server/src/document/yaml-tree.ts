import { CST } from 'yaml';
import { LimitReached } from './limit.ts';
import {
  addProperties,
  aliasNode,
  mapEntry,
  noPath,
  type OpenMap,
  type OpenParent,
  openMap,
  openSeq,
  scalarNode,
} from './nodes.ts';
import { aliasBomb, duplicateKey, maxDepth, maxExpandedNodes, tooDeep } from './problems.ts';
import type { ConfigNode, KeyNode, Path, ScalarStyle, SyntaxProblem } from './types.ts';
import { YamlProperties } from './yaml-properties.ts';
import { isClosed, textOf } from './yaml-text.ts';

type Scalar = CST.FlowScalar | CST.BlockScalar;

const styles: Readonly<Record<string, ScalarStyle>> = {
  scalar: 'plain',
  'single-quoted-scalar': 'single-quoted',
  'double-quoted-scalar': 'double-quoted',
};

/**
 * Turns the token tree of the `yaml` parser into config nodes. Composing documents with the library would cost
 * half as much again as parsing them, and loses the places of comments; so the tree is made here, and the library
 * is asked what is wrong only when something out of the ordinary was met: then `doubtful` is set.
 */
export class YamlTree {
  readonly problems: SyntaxProblem[] = [];
  /** Comments, and what stands before a node; says whether anything was out of the ordinary. */
  readonly before: YamlProperties;
  /** Offsets of brackets and quotes that are not closed where the parser expects it. */
  readonly unclosed: number[] = [];

  private readonly text: string;
  private readonly lineOf: (offset: number) => number;
  private anchors = new Map<string, ConfigNode>();
  private sizes = new Map<ConfigNode, number>();
  private size = 0;
  private readonly onProblem = (): void => {
    this.before.doubtful = true;
  };
  private depth = 0;
  constructor(text: string, lineOf: (offset: number) => number) {
    this.text = text;
    this.before = new YamlProperties(text);
    this.lineOf = lineOf;
  }

  document(token: CST.Document): ConfigNode {
    this.anchors = new Map();
    this.sizes = new Map();
    this.before.read(token.start, 'doc-start', false, token.value, true, token.offset);
    const { value } = token;
    if (
      this.before.found &&
      !this.before.newline &&
      (value?.type === 'block-map' || value?.type === 'block-seq')
    )
      this.before.doubtful = true;
    const root = this.node(value, this.before.anchor, this.before.tag, noPath, undefined, this.before.end);
    if (token.end) this.before.trailing(token.end, true);
    return root;
  }

  private node(
    token: CST.Token | null | undefined,
    anchor: string | undefined,
    tag: string | undefined,
    path: Path,
    parent: OpenParent,
    emptyAt: number,
  ): ConfigNode {
    const before = this.size++;
    switch (token?.type) {
      case 'block-map':
      case 'block-seq':
      case 'flow-collection':
        return this.collection(token, anchor, tag, path, parent, before);
      case 'alias': {
        if (anchor !== undefined || tag !== undefined) this.before.doubtful = true;
        return this.alias(token, path, parent);
      }
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
      case 'block-scalar':
        return this.register(this.scalar(token, path, parent, emptyAt), anchor, tag, before);
      default: {
        if (token) this.before.doubtful = true;
        const empty = scalarNode({ start: emptyAt, end: emptyAt }, path, parent, 'plain', '', '');
        return this.register(empty, anchor, tag, before);
      }
    }
  }

  private collection(
    token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection,
    anchor: string | undefined,
    tag: string | undefined,
    path: Path,
    parent: OpenParent,
    before: number,
  ): ConfigNode {
    if (++this.depth > maxDepth) throw new LimitReached(tooDeep(token.offset));
    const flow = token.type === 'flow-collection';
    const isMap = flow ? token.start.source === '{' : token.type === 'block-map';
    const node = isMap
      ? openMap(token.offset, path, parent, flow)
      : openSeq(token.offset, path, parent, flow);
    addProperties(node, { anchor, tag });
    // Known before its content is read, so that an alias inside of it is seen to be circular.
    if (anchor !== undefined) this.anchors.set(anchor, node);
    if (flow) this.flowItems(token, node);
    else if (node.kind === 'map') this.blockMapItems(token, node);
    else this.blockSeqItems(token, node);
    this.depth--;
    if (anchor !== undefined) this.sizes.set(node, this.size - before);
    if (node.kind === 'map' && node.entries.length > 1) this.findDuplicates(node);
    return node;
  }

  private register(
    node: ConfigNode,
    anchor: string | undefined,
    tag: string | undefined,
    before: number,
  ): ConfigNode {
    addProperties(node, { anchor, tag });
    if (anchor !== undefined) {
      this.anchors.set(anchor, node);
      this.sizes.set(node, this.size - before);
    }
    return node;
  }

  private blockMapItems(token: CST.Token, map: OpenMap): void {
    if (token.type !== 'block-map') return;
    let { items } = token;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (!item) continue;
      const { key, sep } = item;
      let { value } = item;
      this.before.read(item.start, 'explicit-key-ind', false, key ?? sep?.[0], true, token.offset);
      if (
        !key &&
        !sep &&
        !this.before.found &&
        this.before.anchor === undefined &&
        this.before.tag === undefined
      )
        continue;
      // Explicit keys (`? key`) are too rare to be worth their rules here.
      if (this.before.found || !sep || item.explicitKey) this.before.doubtful = true;
      if (this.before.newline && (this.before.anchor !== undefined || this.before.tag !== undefined))
        this.before.doubtful = true;
      if (key && 'indent' in key && key.indent !== token.indent) this.before.doubtful = true;
      const keyNode = this.key(key, map, this.before.end);
      this.before.read(sep ?? [], 'map-value-ind', false, value, false, keyNode.span.end);
      if (!this.before.found || keyNode.span.end - keyNode.span.start > 1000) this.before.doubtful = true;
      if (value?.type === 'block-map' && !this.before.newline) {
        this.before.doubtful = true;
        // `a: b: c` makes the parser hang all that follows under `a`; those lines belong to this map.
        if (value.indent === token.indent) {
          items = [...items.slice(0, index + 1), ...value.items.slice(1), ...items.slice(index + 1)];
          value = { ...value, items: value.items.slice(0, 1) };
        }
      }
      this.value(keyNode, key, value, map);
    }
    closeBlock(map, map.entries);
  }

  private blockSeqItems(token: CST.Token, seq: ReturnType<typeof openSeq>): void {
    if (token.type !== 'block-seq') return;
    for (const { start, value } of token.items) {
      this.before.read(start, 'seq-item-ind', false, value, true, token.offset);
      if (!this.before.found) {
        if (!value && this.before.anchor === undefined && this.before.tag === undefined) continue;
        this.before.doubtful = true;
      }
      if (value?.type === 'block-seq' && (this.before.anchor !== undefined || this.before.tag !== undefined))
        this.before.doubtful = true;
      const { end } = this.before;
      const item = this.node(
        value,
        this.before.anchor,
        this.before.tag,
        [...seq.path, seq.items.length],
        seq,
        end,
      );
      seq.items.push(item);
      seq.span.end = Math.max(seq.span.end, end, item.span.end);
    }
  }

  private flowItems(token: CST.FlowCollection, node: OpenMap | ReturnType<typeof openSeq>): void {
    const last = token.items.length - 1;
    for (let index = 0; index <= last; index++) {
      const item = token.items[index];
      if (!item) continue;
      const { key, sep, value } = item;
      this.before.read(
        item.start,
        'explicit-key-ind',
        true,
        key ?? value ?? sep?.[0],
        false,
        token.offset + 1,
      );
      const { anchor, tag, found, comma } = this.before;
      if (!key && !sep && !value && anchor === undefined && tag === undefined && !found) {
        // After a comma at the end, or nothing at all between the brackets.
        if (index < last || (index === 0 && comma)) this.before.doubtful = true;
        continue;
      }
      if (comma !== index > 0) this.before.doubtful = true;
      if (this.before.found) this.before.doubtful = true;
      if (node.kind === 'seq') this.flowSeqItem(item, node);
      else {
        const keyNode = this.key(key, node, this.before.end);
        this.before.read(sep ?? [], 'map-value-ind', true, value, false, keyNode.span.end);
        if (!this.before.found && value) this.before.doubtful = true;
        if (value?.type === 'block-map' || value?.type === 'block-seq') this.before.doubtful = true;
        this.value(keyNode, key, value, node);
      }
    }
    const [close, ...after] = token.end;
    if (close?.source === (node.kind === 'map' ? '}' : ']')) {
      node.span.end = close.offset + 1;
      this.before.trailing(after, false);
    } else {
      this.before.doubtful = true;
      this.unclosed.push(token.offset);
      const items = node.kind === 'map' ? node.entries : node.items;
      node.span.end = Math.max(token.offset + 1, items.at(-1)?.span.end ?? 0);
      this.before.trailing(token.end, true);
    }
  }

  private flowSeqItem(item: CST.CollectionItem, seq: ReturnType<typeof openSeq>): void {
    const { key, sep, value } = item;
    const path = [...seq.path, seq.items.length];
    if (!sep) {
      if (value?.type === 'block-map' || value?.type === 'block-seq') this.before.doubtful = true;
      seq.items.push(this.node(value, this.before.anchor, this.before.tag, path, seq, this.before.end));
      return;
    }
    // `[key: value]`: a map of one pair without braces.
    this.before.doubtful = true;
    const { end } = this.before;
    const pair = openMap(key?.type === undefined ? end : key.offset, path, seq, true);
    const keyNode = this.key(key, pair, end);
    this.before.read(sep, 'map-value-ind', true, value, false, keyNode.span.end);
    this.value(keyNode, key, value, pair);
    closeBlock(pair, pair.entries);
    seq.items.push(pair);
  }

  /** Builds the value whose properties were just read and hangs it under its key; `<<` becomes a merge. */
  private value(
    key: KeyNode,
    keyToken: CST.Token | null | undefined,
    token: CST.Token | null | undefined,
    map: OpenMap,
  ): void {
    const value = this.node(
      token,
      this.before.anchor,
      this.before.tag,
      [...map.path, key.name],
      map,
      this.before.end,
    );
    if (key.name === '<<' && keyToken?.type === 'scalar' && value.kind !== 'scalar') {
      // Of two `<<` in one map, PyYAML lets the later one win.
      map.merges.unshift(...(value.kind === 'seq' ? value.items : [value]));
      map.span.end = Math.max(map.span.end, value.span.end);
      map.span.start = Math.min(map.span.start, key.span.start);
    } else map.entries.push(mapEntry(key, value));
  }

  private key(token: CST.Token | null | undefined, map: OpenMap, emptyAt: number): KeyNode {
    const { anchor, tag } = this.before;
    if (!token) return { name: '', span: { start: emptyAt, end: emptyAt } };
    if (!isFlowScalar(token)) {
      this.before.doubtful = true;
      const source = CST.stringify(token).trimEnd();
      // The parser places a map by its first colon, not by its first key.
      const found = this.text.lastIndexOf(source, token.offset);
      const start = found === -1 ? token.offset : found;
      return { name: source, span: { start, end: Math.min(start + source.length, this.text.length) } };
    }
    const node = this.scalar(token, map.path, map, emptyAt);
    if (node.kind !== 'scalar') return { name: '', span: node.span };
    if (node.source.includes('\n')) this.before.doubtful = true;
    if (anchor !== undefined) this.register(node, anchor, tag, this.size);
    return { name: node.text, span: node.span };
  }

  private scalar(token: Scalar, path: Path, parent: OpenParent, emptyAt: number): ConfigNode {
    const { source, type } = token;
    if (type === 'block-scalar') return this.blockScalar(token, path, parent);
    if (token.end) this.before.trailing(token.end, false);
    if (source === '') return scalarNode({ start: emptyAt, end: emptyAt }, path, parent, 'plain', '', '');
    const span = { start: token.offset, end: token.offset + source.length };
    const style = styles[type] ?? 'plain';
    // What is parsed may have blanks where the file has line breaks.
    const written = this.text.slice(span.start, span.end);
    if (type !== 'scalar' && !isClosed(source)) this.unclosed.push(token.offset);
    const text = textOf(written === source ? token : { ...token, source: written }, this.onProblem);
    return scalarNode(span, path, parent, style, written, text);
  }

  private blockScalar(token: CST.BlockScalar, path: Path, parent: OpenParent): ConfigNode {
    let bodyStart = token.offset;
    let header = '|';
    for (const property of token.props) {
      if (!('source' in property)) continue;
      if (property.type === 'comment') this.before.comment(property);
      else if (property.type === 'block-scalar-header') header = property.source;
      else if (property.type !== 'space' && property.type !== 'newline') this.before.doubtful = true;
      bodyStart = property.offset + property.source.length;
    }
    const start = token.props[0]?.offset ?? token.offset;
    let end = bodyStart + token.source.length;
    while (end > start && isBlankOrBreak(this.text.charCodeAt(end - 1))) end--;
    const source = this.text.slice(start, end);
    const style = header.startsWith('>') ? 'block-folded' : 'block-literal';
    return scalarNode({ start, end }, path, parent, style, source, textOf(token, this.onProblem));
  }

  private alias(token: CST.FlowScalar, path: Path, parent: OpenParent): ConfigNode {
    if (token.end) this.before.trailing(token.end, false);
    const name = token.source.slice(1);
    if (name === '' || name.endsWith(':')) this.before.doubtful = true;
    const span = { start: token.offset, end: token.offset + token.source.length };
    const anchored = this.anchors.get(name);
    const size = anchored && this.sizes.get(anchored);
    if (size === undefined) {
      this.problems.push({
        code: 'syntax',
        span,
        message: anchored
          ? {
              en: `The alias *${name} stands inside the block it names, so the value would contain itself. Write the value out here.`,
              ko: `*${name} 별칭이 자신이 가리키는 블록 안에 있어 값이 자기 자신을 포함하게 됩니다. 값을 직접 적으세요.`,
            }
          : {
              en: `No anchor &${name} stands before this alias, so every loader stops here. Define &${name} further up, or quote the value if the star is part of it.`,
              ko: `이 별칭보다 앞에 &${name} 앵커가 없어 모든 로더가 여기서 멈춥니다. 위쪽에 &${name} 앵커를 정의하거나, 별표가 값의 일부라면 따옴표로 감싸세요.`,
            },
      });
      return aliasNode(span, path, parent, name, undefined);
    }
    this.size += size;
    if (this.size > maxExpandedNodes) throw new LimitReached(aliasBomb(span.start, span.end));
    return aliasNode(span, path, parent, name, anchored);
  }

  private findDuplicates(map: OpenMap): void {
    const first = new Map<string, number>();
    for (const { key } of map.entries) {
      const seen = first.get(key.name);
      if (seen === undefined) first.set(key.name, key.span.start);
      else this.problems.push(duplicateKey(key.name, key.span, this.lineOf(seen)));
    }
  }
}

function closeBlock(node: OpenMap, entries: OpenMap['entries']): void {
  const first = entries[0];
  const last = entries.at(-1);
  if (first) node.span.start = Math.min(node.span.start, first.span.start);
  if (last) node.span.end = Math.max(node.span.end, last.span.end);
}

function isBlankOrBreak(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function isFlowScalar(token: CST.Token): token is CST.FlowScalar {
  return token.type in styles;
}
