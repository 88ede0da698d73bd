/**
 * The tree that YAML, JSON/JSONC and TOML files share. It knows where everything stands and what was written;
 * what a framework's loader makes of a scalar is asked of a {@link Loader}, never stored here, because the same
 * text means different things to different loaders (`5e-5` is a string to PyYAML and a number to OmegaConf).
 */

/** Half-open range of UTF-16 code-unit offsets into the text of a document. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ConfigFormat = 'yaml' | 'json' | 'toml';

/** Map keys and sequence indices from the root of one (YAML) document downwards. */
export type Path = readonly (string | number)[];

export type ScalarStyle =
  | 'plain'
  | 'single-quoted'
  | 'double-quoted'
  | 'block-literal'
  | 'block-folded'
  /** A JSON or TOML literal that is not a string: number, boolean, null, date. */
  | 'literal';

interface NodeBase {
  /** Where the value itself stands: quotes included; tag, anchor and comments excluded. */
  readonly span: Span;
  readonly path: Path;
  readonly parent: MapNode | SeqNode | undefined;
  /** A tag as written (`!!float`, `!new:torch.optim.Adam`). */
  readonly tag?: string;
  readonly anchor?: string;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** The exact source slice of `span`. Empty for a key without a value (`lr:`). */
  readonly source: string;
  /** The content after unquoting, unescaping and folding. */
  readonly text: string;
}

export interface KeyNode {
  readonly name: string;
  readonly span: Span;
}

export interface MapEntry {
  readonly key: KeyNode;
  readonly value: ConfigNode;
  /** From the start of the key to the end of the value. */
  readonly span: Span;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** In file order, duplicates included (the last one wins in every loader that accepts them). */
  readonly entries: readonly MapEntry[];
  /** `<<: *base` sources, in order of precedence; empty outside YAML. */
  readonly merges: readonly ConfigNode[];
  /** `{a: 1}` in YAML, an inline table in TOML, always true in JSON. */
  readonly flow: boolean;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly items: readonly ConfigNode[];
  readonly flow: boolean;
}

/** `*name`. `target` is undefined when no such anchor precedes it. */
export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: ConfigNode | undefined;
}

export type ConfigNode = ScalarNode | MapNode | SeqNode | AliasNode;

export interface Comment {
  readonly span: Span;
  /** Without the comment sign and the blanks around it. */
  readonly text: string;
  /** Whether nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

/** One clear statement about text that is not well-formed. */
export interface SyntaxProblem {
  readonly span: Span;
  readonly code: 'syntax' | 'too-large' | 'too-deep' | 'alias-bomb' | 'binary' | 'duplicate-key';
  readonly message: { readonly en: string; readonly ko: string };
}

export interface ConfigDocument {
  readonly text: string;
  readonly format: ConfigFormat;
  /** One root per YAML document (`---`); exactly one for JSON and TOML; none for an empty file. */
  readonly roots: readonly ConfigNode[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
  /** Offset at which each line starts; `lineStarts[0]` is 0 (or 1 after a byte-order mark). */
  readonly lineStarts: readonly number[];
}

/** What a value becomes in the program that reads the file. */
export type LoadedValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** Tags we do not know, `${…}`, `???`, jinja: the value is decided elsewhere. Silence, not an error. */
  | { readonly kind: 'unknown'; readonly why: 'tag' | 'interpolation' | 'template' };

export type LoaderId = 'pyyaml' | 'omegaconf' | 'jsonargparse' | 'yaml-1.2' | 'json' | 'toml';

/** How one library turns a scalar into a value. Pure. */
export interface Loader {
  readonly id: LoaderId;
  /** The library as its users know it: `PyYAML`, `OmegaConf`. */
  readonly name: string;
  scalar(node: ScalarNode): LoadedValue;
  /** Spells a number so that this loader reads a number again: `5.0e-5` for PyYAML, `5e-5` elsewhere. */
  spellNumber(value: number): string;
}

/** A plain value to write into a document. */
export type ConfigValue =
  | null
  | boolean
  | number
  | string
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** Replaces the text of `span` by `newText`. Edits of one change never overlap. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}
