import type {
  ConfigDocument,
  ConfigNode,
  ConfigValue,
  LoadedValue,
  Loader,
  Path,
} from '../document/types.ts';
import type { FieldId, FieldTypes } from '../run/fields.ts';
import type { MutableSettings } from '../run/setting.ts';
import type { Text } from '../text.ts';

/** One root of a document as a framework's loader sees it. Anchors and merges are resolved on the way. */
export interface ConfigView {
  readonly document: ConfigDocument;
  readonly root: number;
  readonly loader: Loader;
  /** The node at `path`, through aliases and `<<` merges; undefined when absent. */
  at(path: Path): ConfigNode | undefined;
  /** What the loader makes of the scalar at `path`; undefined when absent or not a scalar. */
  value(path: Path): LoadedValue | undefined;
  /** Shorthands; undefined when absent or of another type. A number is an integer or float of the loader. */
  number(path: Path): number | undefined;
  string(path: Path): string | undefined;
  boolean(path: Path): boolean | undefined;
  has(path: Path): boolean;
  /** Key names of the map at `path` (merged ones last), empty when it is no map. */
  keys(path: Path): readonly string[];
}

/** What the framework does with a string where it wants a number. */
export type StringForNumber =
  /** Used as it is: a TypeError or wrong arithmetic later. The file is broken. */
  | 'kept'
  /** `float(x)` or pydantic or argparse `type=float`: works. */
  | 'cast'
  /** yacs: `ast.literal_eval`. */
  | 'evaluated'
  /** We could not verify it. */
  | 'unverified';

export interface LoaderFacts {
  readonly loader: Loader;
  /** May depend on the key: ESPnet casts top-level keys and not nested ones. */
  readonly stringForNumber: StringForNumber | ((path: Path) => StringForNumber);
  /** Where this was read: `transformers HfArgumentParser.parse_yaml_file`. */
  readonly source: string;
}

export interface Recognition {
  /** 1 = cannot be anything else; below 0.5 the file is left alone. */
  readonly confidence: number;
  /** The evidence, most telling first; shown in the status bar and by `resolve`. */
  readonly reasons: readonly Text[];
}

/** What a binding's `read` answers for a value that says no more than an absent key (`max_steps: -1`). */
export const absent: unique symbol = Symbol('absent');
export type Absent = typeof absent;

/** Binds one canonical field to the framework's key, both ways. */
export type Binding = { [F in FieldId]: FieldBinding<F> }[FieldId];

export interface FieldBinding<F extends FieldId> {
  readonly field: F;
  /** Where it stands. The first is the one written when absent; all are read, the first present wins. */
  readonly paths: readonly Path[];
  /** Loader value to canonical value; undefined = not readable; `absent` = look on, as if the key were not there. Default: by the field's type. */
  readonly read?: (value: LoadedValue, view: ConfigView, path: Path) => FieldTypes[F] | Absent | undefined;
  /** As `read`, for a list or map at the path. Default: not readable, unless a later path is. */
  readonly readNode?: (node: ConfigNode, view: ConfigView, path: Path) => FieldTypes[F] | Absent | undefined;
  /** Canonical value to what is written; undefined = this framework cannot say it. Default: the value itself. */
  readonly write?: (value: FieldTypes[F], view: ConfigView, path: Path) => ConfigValue | undefined;
  /** Instead of `write`, where one field takes several keys. */
  readonly writeAll?: (value: FieldTypes[F], view: ConfigView) => readonly KeyWrite[] | undefined;
  /** Value when absent, with its reason; undefined = unknown. */
  readonly fallback?: (view: ConfigView) => { value: FieldTypes[F]; why: Text } | undefined;
  /** Only read, never written (a launcher's flag, a derived key). */
  readonly readOnly?: boolean;
}

/** One run of a file: its bindings plus what crosses fields. */
export interface RunLayout {
  readonly label: string;
  /** The block a finding about the whole run points at; the optimizer's key if there is one. */
  readonly anchor?: Path;
  readonly bindings: readonly Binding[];
  /** Cross-field behaviour of the framework (a scheduler block that overrides a key, an auto-optimizer that ignores the rate). */
  readonly finish?: (settings: MutableSettings, view: ConfigView) => void;
  /** Where `unset`/`set` need more than one key, or a block of a certain shape (`scheduler: {type, params}`). */
  readonly writeField?: (
    field: FieldId,
    value: FieldTypes[FieldId] | undefined,
    view: ConfigView,
  ) => readonly KeyWrite[] | undefined;
}

/** `value: undefined` deletes the key. */
export interface KeyWrite {
  readonly path: Path;
  readonly value: ConfigValue | undefined;
}

/** A framework: how its files are recognised and loaded, and the two-way map between its keys and a training run. */
export interface Dialect {
  readonly id: string;
  readonly name: string;
  readonly formats: readonly ('yaml' | 'json' | 'toml')[];
  readonly loader: (document: ConfigDocument) => LoaderFacts;
  /** Judges one root by its keys; `view` uses this dialect's loader. */
  readonly recognise: (view: ConfigView, fileName: string) => Recognition | undefined;
  readonly layouts: (view: ConfigView) => readonly RunLayout[];
  /** Keys the framework accepts, for completion and "did you mean"; undefined where the list is open or unknown. */
  readonly keys?: (at: Path) => readonly string[] | undefined;
  /** Keys that look like a slip of the pen, for a framework whose keys are not known but for the words they use. */
  readonly slips?: (view: ConfigView) => readonly { readonly path: Path; readonly meant: string }[];
  /** Files name variables of their own beside the framework's keys: an unknown key says nothing. */
  readonly freeKeys?: true;
}
