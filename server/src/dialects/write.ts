import { renameKey, writeKeys } from '../document/edit.ts';
import type { ConfigValue, Path, TextEdit } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import { optimizerById } from '../knowledge/optimizers.ts';
import type { Change, Operation } from '../run/change.ts';
import { equivalents } from '../run/derive.ts';
import type { FieldId, FieldTypes } from '../run/fields.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import type { ConfigView, FieldBinding, KeyWrite, RunLayout } from './dialect.ts';
import { equivalentsOf } from './support/convert.ts';
import { wholeFields } from './support/field-kinds.ts';
import { numberOf } from './support/numbers.ts';

/** What one operation asks of the text: values to write or delete, keys to give another name. */
interface Plan {
  readonly writes: KeyWrite[];
  readonly renames: { readonly path: Path; readonly to: string }[];
}

/**
 * The edits that make the file say `change`, through the same bindings it was read by. Undefined when its
 * framework has no way to say some part of it; then nothing of it is written.
 */
export function writeChange(
  file: ConfigFile,
  runIndex: number,
  change: Change,
): readonly TextEdit[] | undefined {
  const run = file.runs[runIndex];
  const layout = file.layouts[runIndex];
  const plans = new Map<number, Plan>();
  const planOf = (root: number): Plan => {
    const plan = plans.get(root) ?? { writes: [], renames: [] };
    plans.set(root, plan);
    return plan;
  };
  for (const operation of change.operations) {
    if (operation.op === 'set' || operation.op === 'unset') {
      const view = run && file.views[run.root];
      if (!run || !layout || !view) return undefined;
      if (!planField({ run, layout, view, change }, operation, planOf(run.root))) return undefined;
    } else {
      const view = file.views[operation.root];
      if (!view?.has(operation.path)) return undefined;
      const plan = planOf(operation.root);
      if (operation.op === 'rename') plan.renames.push({ path: operation.path, to: operation.to });
      else
        plan.writes.push({
          path: operation.path,
          value: operation.op === 'respell' ? operation.value : undefined,
        });
    }
  }
  const edits: TextEdit[] = [];
  for (const [root, plan] of plans) {
    for (const { path, to } of plan.renames) edits.push(...renameKey(file.document, root, path, to));
    const writes = lastOfEach(plan.writes);
    if (writes.length > 0) edits.push(...writeKeys(file.document, root, file.loader.loader, writes));
  }
  return edits;
}

interface Context {
  readonly run: TrainingRun;
  readonly layout: RunLayout;
  readonly view: ConfigView;
  readonly change: Change;
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
    const gone = siblings(context, way.field, writes);
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
    if (!writes) continue;
    return field === 'optimizer' ? withMomentum(context, value as string, writes) : writes;
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

/** SGD with momentum is two keys in most frameworks: the name, and a momentum above 0. */
function withMomentum(
  context: Context,
  optimizer: string,
  writes: readonly KeyWrite[],
): readonly KeyWrite[] | undefined {
  if (optimizer !== 'sgd-momentum' && optimizer !== 'nag' && optimizer !== 'sgd') return writes;
  const { run, change } = context;
  const said = (field: FieldId) => change.operations.some((one) => one.op === 'set' && one.field === field);
  const more: KeyWrite[] = [];
  const add = (field: 'momentum' | 'nesterov', value: number | boolean): boolean => {
    const extra = writesFor(context, field, value);
    if (extra) more.push(...extra);
    return extra !== undefined;
  };
  const momentum = valueOf(run, 'momentum') ?? 0;
  const nesterov = valueOf(run, 'nesterov') ?? false;
  const alone = valueOf(run, 'optimizer') !== optimizer;
  if (optimizer === 'sgd')
    return alone && momentum > 0 && !said('momentum') && !add('momentum', 0)
      ? undefined
      : [...writes, ...more];
  const usual = optimizerById(optimizer).defaults as { momentum?: number };
  if (alone && momentum === 0 && !said('momentum') && !add('momentum', usual.momentum ?? 0)) return undefined;
  if (
    alone &&
    nesterov !== (optimizer === 'nag') &&
    !said('nesterov') &&
    !add('nesterov', optimizer === 'nag')
  )
    return undefined;
  return [...writes, ...more];
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
  const { layout, view, change } = context;
  const rivals =
    equivalents.find((group) => group.includes(field)) ?? (field === 'epochs' ? ['maxSteps'] : []);
  const gone: Path[] = [];
  for (const binding of layout.bindings) {
    if (!(rivals as readonly FieldId[]).includes(binding.field) || binding.readOnly) continue;
    if (
      binding.field !== field &&
      change.operations.some((one) => 'field' in one && one.field === binding.field)
    )
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

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

/** Several operations may write the same key: a value wins over a deletion, the later over the earlier. */
function lastOfEach(writes: readonly KeyWrite[]): readonly KeyWrite[] {
  const last = new Map<string, KeyWrite>();
  for (const write of writes) {
    const key = JSON.stringify(write.path);
    if (write.value === undefined && last.get(key)?.value !== undefined) continue;
    last.set(key, write);
  }
  return [...last.values()];
}
