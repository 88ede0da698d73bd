import { EditedText } from '../document/edit/pieces.ts';
import { renameKey, writeKeys } from '../document/edit.ts';
import { parseConfig } from '../document/parse.ts';
import type { ConfigValue, Path, TextEdit } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import { optimizerById } from '../knowledge/optimizers.ts';
import { type Change, type Operation, set } from '../run/change.ts';
import { equivalents } from '../run/derive.ts';
import type { FieldId, FieldTypes } from '../run/fields.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import type { ConfigView, FieldBinding, KeyWrite, RunLayout } from './dialect.ts';
import { samePath } from './spellings.ts';
import { equivalentsOf } from './support/convert.ts';
import { wholeFields } from './support/field-kinds.ts';
import { numberOf } from './support/numbers.ts';
import { createView } from './view.ts';

/** What one operation asks of the text: values to write or delete, keys to give another name. */
interface Plan {
  readonly writes: KeyWrite[];
  readonly renames: { readonly path: Path; readonly to: string }[];
}

interface Context {
  /** The run before the change: what lengths and batches are converted with. */
  readonly run: TrainingRun;
  readonly layout: RunLayout;
  readonly view: ConfigView;
  /** Everything the change sets, so that nothing of it is undone on the way. */
  readonly operations: readonly Operation[];
}

/**
 * The edits that make the file say `change`, through the same bindings it was read by. Undefined when its
 * framework has no way to say some part of it; then nothing of it is written. Each operation sees the text as
 * the ones before it left it.
 */
export function writeChange(
  file: ConfigFile,
  runIndex: number,
  change: Change,
): readonly TextEdit[] | undefined {
  const edited = new EditedText(file.document.text);
  let document = file.document;
  const run = file.runs[runIndex];
  const operations = inOrder(change.operations, run);
  for (const operation of operations) {
    const root = 'root' in operation ? operation.root : (run?.root ?? 0);
    const view =
      document === file.document ? file.views[root] : createView(document, root, file.loader.loader);
    if (!view) return undefined;
    const plan: Plan = { writes: [], renames: [] };
    if (operation.op === 'set' || operation.op === 'unset') {
      const layout = layoutNow(file, runIndex, view);
      if (!run || !layout || !planField({ run, layout, view, operations }, operation, plan)) return undefined;
    } else if (!planKey(view, operation, plan)) return undefined;
    const renamed = plan.renames.flatMap(({ path, to }) => renameKey(document, root, path, to));
    const written = writeKeys(document, root, file.loader.loader, plan.writes);
    if (renamed.length + written.length === 0) continue;
    edited.apply([...renamed, ...written]);
    document = parseConfig(edited.text, document.format);
  }
  return edited.edits();
}

/** The layout of the same run in the text as it is now: its blocks may stand elsewhere, or be new. */
function layoutNow(file: ConfigFile, runIndex: number, view: ConfigView): RunLayout | undefined {
  if (view === file.views[view.root]) return file.layouts[runIndex];
  const before = file.runs.slice(0, runIndex).filter(({ root }) => root === view.root).length;
  return file.dialect.layouts(view)[before];
}

function planKey(
  view: ConfigView,
  operation: Operation & { op: 'respell' | 'rename' | 'delete' },
  plan: Plan,
): boolean {
  const { path } = operation;
  if (!view.has(path)) return false;
  if (operation.op === 'rename') plan.renames.push({ path, to: operation.to });
  else plan.writes.push({ path, value: operation.op === 'respell' ? operation.value : undefined });
  return true;
}

/**
 * A new optimizer or schedule may bring keys with usual values, so it comes first and what the change says of
 * them after. SGD with momentum is two facts in most frameworks: the name, and a momentum above 0.
 */
function inOrder(operations: readonly Operation[], run: TrainingRun | undefined): readonly Operation[] {
  const first = (operation: Operation) =>
    operation.op === 'set' && (operation.field === 'optimizer' || operation.field === 'schedule');
  const said = (field: FieldId) => operations.some((one) => one.op === 'set' && one.field === field);
  const list: Operation[] = operations.filter(first);
  const optimizer = list.find((one) => one.op === 'set' && one.field === 'optimizer');
  if (run && optimizer?.op === 'set' && valueOf(run, 'optimizer') !== optimizer.value) {
    const momentum = valueOf(run, 'momentum') ?? 0;
    const nesterov = valueOf(run, 'nesterov') ?? false;
    const id = ['sgd', 'sgd-momentum', 'nag'].find((one) => one === optimizer.value);
    if (id === 'sgd' && momentum > 0 && !said('momentum')) list.push(set('momentum', 0));
    if (id !== undefined && id !== 'sgd') {
      const usual = (optimizerById('sgd-momentum').defaults as { momentum?: number }).momentum ?? 0;
      if (momentum === 0 && !said('momentum')) list.push(set('momentum', usual));
      if (nesterov !== (id === 'nag') && !said('nesterov')) list.push(set('nesterov', id === 'nag'));
    }
  }
  return [...list, ...operations.filter((operation) => !first(operation))];
}

