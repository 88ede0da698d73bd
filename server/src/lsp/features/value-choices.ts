import type { ConfigView, FieldBinding } from '../../dialects/dialect.ts';
import { absent } from '../../dialects/dialect.ts';
import { plainValue } from '../../dialects/read.ts';
import type { LoadedValue, Path } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { optimizerStanding } from '../../knowledge/domains.ts';
import { type DomainId, optimizerIds } from '../../knowledge/ids.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import { pathKey } from '../../rules/support/scalars.ts';
import type { FieldId, FieldTypes, Precision, ScheduleKind } from '../../run/fields.ts';
import { valueOf } from '../../run/training-run.ts';
import { type Text, text } from '../../text.ts';

/** One value that can be written at a place. */
export interface Choice {
  readonly written: string;
  /** 1 to 3 as the domain ranks it, 4 = also used there, 5 = no opinion. */
  readonly rank: number;
  readonly detail?: Text;
  readonly about?: Text;
}

const schedules: readonly ScheduleKind[] = [
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
const precisions: readonly Precision[] = ['bf16-mixed', 'fp16-mixed', 'fp32', 'bf16', 'fp16', 'tf32', 'fp8'];

/** The names this framework takes at `path`: those that, written and read again, mean what they were written for. */
export function choicesFor(file: ConfigFile, root: number, path: Path): Choice[] {
  for (const [index, layout] of file.layouts.entries()) {
    const run = file.runs[index];
    if (run?.root !== root) continue;
    const binding = layout.bindings.find(({ paths }) => paths.some((one) => pathKey(one) === pathKey(path)));
    if (!binding || binding.readOnly) continue;
    const domain = valueOf(run, 'domain');
    const found = candidates(binding.field, domain).flatMap(({ value, ...choice }) => {
      const written = spell(file, root, path, binding as FieldBinding<FieldId>, value);
      return written === undefined ? [] : [{ ...choice, written }];
    });
    const once = new Set<string>();
    return found
      .sort((a, b) => a.rank - b.rank)
      .filter(({ written }) => !once.has(written) && once.add(written));
  }
  return [];
}

type Candidate = Omit<Choice, 'written'> & { readonly value: FieldTypes[FieldId] };

function candidates(field: FieldId, domain: DomainId | undefined): Candidate[] {
  if (field === 'optimizer') return optimizerIds.map((id) => optimizerCandidate(id, domain));
  if (field === 'schedule') return schedules.map((value) => ({ value, rank: 5 }));
  if (field === 'precision') return precisions.map((value) => ({ value, rank: 5 }));
  if (field === 'nesterov' || field === 'fromScratch')
    return [true, false].map((value) => ({ value, rank: 5 }));
  return [];
}

function optimizerCandidate(id: (typeof optimizerIds)[number], domain: DomainId | undefined): Candidate {
  const row = optimizerById(id);
  const standing = domain && optimizerStanding(domain, id);
  const rank = standing === 'also-used' ? 4 : (standing ?? 5);
  const place =
    typeof standing === 'number'
      ? text(`no. ${standing} for ${domain}`, `${domain} ${standing}순위`)
      : standing && text(`also used for ${domain}`, `${domain}에서도 씀`);
  return {
    value: id,
    rank,
    ...(place ? { detail: place } : {}),
    about: text(
      `**${row.name}**: ${row.title.en}\n\n${row.note?.en ?? ''}`,
      `**${row.name}**: ${row.title.ko}\n\n${row.note?.ko ?? ''}`,
    ),
  };
}

function spell<F extends FieldId>(
  file: ConfigFile,
  root: number,
  path: Path,
  binding: FieldBinding<F>,
  value: FieldTypes[F],
): string | undefined {
  const view = file.views[root];
  if (!view) return undefined;
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
    return binding.writeAll(value, view)?.find((write) => pathKey(write.path) === pathKey(path))?.value;
  return binding.write ? binding.write(value, view, path) : value;
}
