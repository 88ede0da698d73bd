import type { LoadedValue, Path } from '../document/types.ts';
import { optimizerIds } from '../knowledge/ids.ts';
import type { FieldId, FieldTypes, Precision, ScheduleKind } from '../run/fields.ts';
import { absent, type ConfigView, type FieldBinding } from './dialect.ts';
import { plainValue } from './read.ts';

/** Every schedule a framework may have a name for, most usual first. */
export const scheduleKinds: readonly ScheduleKind[] = [
  'cosine',
  'linear',
  'constant',
  'warmup-stable-decay',
  'polynomial',
  'inverse-sqrt',
  'cosine-restarts',
  'step',
  'multi-step',
  'exponential',
  'one-cycle',
  'noam',
  'reduce-on-plateau',
];
export const precisions: readonly Precision[] = [
  'bf16-mixed',
  'fp16-mixed',
  'fp32',
  'bf16',
  'fp16',
  'tf32',
  'fp8',
];

/** The canonical values of a field that is a choice of words; empty for numbers and free text. */
export function choicesOf(field: FieldId): readonly FieldTypes[FieldId][] {
  if (field === 'optimizer') return optimizerIds;
  if (field === 'schedule') return scheduleKinds;
  if (field === 'precision') return precisions;
  if (field === 'nesterov' || field === 'fromScratch') return [true, false];
  return [];
}

/** How this framework spells `value` at `path`: only if, read again, it means the same. Undefined otherwise. */
export function spellingOf<F extends FieldId>(
  view: ConfigView,
  path: Path,
  binding: FieldBinding<F>,
  value: FieldTypes[F],
): string | undefined {
  try {
    const written = writtenAt(view, path, binding, value);
    if (typeof written !== 'string' && typeof written !== 'boolean') return undefined;
    const loaded: LoadedValue =
      typeof written === 'string' ? { kind: 'string', value: written } : { kind: 'boolean', value: written };
    const back = binding.read ? binding.read(loaded, view, path) : plainValue(binding.field, loaded);
    return back === absent || back !== value ? undefined : String(written);
  } catch {
    return undefined;
  }
}

/** What the framework's map writes at this very path for the value. */
function writtenAt<F extends FieldId>(
  view: ConfigView,
  path: Path,
  binding: FieldBinding<F>,
  value: FieldTypes[F],
): unknown {
  if (binding.writeAll)
    return binding.writeAll(value, view)?.find((write) => samePath(write.path, path))?.value;
  return binding.write ? binding.write(value, view, path) : value;
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