function planField(context: Context, operation: Operation & { op: 'set' | 'unset' }, plan: Plan): boolean {
  const { layout, run, view } = context;
  const { field } = operation;
  if (operation.op === 'unset') {
    const own = layout.writeField?.(field, undefined, view) ?? deletions(layout, view, field);
    plan.writes.push(...own);
    return own.length > 0;
  }
  const ways = [{ field, value: operation.value }, ...equivalentsOf(field, operation.value, run)];
  for (const way of ways) {
    const writes = writesFor(context, way.field, way.value as FieldTypes[FieldId]);
    if (!writes) continue;
    const others = context.operations.filter((one) => one !== operation);
    const gone = siblings({ ...context, operations: others }, way.field, writes);
    const moved = writes.length === 1 ? takeOver(view, writes[0], gone) : undefined;
    if (moved) {
      plan.renames.push({ path: moved.path, to: moved.to });
      plan.writes.push({ path: moved.path, value: moved.value });
    } else {
      plan.writes.push(...writes);
    }
    for (const path of gone) if (path !== moved?.path) plan.writes.push({ path, value: undefined });
    return true;
  }
  return false;
}

/** The keys that say `field = value`; undefined when this framework has none for it. */
function writesFor(
  context: Context,
  field: FieldId,
  value: FieldTypes[FieldId],
): readonly KeyWrite[] | undefined {
  const { layout, view } = context;
  const own = layout.writeField?.(field, value, view);
  if (own) return own;
  for (const bound of layout.bindings) {
    if (bound.field !== field || bound.readOnly) continue;
    const binding = bound as FieldBinding<FieldId>;
    const writes = binding.writeAll ? binding.writeAll(value, view) : single(binding, value, view);
    if (writes) return writes;
  }
  return undefined;
}

function single(
  binding: FieldBinding<FieldId>,
  value: FieldTypes[FieldId],
  view: ConfigView,
): readonly KeyWrite[] | undefined {
  const path = binding.paths.find((candidate) => view.has(candidate)) ?? binding.paths[0];
  if (!path) return undefined;
  const whole = typeof value === 'number' && wholeFields.has(binding.field) ? Math.round(value) : value;
  const written = binding.write ? binding.write(whole, view, path) : (whole as ConfigValue);
  return written === undefined ? undefined : [{ path, value: written }];
}

function deletions(layout: RunLayout, view: ConfigView, field: FieldId): readonly KeyWrite[] {
  return layout.bindings
    .filter((binding) => binding.field === field && !binding.readOnly)
    .flatMap((binding) => binding.paths.filter((path) => view.has(path)))
    .map((path) => ({ path, value: undefined }));
}

/**
 * Keys that would go on saying something else about the same thing: `warmup_steps: 0` beside a new
 * `warmup_ratio`, `max_steps` beside a new number of epochs. What the change itself sets is left alone.
 */
function siblings(context: Context, field: FieldId, writes: readonly KeyWrite[]): readonly Path[] {
  const { layout, view, operations } = context;
  const rivals =
    equivalents.find((group) => group.includes(field)) ?? (field === 'epochs' ? ['maxSteps'] : []);
  const gone: Path[] = [];
  for (const binding of layout.bindings) {
    if (!(rivals as readonly FieldId[]).includes(binding.field) || binding.readOnly) continue;
    if (binding.field !== field && operations.some((one) => 'field' in one && one.field === binding.field))
      continue;
    for (const path of binding.paths) {
      if (!view.has(path) || view.value(path)?.kind === 'null') continue;
      if (field === 'epochs' && !((numberOf(view.value(path)) ?? 0) > 0)) continue;
      if (![...writes.map((write) => write.path), ...gone].some((other) => samePath(other, path)))
        gone.push(path);
    }
  }
  return gone;
}

/** When a new key replaces a sibling of the same block, the sibling's line becomes it: its place and comment stay. */
function takeOver(
  view: ConfigView,
  write: KeyWrite | undefined,
  gone: readonly Path[],
): { path: Path; to: string; value: ConfigValue } | undefined {
  if (!write || write.value === undefined || view.has(write.path)) return undefined;
  const to = write.path.at(-1);
  const path = gone.find(
    (one) => one.length === write.path.length && samePath(one.slice(0, -1), write.path.slice(0, -1)),
  );
  if (!path || typeof to !== 'string' || !ownKey(view, path)) return undefined;
  return { path, to, value: write.value };
}

/** Whether the key stands in the map itself and not in what it merges. */
function ownKey(view: ConfigView, path: Path): boolean {
  const parent = view.at(path.slice(0, -1));
  return parent?.kind === 'map' && parent.entries.filter(({ key }) => key.name === path.at(-1)).length === 1;
}
