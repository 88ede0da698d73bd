import type { ConfigNode, LoadedValue, Path, Span } from '../document/types.ts';
import { isOptimizerId } from '../knowledge/ids.ts';
import { optimizerByFrameworkName, optimizerById, sgdVariant } from '../knowledge/optimizers.ts';
import type { FieldId, FieldTypes } from '../run/fields.ts';
import type { MutableSettings, Setting } from '../run/setting.ts';
import type { Place, TrainingRun } from '../run/training-run.ts';
import { text } from '../text.ts';
import {
  type Absent,
  absent,
  type Binding,
  type ConfigView,
  type FieldBinding,
  type RunLayout,
} from './dialect.ts';
import { fieldKinds } from './support/field-kinds.ts';
import { numberOf } from './support/numbers.ts';

/**
 * Reads one run through its bindings. Of a binding's paths the first present one decides; what it says but
 * nobody can read here (`${lr}`, a tag, `auto`) makes the field opaque, so that no default is put in its place.
 */
export function readRun(layout: RunLayout, view: ConfigView): TrainingRun {
  const settings: MutableSettings = {};
  const opaque = new Map<FieldId, Place>();
  for (const binding of layout.bindings) readField(binding, view, settings, opaque);
  layout.finish?.(settings, view);
  settleOptimizer(settings, opaque);
  for (const field of Object.keys(settings) as FieldId[]) if (settings[field]) opaque.delete(field);
  return {
    label: layout.label,
    root: view.root,
    settings,
    opaque,
    anchor: anchorOf(layout, view, settings, opaque),
  };
}

function readField(
  bound: Binding,
  view: ConfigView,
  settings: MutableSettings,
  opaque: Map<FieldId, Place>,
): void {
  // The union of all bindings is handled as one of them: field and functions always belong together.
  const binding = bound as FieldBinding<FieldId>;
  const { field } = binding;
  const put = settings as Record<FieldId, Setting<unknown> | undefined>;
  // An earlier binding of the same field has spoken.
  if (opaque.has(field) || (put[field] && put[field].from !== 'default')) return;
  let unread: Place | undefined;
  for (const path of binding.paths) {
    const node = view.at(path);
    if (!node) continue;
    const value = readNode(binding, node, view, path);
    if (value === absent) continue;
    const place: Place = { path, span: node.span };
    if (value !== undefined) {
      put[field] = { value, from: 'file', ...place };
      return;
    }
    unread ??= place;
    if (node.kind === 'scalar') break;
  }
  if (unread) {
    opaque.set(field, unread);
    delete put[field];
    return;
  }
  const usual = put[field] ? undefined : binding.fallback?.(view);
  if (usual) put[field] = { value: usual.value, from: 'default', why: usual.why };
}

function readNode(
  binding: FieldBinding<FieldId>,
  node: ConfigNode,
  view: ConfigView,
  path: Path,
): FieldTypes[FieldId] | Absent | undefined {
  if (node.kind !== 'scalar') return binding.readNode?.(node, view, path);
  const value = view.loader.scalar(node);
  if (value.kind === 'unknown') return undefined;
  if (binding.read) return binding.read(value, view, path);
  return value.kind === 'null' ? absent : plainValue(binding.field, value);
}

/** The default reading, by the field's kind. */
export function plainValue(field: FieldId, value: LoadedValue): FieldTypes[FieldId] | undefined {
  switch (fieldKinds[field]) {
    case 'string':
      return value.kind === 'string' && value.value !== '' ? (value.value as FieldTypes[FieldId]) : undefined;
    case 'boolean':
      return value.kind === 'boolean' ? value.value : undefined;
    case 'number':
      return numberOf(value);
    case 'amount': {
      const number = numberOf(value);
      return number !== undefined && number >= 0 ? number : undefined;
    }
    case 'count': {
      const number = numberOf(value);
      return number !== undefined && number > 0 && Number.isSafeInteger(number) ? number : undefined;
    }
  }
}

/** Names SGD by its momentum, as the tables do, and drops defaults that the optimizer has no use for. */
function settleOptimizer(settings: MutableSettings, opaque: ReadonlyMap<FieldId, Place>): void {
  const optimizer = settings.optimizer;
  if (!optimizer) return;
  if (optimizer.value === 'sgd' && !opaque.has('momentum')) {
    const momentum = settings.momentum?.value;
    const nesterov = settings.nesterov?.value;
    const value = sgdVariant({
      ...(momentum === undefined ? {} : { momentum }),
      ...(nesterov === undefined ? {} : { nesterov }),
    });
    settings.optimizer = { ...optimizer, value };
  }
  if (optimizer.value === 'nag' && settings.nesterov === undefined) {
    const why = text(
      "this framework's SGD uses Nesterov's form",
      '이 프레임워크의 SGD는 네스테로프 방식을 씀',
    );
    settings.nesterov = { value: true, from: 'default', why };
  }
  const id = settings.optimizer?.value;
  if (!isOptimizerId(id)) return;
  const { defaults } = optimizerById(id) as { defaults: Readonly<Record<string, unknown>> };
  const drop = (fields: readonly FieldId[]) => {
    for (const field of fields) if (settings[field]?.from === 'default') delete settings[field];
  };
  if (defaults.betas === undefined) drop(id === 'adafactor' ? ['beta2', 'beta1'] : ['beta1', 'beta2']);
  if (defaults.momentum === undefined) drop(['momentum', 'nesterov']);
  if (defaults.eps === undefined) drop(['eps']);
}

function anchorOf(
  layout: RunLayout,
  view: ConfigView,
  settings: MutableSettings,
  opaque: ReadonlyMap<FieldId, Place>,
): Span {
  const anchored = layout.anchor && keySpan(view, layout.anchor);
  if (anchored) return anchored;
  for (const field of ['optimizer', 'learningRate', 'batchPerDevice', 'epochs', 'maxSteps'] as const) {
    const place = settings[field]?.span ?? opaque.get(field)?.span;
    if (place) return place;
  }
  return firstLine(view);
}

/** The key of the entry at `path`, so that a finding about a block underlines one word and not forty lines. */
function keySpan(view: ConfigView, path: Path): Span | undefined {
  const node = view.at(path);
  if (!node) return undefined;
  const parent = path.length > 0 ? view.at(path.slice(0, -1)) : undefined;
  const entry = parent?.kind === 'map' ? parent.entries.findLast(({ value }) => value === node) : undefined;
  if (entry) return entry.value.kind === 'scalar' ? entry.value.span : entry.key.span;
  return node.kind === 'scalar' ? node.span : undefined;
}

function firstLine(view: ConfigView): Span {
  const root = view.document.roots[view.root];
  const first = root?.kind === 'map' ? root.entries[0]?.key.span : undefined;
  if (first) return first;
  const start = root?.span.start ?? 0;
  const end = view.document.text.indexOf('\n', start);
  return { start, end: end < 0 ? view.document.text.length : end };
}

/** The canonical id of a framework's optimizer name; names the tables do not cover stay as written. */
export function optimizerIdOf(name: string, framework?: string): FieldTypes['optimizer'] {
  return optimizerByFrameworkName(name, framework)?.optimizer ?? name;
}
