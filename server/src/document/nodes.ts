import type { ConfigNode, KeyNode, MapEntry, MapNode, Path, ScalarStyle, SeqNode, Span } from './types.ts';

/** The writable side of the tree, for the readers of one format. Nobody else builds nodes. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface OpenMap extends Writable<Omit<MapNode, 'entries' | 'merges' | 'span'>> {
  span: Writable<Span>;
  entries: MapEntry[];
  merges: ConfigNode[];
}

export interface OpenSeq extends Writable<Omit<SeqNode, 'items' | 'span'>> {
  span: Writable<Span>;
  items: ConfigNode[];
}

export type OpenParent = OpenMap | OpenSeq | undefined;

/** Anchor and tag of a node, as written. */
export interface NodeProperties {
  readonly anchor?: string | undefined;
  readonly tag?: string | undefined;
}

export const noPath: Path = [];

export function openMap(start: number, path: Path, parent: OpenParent, flow: boolean): OpenMap {
  return { kind: 'map', span: { start, end: start }, path, parent, entries: [], merges: [], flow };
}

export function openSeq(start: number, path: Path, parent: OpenParent, flow: boolean): OpenSeq {
  return { kind: 'seq', span: { start, end: start }, path, parent, items: [], flow };
}

export function scalarNode(
  span: Span,
  path: Path,
  parent: OpenParent,
  style: ScalarStyle,
  source: string,
  text: string,
): ConfigNode {
  return { kind: 'scalar', span, path, parent, style, source, text };
}

export function aliasNode(
  span: Span,
  path: Path,
  parent: OpenParent,
  name: string,
  target: ConfigNode | undefined,
): ConfigNode {
  return { kind: 'alias', span, path, parent, name, target };
}

/** Puts anchor and tag on a fresh node. */
export function addProperties(node: Writable<ConfigNode>, properties: NodeProperties): void {
  if (properties.anchor !== undefined) node.anchor = properties.anchor;
  if (properties.tag !== undefined) node.tag = properties.tag;
}

export function mapEntry(key: KeyNode, value: ConfigNode): MapEntry {
  return { key, value, span: { start: key.span.start, end: Math.max(key.span.end, value.span.end) } };
}
