import type { ConfigView, StringForNumber } from '../../dialects/dialect.ts';
import type { ConfigNode, LoadedValue, MapEntry, Path, ScalarNode } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import type { FieldId } from '../../run/fields.ts';

/** One scalar of a file as it was written and as the framework's loader sees it. */
export interface FileScalar {
  readonly node: ScalarNode;
  readonly view: ConfigView;
  readonly loaded: LoadedValue;
  /** The canonical field it stands for, if it is one. */
  readonly field: FieldId | undefined;
  /** The nearest key above it. */
  readonly key: string;
}

const known = new WeakMap<ConfigFile, readonly FileScalar[]>();

/** Every scalar of every document of the file, once each (aliases are not followed). Found once for all rules. */
export function scalarsOf(file: ConfigFile): readonly FileScalar[] {
  const found = known.get(file) ?? [...findScalars(file)];
  known.set(file, found);
  return found;
}

function* findScalars(file: ConfigFile): Generator<FileScalar> {
  for (const view of file.views) {
    const root = file.document.roots[view.root];
    if (!root) continue;
    const fields = fieldsByPath(file, view.root);
    for (const node of scalarNodes(root))
      yield {
        node,
        view,
        loaded: view.loader.scalar(node),
        field: fields.get(pathKey(node.path)),
        key: keyOf(node.path),
      };
  }
}

function* scalarNodes(root: ConfigNode): Generator<ScalarNode> {
  const open: ConfigNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'scalar') yield node;
    else if (node.kind === 'seq') open.push(...[...node.items].reverse());
    else if (node.kind === 'map') open.push(...node.entries.map(({ value }) => value).reverse());
  }
}

/** Every entry of every map of the file, in file order. */
export function* entriesOf(root: ConfigNode): Generator<MapEntry> {
  const open: ConfigNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'seq') open.push(...[...node.items].reverse());
    else if (node.kind === 'map') {
      yield* node.entries;
      open.push(...node.entries.map(({ value }) => value).reverse());
    }
  }
}

/** The canonical field at each path that some run of this root binds. */
export function fieldsByPath(file: ConfigFile, root: number): ReadonlyMap<string, FieldId> {
  const fields = new Map<string, FieldId>();
  for (const [index, layout] of file.layouts.entries()) {
    if (file.runs[index]?.root !== root) continue;
    for (const { field, paths } of layout.bindings)
      for (const path of paths) if (!fields.has(pathKey(path))) fields.set(pathKey(path), field);
  }
  return fields;
}

export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** `optimizer.params.lr`, for messages. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

function keyOf(path: Path): string {
  return String([...path].reverse().find((step) => typeof step === 'string') ?? '');
}

/** What the framework does with a string where it wants a number, at this place. */
export function stringForNumber(file: ConfigFile, path: Path): StringForNumber {
  const { stringForNumber: answer } = file.loader;
  return typeof answer === 'function' ? answer(path) : answer;
}

const numericFields: ReadonlySet<FieldId> = new Set<FieldId>([
  'learningRate',
  'momentum',
  'beta1',
  'beta2',
  'eps',
  'weightDecay',
  'batchPerDevice',
  'gradientAccumulation',
  'worldSize',
  'globalBatch',
  'sequenceLength',
  'epochs',
  'maxSteps',
  'datasetSize',
  'totalSteps',
  'warmupSteps',
  'warmupRatio',
  'warmupEpochs',
  'decaySteps',
  'decayEpochs',
  'decayFactor',
  'minLearningRate',
  'minLearningRateRatio',
  'clipNorm',
  'clipValue',
  'dropout',
  'earlyStoppingPatience',
  'parameterCount',
]);

/** Whether a canonical field holds a number, so that text there is a mistake or a convention of the framework. */
export function isNumericField(field: FieldId | undefined): boolean {
  return field !== undefined && numericFields.has(field);
}
